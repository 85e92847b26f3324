import type { Clock, Logger, Principal } from '@natter/core'
import { AuthErrors } from './contract.js'
import type { Factors } from './factors.js'
import type { Limit } from './limits.js'
import type { Passwords } from './passwords.js'
import type { Sessions } from './sessions.js'

export interface FreshProofParts {
  readonly passwords: Passwords
  readonly factors: Factors
  readonly sessions: Pick<Sessions, 'living'>
  readonly clock: Clock
  readonly log: Logger
  /** Tries per person, with a password and with a code. */
  readonly passwordTries: Limit
  readonly codeTries: Limit
}
export interface Proof {
  readonly password?: string | undefined
  readonly code?: string | undefined
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
    const { passwordTries, passwords, log } = this.#parts
    await passwordTries.spend(user)
    if (!(await passwords.verify(user, password))) {
      log.info({ user, by: 'password' }, 'a proof of somebody who is logged in failed')
      throw AuthErrors.WRONG_CREDENTIALS()
    }
    await passwordTries.forgive(user)
  }

  /**
   * A log-in of the last ten minutes, or as much as one: the password, and a code where one would be asked for.
   *
   * @throws AUTH_PROOF_NEEDED, AUTH_WRONG_CREDENTIALS, NATTER_RATE_LIMITED
   */
  async confirm(who: Principal, { password, code }: Proof): Promise<void> {
    if (password === undefined) {
      if (!(await this.#recent(who))) throw AuthErrors.PROOF_NEEDED()
      return
    }
    await this.password(who.user, password)
    const methods = await this.#parts.factors.further(who.user, 'password')
    if (methods.length > 0 && !(await this.#recent(who))) await this.#code(who.user, methods, code)
  }

  async #code(user: string, methods: readonly string[], code: string | undefined): Promise<void> {
    const { factors, clock, codeTries, log } = this.#parts
    if (code === undefined) throw AuthErrors.PROOF_NEEDED({ message: 'Give a code as well, or log in again.' })
    await codeTries.spend(user)
    const right = await factors.code(methods, { input: { code }, user, ip: '', now: clock.now() })
    if (!right) {
      log.info({ user, by: 'code' }, 'a proof of somebody who is logged in failed')
      throw AuthErrors.WRONG_CREDENTIALS({ message: 'This code is wrong, used or over. Give another one.' })
    }
    await codeTries.forgive(user)
  }

  async #recent(who: Principal): Promise<boolean> {
    const { sessions, clock } = this.#parts
    const living = await sessions.living(who.session)
    return living?.session.user === who.user && clock.now() - living.session.createdAt < freshMs
  }
}
