import type { Clock } from '@natter/core'
import type { AccessTokens } from './access-tokens.js'
import type { Account } from './accounts.js'
import type { SessionAnswer } from './contract.js'
import type { OwnAccounts } from './own-accounts.js'
import type { Renewed, Sessions } from './sessions.js'

/** From where, and on what, somebody logs in. */
export interface Arrival {
  readonly ip: string
  readonly device: { readonly id: string | undefined; readonly name: string }
}
/** A session, with the refresh token that goes either into the answer or into a cookie. */
export interface Arrived {
  readonly answer: SessionAnswer
  readonly refreshToken: string
  readonly refreshExpiresAt: number
}

/** Lets people who proved who they are in. */
export class Arrivals {
  readonly #parts: {
    readonly sessions: Sessions
    readonly accessTokens: AccessTokens
    readonly own: OwnAccounts
    readonly clock: Clock
  }

  constructor(parts: {
    readonly sessions: Sessions
    readonly accessTokens: AccessTokens
    readonly own: OwnAccounts
    readonly clock: Clock
  }) {
    this.#parts = parts
  }

  async open(account: Account, { device }: Arrival): Promise<Arrived> {
    return this.answer(await this.#parts.sessions.open(account, device))
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
