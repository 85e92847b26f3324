import { LRUCache } from 'lru-cache'
import type { Admission, Clock, Connection, ConnectionAttempt } from '@natter/core'
import type { Awaitable } from '@natter/core/contract'
import { skewSeconds } from './access-tokens.js'
import type { AccessTokens } from './access-tokens.js'
import { digest } from './digest.js'
import type { Revocations } from './revocations.js'
import type { Sessions } from './sessions.js'
import type { Credentials, Ticket, Tickets } from './tickets.js'

export interface AdmissionParts {
  readonly accessTokens: AccessTokens
  readonly tickets: Tickets
  readonly sessions: Sessions
  readonly revocations: Revocations
  readonly clock: Clock
  /** How many verified tokens are remembered. */
  readonly remembered: number
}

interface Remembered extends Credentials {
  readonly tokenExpiresAt: number
}
/** Who comes in, and the ticket that they have already, if any. */
interface Known {
  readonly credentials: Credentials
  readonly ticket: Ticket | undefined
}

/**
 * Decides who a token or a ticket lets in. A signature is checked once per token and process; after that its digest is
 * remembered. What was revoked lets nobody in, by whichever way.
 */
export class Admissions {
  readonly #parts: AdmissionParts
  readonly #remembered: LRUCache<string, Remembered>
  /** Under which version a session was let in last, and the ticket that its device got. */
  readonly #last: LRUCache<string, { readonly version: number; readonly device: string; readonly ticket: Ticket }>

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#remembered = new LRUCache({ max: parts.remembered })
    this.#last = new LRUCache({ max: parts.remembered })
  }

  /** For a connection: the ticket where it counts, else the token. */
  connection({ token, ticket, device }: ConnectionAttempt): Awaitable<Admission | undefined> {
    const known = ticket === undefined ? undefined : this.#byTicket(ticket, device)
    if (known) return this.#admission(known.credentials, known.ticket)
    if (!token) return undefined
    const key = digest(token)
    const remembered = this.#recall(key)
    if (remembered === null) return undefined
    if (remembered) return this.#admission(remembered, this.#lastTicket(remembered))
    return this.#verify(token, key).then((verified) => verified && this.#admission(verified, undefined))
  }

  /** Whether the session of a connection ended while it was being let in. */
  ended({ user, session }: Pick<Connection, 'user' | 'session'>): boolean {
    const { revocations } = this.#parts
    const version = this.#last.get(session)?.version
    if (version === undefined) return revocations.covers({ user, session, version: Infinity })
    return revocations.covers({ user, session, version: revocations.versionOf({ user, session, version }) })
  }

  async byToken(token: string): Promise<Credentials | undefined> {
    const key = digest(token)
    const known = this.#recall(key)
    return known === null ? undefined : (known ?? this.#verify(token, key))
  }

  /** Who a token that was verified before lets in; `null` when what it stands for has ended. */
  #recall(key: string): Remembered | null | undefined {
    const { revocations, clock } = this.#parts
    const known = revocations.trusted ? this.#remembered.get(key) : undefined
    if (!known) return undefined
    if (revocations.covers(known)) return null
    const now = clock.now()
    return now < known.tokenExpiresAt + skewSeconds * 1_000 && now < known.sessionExpiresAt ? known : undefined
  }

  async #verify(token: string, key: string): Promise<Credentials | undefined> {
    const { accessTokens, sessions, revocations, clock } = this.#parts
    const claims = await accessTokens.verify(token, clock.now())
    if (!claims) return undefined
    const living = await sessions.living(claims.session)
    if (!living || living.session.user !== claims.user || living.session.version !== claims.version) return undefined
    const { user, device, session, version, expiresAt: tokenExpiresAt } = claims
    const credentials = { user, device, session, version, sessionExpiresAt: living.session.expiresAt, tokenExpiresAt }
    // It may have ended while the database was asked.
    if (revocations.covers(credentials)) return undefined
    this.#remembered.set(key, credentials)
    return credentials
  }

  #byTicket(ticket: string, device: string | undefined): Known | undefined {
    const { tickets, revocations, clock } = this.#parts
    if (!revocations.trusted) return undefined
    const read = tickets.read(ticket, clock.now())
    if (!read || revocations.covers(read)) return undefined
    if (device !== undefined && device !== read.device) return undefined
    return { credentials: read, ticket: { ticket, ticketExpiresAt: read.ticketExpiresAt } }
  }

  #lastTicket({ session, device, version }: Credentials): Ticket | undefined {
    const last = this.#last.get(session)
    return last?.device === device && last.version === version ? last.ticket : undefined
  }

  /** A ticket that is young enough serves on: making one costs as much as all else that is looked at here. */
  #admission(credentials: Credentials, known: Ticket | undefined): Admission {
    const { tickets, revocations, clock } = this.#parts
    const { user, device, session } = credentials
    const now = clock.now()
    const renew = () => tickets.issue({ ...credentials, version: revocations.versionOf(credentials) }, clock.now())
    const serves = known && revocations.versionOf(credentials) === credentials.version && tickets.young(known, now)
    const { ticket, ticketExpiresAt } = serves ? known : renew()
    this.#last.set(session, { version: credentials.version, device, ticket: { ticket, ticketExpiresAt } })
    return { user, device, session, ticket, ticketExpiresAt, renewTicket: renew }
  }
}
