import { NatterErrors } from '@natter/core'
import type { Logger, Principal } from '@natter/core'
import type { AccountBook } from './accounts.js'
import type { Arrivals } from './arrivals.js'
import type { FreshProof, Proof } from './fresh-proof.js'
import type { PasswordRules } from './password-rules.js'
import type { Passwords } from './passwords.js'
import type { RecoveryCodes } from './recovery-codes.js'
import type { Sessions } from './sessions.js'

export interface PasswordChangeParts {
  readonly accounts: AccountBook
  readonly passwords: Passwords
  readonly fresh: FreshProof
  readonly rules: PasswordRules
  readonly codes: RecoveryCodes
  readonly sessions: Sessions
  readonly arrivals: Arrivals
  readonly log: Logger
}

/** What takes the password again, though one is logged in. */
export class PasswordChange {
  readonly #parts: PasswordChangeParts

  constructor(parts: PasswordChangeParts) {
    this.#parts = parts
  }

  /** Sets a new password and logs the other devices out. Answers this device's new access token. */
  async change(input: { readonly current: string; readonly password: string }, who: Principal) {
    const { accounts, passwords, rules, sessions, arrivals, log } = this.#parts
    await this.#parts.fresh.password(who.user, input.current)
    const account = await accounts.get(who.user)
    if (!account) throw NatterErrors.UNAUTHENTICATED()
    await rules(input.password, { handle: account.handle })
    await passwords.set(who.user, input.password)
    log.info({ user: who.user, way: 'password' }, 'a way to log in was changed')
    const raised = await sessions.endAll(who.user, who.session)
    if (!raised) throw NatterErrors.UNAUTHENTICATED()
    return arrivals.access(raised, who)
  }

  async renewCodes(proof: Proof, who: Principal): Promise<{ codes: string[] }> {
    await this.#parts.fresh.confirm(who, proof)
    const codes = await this.#parts.codes.renew(who.user)
    this.#parts.log.info({ user: who.user, way: 'recovery-code' }, 'a way to log in was changed')
    return { codes: [...codes] }
  }
}
