import { randomBytes } from 'node:crypto'
import type { Clock, Logger } from '@natter/core'
import type { Kv } from '@natter/core/contract'
import type { Account, AccountBook } from './accounts.js'
import type { Arrival } from './arrivals.js'
import { AuthErrors } from './contract.js'
import type { RecoveryRequest } from './contract.js'
import { digest } from './digest.js'
import { comparableHandle } from './handles.js'
import { networkOf } from './limits.js'
import type { Limit } from './limits.js'
import type { LoggedIn, Login } from './login.js'
import type { PasswordRules } from './password-rules.js'
import type { Passwords } from './passwords.js'
import type { RecoveryCodes } from './recovery-codes.js'
import type { Sessions } from './sessions.js'

export interface RecoveryParts {
  readonly accounts: AccountBook
  readonly passwords: Passwords
  readonly rules: PasswordRules
  readonly codes: RecoveryCodes
  readonly sessions: Sessions
  readonly login: Pick<Login, 'proved'>
  /** Tokens of recovery links, by their hash. */
  readonly tokens: Kv
  readonly clock: Clock
  readonly log: Logger
  readonly tokenLifeMs: number
  readonly requested: (request: RecoveryRequest) => void
  readonly perAccount: Limit
  readonly perNetwork: Limit
  readonly mails: Limit
}

const nobody = 'nobody'

/**
 * Ways back into an account for who lost the password. Every one sets a new password and ends all sessions. It stands in for
 * the password only: who has set up a second factor is asked for it.
 */
export class Recovery {
  readonly #parts: RecoveryParts

  constructor(parts: RecoveryParts) {
    this.#parts = parts
  }

  /** By a one-time code. An unknown handle, a wrong code and a used one are the same answer and the same work. */
  async byCode(
    input: { readonly handle: string; readonly code: string; readonly password: string },
    arrival: Arrival,
  ): Promise<LoggedIn> {
    const { accounts, codes, rules, perAccount, perNetwork } = this.#parts
    const place = networkOf(arrival.ip)
    await perNetwork.spend(place)
    await perAccount.spend(`${comparableHandle(input.handle)} ${place}`)
    await rules(input.password, input)
    const account = await accounts.byHandle(input.handle)
    const used = await codes.use(account?.id ?? nobody, input.code)
    if (!account || !used) throw this.#refused('recovery code', arrival, account?.id)
    return this.#enter(account, input.password, arrival, 'recovery code')
  }

  /** Has the host send a link. Neither the answer nor the time it takes tells whether there is such an account. */
  async request(handle: string, ip: string): Promise<void> {
    const { accounts, perNetwork, mails, requested } = this.#parts
    await perNetwork.spend(networkOf(ip))
    const account = await accounts.byHandle(handle)
    // Silently: otherwise the limit would tell, and anybody could fill a person's mailbox.
    const wait = await mails.tryToSpend(comparableHandle(handle))
    const { token, expiresAt } = await this.#keepToken(account?.id ?? nobody)
    if (!account || wait > 0) return
    requested({ user: account.id, handle: account.written, name: account.name, token, expiresAt })
  }

  /** A token for a person whom the host identified by itself. */
  async tokenFor(user: string): Promise<{ readonly token: string; readonly expiresAt: number } | undefined> {
    const account = await this.#parts.accounts.get(user)
    return account && this.#keepToken(user)
  }

  async byToken(input: { readonly token: string; readonly password: string }, arrival: Arrival): Promise<LoggedIn> {
    const { accounts, rules, tokens, perNetwork } = this.#parts
    await perNetwork.spend(networkOf(arrival.ip))
    // Looked at before it is used up, so that a weak password does not cost the link.
    const user = await tokens.get(digest(input.token))
    const account = user === undefined ? undefined : await accounts.get(user)
    if (!account) throw this.#refused('recovery link', arrival)
    await rules(input.password, { handle: account.handle })
    if ((await tokens.take(digest(input.token))) !== user) throw this.#refused('recovery link', arrival, user)
    return this.#enter(account, input.password, arrival, 'recovery link')
  }

  async #keepToken(user: string) {
    const { tokens, clock, tokenLifeMs } = this.#parts
    const token = randomBytes(32).toString('base64url')
    await tokens.set(digest(token), user, { ttlMs: tokenLifeMs })
    return { token, expiresAt: clock.now() + tokenLifeMs }
  }

  #refused(by: string, { ip }: Arrival, user?: string) {
    this.#parts.log.info({ ip, by, ...(user === undefined ? {} : { user }) }, 'a log-in failed')
    return AuthErrors.RECOVERY_REFUSED()
  }

  async #enter(account: Account, password: string, arrival: Arrival, by: string): Promise<LoggedIn> {
    const { passwords, sessions, login } = this.#parts
    await passwords.set(account.id, password)
    const raised = await sessions.endAll(account.id)
    if (!raised) throw AuthErrors.RECOVERY_REFUSED()
    return login.proved(by, { user: raised.id }, arrival)
  }
}
