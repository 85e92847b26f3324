import type { Clock, Logger } from '@natter/core'
import type { AccessTokens } from './access-tokens.js'
import type { Account } from './accounts.js'
import type { SessionAnswer } from './contract.js'
import type { OwnAccounts } from './own-accounts.js'
import type { Renewed, Sessions } from './sessions.js'

/** From where, and on what, somebody logs in. */
export interface Arrival {
  readonly ip: string
  readonly device: { readonly id: string | undefined; readonly name: string }
  /** The refresh token that the browser had until now, whosever it was. */
  readonly replaces?: string | undefined
}
export interface ArrivalParts {
  readonly sessions: Sessions
  readonly accessTokens: AccessTokens
  readonly own: OwnAccounts
  readonly clock: Clock
  readonly log: Logger
}
/** A session, with the refresh token that goes either into the answer or into a cookie. */
export interface Arrived {
  readonly answer: SessionAnswer
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

/** Lets people who proved who they are in. */
export class Arrivals {
  readonly #parts: ArrivalParts

  constructor(parts: ArrivalParts) {
    this.#parts = parts
  }

  /** Opens a session; `by` says what proved who it is, for the log. The one that the browser had until now ends. */
  async open(account: Account, { device, ip, replaces }: Arrival, by: string): Promise<Arrived> {
    const { sessions, log } = this.#parts
    const opened = await sessions.open(account, device)
    if (replaces !== undefined) await sessions.endByToken(replaces)
    const { id: session, user } = opened.session
    log.info({ user, session, device: opened.session.device, ip, by }, 'somebody logged in')
    return this.answer(opened)
  }

  async answer({ session, account, refreshToken }: Renewed): Promise<Arrived> {
    const { own } = this.#parts
    const access = await this.access(account, { device: session.device, session: session.id })
    return {
      refreshToken,
      refreshExpiresAt: session.idleUntil,
      answer: { status: 'ok', user: await own.of(account), device: session.device, session: session.id, ...access },
    }
  }

  /** An access token for a session that counts under the account's present version. */
  access(account: Account, { device, session }: { readonly device: string; readonly session: string }) {
    const { accessTokens, clock } = this.#parts
    return accessTokens.issue({ user: account.id, device, session, version: account.version }, clock.now())
  }
}
