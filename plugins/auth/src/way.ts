import type { Clock, Logger, RouteHandler, Secrets } from '@natter/core'
import type { Kv, Records, Route } from '@natter/core/contract'
import type { AccountBook } from './accounts.js'
import type { arriving } from './arriving.js'
import type { Authenticator, credential } from './contract.js'
import type { FreshProof } from './fresh-proof.js'
import type { Limit } from './limits.js'
import type { Login } from './login.js'
import type { RecoveryCodes } from './recovery-codes.js'
import type { RefreshCookie } from './refresh-cookie.js'
import type { Register } from './registration.js'
import type { Credential, WaysIn } from './ways-in.js'

/** What a way to log in works with. */
export interface WayDesk {
  readonly accounts: AccountBook
  readonly codes: RecoveryCodes
  readonly credentials: Records<typeof credential>
  /** Small states of what is under way. */
  readonly ceremonies: Kv
  readonly clock: Clock
  readonly fresh: FreshProof
  readonly log: Logger
  readonly login: Login
  /** Log-ins that did not succeed, per network. */
  readonly perNetwork: Limit
  readonly register: Register
  readonly secrets: Secrets
  /** Wrong answers of somebody who is logged in, per person. */
  readonly tries: Limit
  readonly waysIn: WaysIn
}
export interface WayRoutes extends ReturnType<typeof arriving> {
  readonly route: <R extends Route>(route: R, handler: RouteHandler<R>) => void
  readonly cookie: RefreshCookie
}

/**
 * A way to log in that this package brings beside the password: `totp()`, `passkeys()`, `oidc()`. It is switched on by
 * `auth({ authenticators: [totp()] })`. Other plugins add theirs by the hook `authenticators`.
 */
export interface Way {
  readonly '~way': true
  readonly name: string
  /** Registers its routes. */
  answer(routes: WayRoutes, desk: () => WayDesk): void
  authenticator?(desk: WayDesk): Authenticator
  /** Whether this credential alone starts a log-in. */
  logsIn?(row: Credential): boolean
  /** OpenID Connect providers to choose from. */
  readonly providers?: readonly { readonly id: string; readonly name: string }[]
}

export const isWay = (value: unknown): value is Way =>
  typeof value === 'object' && value !== null && (value as { '~way'?: unknown })['~way'] === true
