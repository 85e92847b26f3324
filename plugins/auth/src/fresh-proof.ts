import type { Clock, Principal } from '@natter/core'
import { AuthErrors } from './contract.js'
import type { Limit } from './limits.js'
import type { Passwords } from './passwords.js'
import type { Sessions } from './sessions.js'

export interface FreshProofParts {
  readonly passwords: Passwords
  readonly sessions: Pick<Sessions, 'living'>
  readonly clock: Clock
  /** Tries per person. */
  readonly limit: Limit
}

/** A log-in counts as fresh for so long, ms. */
const freshMs = 600_000

/** That it is really the person: a session that somebody left open, or took, changes no way to log in. */
export class FreshProof {
  readonly #parts: FreshProofParts

  constructor(parts: FreshProofParts) {
    this.#parts = parts
  }

  /** @throws AUTH_WRONG_CREDENTIALS, NATTER_RATE_LIMITED */
  async password(user: string, password: string): Promise<void> {
    const { limit, passwords } = this.#parts
    await limit.spend(user)
    if (!(await passwords.verify(user, password))) throw AuthErrors.WRONG_CREDENTIALS()
    await limit.forgive(user)
  }

  /** The password, or a log-in of the last ten minutes. @throws AUTH_PROOF_NEEDED beside those of `password` */
  async confirm(who: Principal, { password }: { readonly password?: string | undefined }): Promise<void> {
    if (password !== undefined) return this.password(who.user, password)
    if (!(await this.recent(who))) throw AuthErrors.PROOF_NEEDED()
  }

  /** Whether the log-in is of the last ten minutes. */
  async recent(who: Principal): Promise<boolean> {
    const { sessions, clock } = this.#parts
    const living = await sessions.living(who.session)
    return living?.session.user === who.user && clock.now() - living.session.createdAt < freshMs
  }
}
