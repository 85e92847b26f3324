import { allRows, newId } from '@natter/core'
import type { Clock, Connections, Logger } from '@natter/core'
import type { Records, RowFor } from '@natter/core/contract'
import type { Account, AccountBook } from './accounts.js'
import type { session } from './contract.js'
import { digest } from './digest.js'
import type { RefreshTokens } from './refresh-tokens.js'
import type { Revocations } from './revocations.js'

/** Whose sessions those of an erased person are: nobody else's id is so short. */
export const nobody = 'nobody'

export type SessionRow = RowFor<typeof session>

export interface SessionOptions {
  readonly refreshIdleMs: number
  readonly refreshAbsoluteMs: number
  readonly refreshRetryMs: number
  readonly maxDevices: number
}
export interface SessionParts {
  readonly rows: Records<typeof session>
  readonly accounts: AccountBook
  readonly tokens: RefreshTokens
  readonly revocations: Revocations
  readonly connections: Pick<Connections, 'disconnect' | 'all'>
  readonly clock: Clock
  readonly log: Logger
  readonly options: SessionOptions
}
export interface Renewed {
  readonly session: SessionRow
  readonly account: Account
  readonly refreshToken: string
}

/** Devices that are logged in, and the refresh tokens that keep them so. */
export class Sessions {
  readonly #parts: SessionParts

  constructor(parts: SessionParts) {
    this.#parts = parts
  }

  /** Logs a device in. An earlier session of the same device ends, and of too many the oldest. */
  async open(account: Account, device: { readonly id: string | undefined; readonly name: string }): Promise<Renewed> {
    const { rows, tokens, clock, options } = this.#parts
    await this.#makeRoom(account.id, device.id)
    const now = clock.now()
    const id = newId()
    const refreshToken = tokens.first(id)
    const row: SessionRow = {
      id,
      user: account.id,
      device: device.id ?? newId(),
      name: device.name,
      createdAt: now,
      lastSeenAt: now,
      version: account.version,
      refresh: digest(refreshToken),
      rotatedAt: now,
      idleUntil: now + Math.min(options.refreshIdleMs, options.refreshAbsoluteMs),
      expiresAt: now + options.refreshAbsoluteMs,
      endedAt: 0,
    }
    await rows.insert(row)
    return { session: row, account, refreshToken }
  }

  async #makeRoom(user: string, device: string | undefined): Promise<void> {
    const open = await this.list(user)
    const same = open.filter((row) => row.device === device)
    const others = open.filter((row) => row.device !== device)
    const surplus = others.slice(this.#parts.options.maxDevices - 1)
    for (const row of [...same, ...surplus]) await this.end(row.id)
  }

  /**
   * Replaces a refresh token by its successor. The same token again within the retry window gets the same successor; later,
   * somebody has a copy, and the session ends. Nothing when the token does not count.
   */
  async renew(presented: string): Promise<Renewed | undefined> {
    const { rows, tokens, options } = this.#parts
    const id = tokens.sessionOf(presented)
    if (id === undefined) return undefined
    const hash = digest(presented)
    // Who loses the race to replace it looks again, and finds it replaced.
    for (let look = 0; look < 2; look++) {
      const row = await rows.get({ id })
      const account = row && (await this.#living(row))
      if (!row || !account) return undefined
      if (row.refresh === hash) {
        const refreshToken = tokens.successors(presented)[0]!
        const session = await this.#replace(row, hash, refreshToken)
        if (session) return { session, account, refreshToken }
        continue
      }
      const since = this.#parts.clock.now() - row.rotatedAt
      if (row.previous === hash && since <= options.refreshRetryMs) {
        const refreshToken = tokens.successors(presented).find((token) => digest(token) === row.refresh)
        return refreshToken === undefined ? undefined : { session: row, account, refreshToken }
      }
      if (row.previous === hash || tokens.genuine(presented)) await this.#reused(row)
      return undefined
    }
    return undefined
  }

  #replace(row: SessionRow, hash: string, successor: string): Promise<SessionRow | undefined> {
    const { rows, clock, options } = this.#parts
    const now = clock.now()
    return rows.updateIf(
      { id: row.id, refresh: hash, endedAt: 0 },
      {
        refresh: digest(successor),
        previous: hash,
        rotatedAt: now,
        lastSeenAt: now,
        idleUntil: Math.min(now + options.refreshIdleMs, row.expiresAt),
      },
    )
  }

  async #reused(row: SessionRow): Promise<void> {
    this.#parts.log.warn({ user: row.user, session: row.id }, 'a refresh token was used again; its session was ended')
    await this.end(row.id)
  }

  /** The account of a session that lasts. Expiry is only refused, not written: the clock may have jumped. */
  async #living(row: SessionRow): Promise<Account | undefined> {
    const now = this.#parts.clock.now()
    if (row.endedAt !== 0 || now >= row.idleUntil) return undefined
    const account = await this.#parts.accounts.get(row.user)
    return account?.version === row.version ? account : undefined
  }

  /** The session and account of somebody who is logged in, from the database. */
  async living(id: string): Promise<{ readonly session: SessionRow; readonly account: Account } | undefined> {
    const session = await this.#parts.rows.get({ id })
    const account = session && (await this.#living(session))
    return account && { session, account }
  }

  /** The open sessions of a person, newest first. */
  async list(user: string): Promise<readonly SessionRow[]> {
    const { rows, accounts, clock } = this.#parts
    const account = await accounts.get(user)
    const now = clock.now()
    const open: SessionRow[] = []
    for await (const row of allRows(rows, { user }, 'desc')) {
      if (row.endedAt !== 0 || row.version !== account?.version) continue
      if (now < row.idleUntil) open.push(row)
    }
    return open
  }

  rename(user: string, id: string, name: string): Promise<SessionRow | undefined> {
    return this.#parts.rows.updateIf({ id, user, endedAt: 0 }, { name })
  }

  /** Ends a session, of this user where one is given, and closes its connections. */
  async end(id: string, user?: string): Promise<boolean> {
    const { rows, clock } = this.#parts
    const row = await rows.updateIf(
      { id, endedAt: 0, ...(user === undefined ? {} : { user }) },
      { endedAt: clock.now() },
    )
    if (row) await this.ended(row)
    return row !== undefined
  }

  /** Ends the session that a refresh token, present or past, was issued for. */
  async endByToken(token: string): Promise<void> {
    const { rows, tokens } = this.#parts
    const id = tokens.sessionOf(token)
    if (id === undefined) return
    if (tokens.genuine(token) || (await rows.get({ id }))?.refresh === digest(token)) await this.end(id)
  }

  /** A session ended, here or on another node: nothing of it counts any more, and its connections go. */
  async ended(row: Pick<SessionRow, 'id' | 'user' | 'endedAt'>): Promise<void> {
    const { revocations, connections } = this.#parts
    if (!revocations.end(row.id, row.endedAt)) return
    const of = row.user === nobody ? [...connections.all()].filter(({ session }) => session === row.id) : [row]
    for (const { user } of of) await connections.disconnect({ user, session: row.id })
  }

  /** Ends all sessions of a person at once, but for one. Answers the account as it is then. */
  async endAll(user: string, keep?: string): Promise<Account | undefined> {
    const account = await this.#parts.accounts.raise(user)
    if (account) await this.raised(account, keep)
    return account
  }

  /** Carries out what a raised version of an account says. */
  async raised(account: Account, keep?: string): Promise<void> {
    const { rows, revocations, connections, clock } = this.#parts
    // A later raise by somebody else wins: then this one keeps nothing.
    const kept =
      keep !== undefined &&
      (await rows.updateIf({ id: keep, endedAt: 0, version: { lt: account.version } }, { version: account.version }))
    revocations.raise(account.id, account.version, account.versionAt, kept ? keep : undefined)
    await connections.disconnect({ user: account.id, ...(kept ? { exceptSession: kept.id } : {}) })
    for await (const row of allRows(rows, { user: account.id })) {
      if (row.endedAt !== 0 || row.version >= account.version) continue
      await rows.updateIf({ id: row.id, endedAt: 0, version: { lt: account.version } }, { endedAt: clock.now() })
    }
  }

  /** Notes that a device was here. False when its session is over. */
  async seen(id: string): Promise<boolean> {
    const { rows, clock, options } = this.#parts
    const row = await rows.get({ id })
    const now = clock.now()
    if (!row || row.endedAt !== 0 || now >= row.expiresAt) return false
    const idleUntil = Math.min(now + options.refreshIdleMs, row.expiresAt)
    return (await rows.updateIf({ id, endedAt: 0 }, { lastSeenAt: now, idleUntil })) !== undefined
  }

  /** Removes rows of sessions that have been over for so long that nothing can refer to them. */
  async purge(olderThanMs: number): Promise<void> {
    const { rows, clock } = this.#parts
    const before = clock.now() - olderThanMs
    await rows.remove({ expiresAt: { lt: before } })
    await rows.remove({ endedAt: { gt: 0, lt: before } })
  }
}
