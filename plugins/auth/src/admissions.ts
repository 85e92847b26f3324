import { LRUCache } from 'lru-cache'
import type { Admission, Clock, Connection, ConnectionAttempt } from '@natter/core'
import { skewSeconds } from './access-tokens.js'
import type { AccessTokens } from './access-tokens.js'
import { digest } from './digest.js'
import type { Revocations } from './revocations.js'
import type { Sessions } from './sessions.js'
import type { Credentials, Tickets } from './tickets.js'

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

/**
 * Decides who a token or a ticket lets in. A signature is checked once per token and process; after that its digest is
 * remembered. What was revoked lets nobody in, by whichever way.
 */
export class Admissions {
  readonly #parts: AdmissionParts
  readonly #remembered: LRUCache<string, Remembered>
  /** Under which version a session was let in last. */
  readonly #versions: LRUCache<string, number>

  constructor(parts: AdmissionParts) {
    this.#parts = parts
    this.#remembered = new LRUCache({ max: parts.remembered })
    this.#versions = new LRUCache({ max: parts.remembered })
  }

  /** For a connection: the ticket where it counts, else the token. */
  async connection({ token, ticket, device }: ConnectionAttempt): Promise<Admission | undefined> {
    const credentials = (ticket && this.#byTicket(ticket, device)) || (token && (await this.byToken(token)))
    return credentials ? this.#admission(credentials) : undefined
  }

  /** Whether the session of a connection ended while it was being let in. */
  ended({ user, session }: Pick<Connection, 'user' | 'session'>): boolean {
    const { revocations } = this.#parts
    const version = this.#versions.get(session)
    if (version === undefined) return revocations.covers({ user, session, version: Infinity })
    return revocations.covers({ user, session, version: revocations.versionOf({ user, session, version }) })
  }

  async byToken(token: string): Promise<Credentials | undefined> {
    const { accessTokens, sessions, revocations, clock } = this.#parts
    const key = digest(token)
    const now = clock.now()
    const known = revocations.trusted ? this.#remembered.get(key) : undefined
    if (known) {
      if (revocations.covers(known)) return undefined
      if (now < known.tokenExpiresAt + skewSeconds * 1_000 && now < known.sessionExpiresAt) return known
    }
    const claims = await accessTokens.verify(token, now)
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

  #byTicket(ticket: string, device: string | undefined): Credentials | undefined {
    const { tickets, revocations, clock } = this.#parts
    if (!revocations.trusted) return undefined
    const credentials = tickets.read(ticket, clock.now())
    if (!credentials || revocations.covers(credentials)) return undefined
    return device === undefined || device === credentials.device ? credentials : undefined
  }

  #admission(credentials: Credentials): Admission {
    const { tickets, revocations, clock } = this.#parts
    const { user, device, session, version } = credentials
    this.#versions.set(session, version)
    const renewTicket = () =>
      tickets.issue({ ...credentials, version: revocations.versionOf(credentials) }, clock.now())
    return { user, device, session, ...renewTicket(), renewTicket }
  }
}
