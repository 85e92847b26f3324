import type { Awaitable } from '../contract/index.js'
import type { Admission, ConnectionAttempt } from '../kernel/context.js'
import { isPromise } from '../pipeline/then.js'
import { newId } from '../protocol/id.js'
import type { Timer } from '../services/clock.js'
import { AddressBook } from './address-book.js'
import { Handshake } from './handshake.js'
import type { HandshakeParts } from './handshake.js'
import { LiveConnection } from './live-connection.js'
import type { ConnectionParts } from './live-connection.js'
import type { Peer, PeerEvents } from './peer.js'
import { Session } from './session.js'
import type { SessionParts } from './session.js'
import { textFrame } from './text-frame.js'
import { welcomeHead, welcomeText } from './welcome-text.js'
import { TurnWriter } from './turn-writer.js'

export interface GatewayParts
  extends Pick<HandshakeParts, 'authenticate' | 'originAllowed'>, Omit<SessionParts, 'draining' | 'fault' | 'closed'> {
  /** Contract major per plugin, for the welcome. */
  readonly plugins: ReadonlyMap<string, number>
  readonly slots: number
  readonly welcome: ((connection: LiveConnection) => Awaitable<readonly (readonly [string, unknown])[]>) | undefined
  readonly opened: (connection: LiveConnection) => void
  readonly closed: (connection: LiveConnection, code: number) => void
}

const sweepMs = 5_000
const revalidateMs = 30_000

/** Accepts peers, whatever carries them, and keeps their connections healthy. */
export class Gateway {
  readonly #parts: GatewayParts
  readonly #handshake: HandshakeParts
  readonly #session: SessionParts
  readonly #connection: ConnectionParts
  readonly #addresses: AddressBook
  readonly #pending = new Set<Handshake>()
  readonly #revalidateAt = new Map<LiveConnection, number>()
  readonly #welcomeHead: string
  #timer: Timer | undefined
  #state: 'closed' | 'open' | 'draining' = 'closed'

  constructor(parts: GatewayParts) {
    this.#parts = parts
    const fault = (error: unknown, requestId?: string) => parts.log.error({ err: error, requestId }, 'a request failed')
    this.#addresses = new AddressBook(parts.limits, parts.clock)
    this.#handshake = { ...parts, fault, behind: () => parts.registry.behind }
    this.#welcomeHead = welcomeHead(parts.plugins, parts.limits)
    this.#connection = { limits: parts.limits, writer: new TurnWriter() }
    this.#session = {
      ...parts,
      fault,
      draining: () => this.#state !== 'open',
      closed: (connection, code) => this.#closed(connection, code),
    }
  }

  get accepting(): boolean {
    return this.#state === 'open'
  }

  open(): void {
    this.#state = 'open'
    this.#timer = this.#parts.clock.every(sweepMs, () => this.#sweep())
  }

  /** Takes a place for an address that wants in: `undefined`, or the ms to wait. */
  enter(ip: string): number | undefined {
    return this.#addresses.enter(ip)
  }

  /** Gives the place back of an upgrade that came to nothing. */
  leave(ip: string, failed: boolean): void {
    this.#addresses.leave(ip, failed)
  }

  /** Takes over a peer whose address has a place. What it sends goes to the events returned. */
  accept(
    peer: Peer,
    from: Pick<ConnectionAttempt, 'request' | 'ip' | 'koa' | 'again'>,
  ): PeerEvents & { refuse(code: number, reason: string): void } {
    const handshake: Handshake = new Handshake(
      this.#handshake,
      peer,
      from,
      (admission) => this.#admit(peer, admission, from.ip),
      (failed) => {
        this.#pending.delete(handshake)
        this.#addresses.leave(from.ip, failed)
      },
    )
    this.#pending.add(handshake)
    return handshake
  }

  async #admit(peer: Peer, admission: Admission, ip: string): Promise<PeerEvents> {
    const { clock, registry, slots, welcome, opened } = this.#parts
    const connection = new LiveConnection(this.#connection, peer, admission, {
      id: newId(),
      ip,
      now: clock.now(),
      monotonic: clock.monotonic(),
      slots,
    })
    // Known before the welcome is ready, so that a revocation meanwhile finds it.
    registry.add(connection)
    const given = welcome?.(connection)
    const extra = given && (isPromise(given) ? await given : given)
    connection.welcome(textFrame(welcomeText(this.#welcomeHead, connection, admission, extra ?? [])))
    if (admission.revalidate) this.#revalidateAt.set(connection, clock.monotonic() + revalidateMs)
    opened(connection)
    return new Session(this.#session, connection)
  }

  #closed(connection: LiveConnection, code: number): void {
    this.#parts.registry.remove(connection)
    this.#revalidateAt.delete(connection)
    this.#parts.closed(connection, code)
  }

  #sweep(): void {
    const { clock, limits, registry, commands } = this.#parts
    const now = clock.now()
    const monotonic = clock.monotonic()
    for (const connection of registry.all()) {
      const silent = monotonic - connection.heardAt
      if (silent > limits.deadMs) connection.close(4410, 'no sign of life')
      else if (silent > limits.pingMs) connection.ping()
      this.#renew(connection, now)
    }
    for (const [connection, at] of this.#revalidateAt) if (at <= monotonic) this.#revalidate(connection, monotonic)
    registry.sweep()
    commands.sweep()
    this.#addresses.sweep()
  }

  #renew(connection: LiveConnection, now: number): void {
    if (!connection.renewTicket || now < connection.ticketRenewAt) return
    const { ticket, ticketExpiresAt } = connection.renewTicket()
    connection.ticketRenewAt = now + (ticketExpiresAt - now) / 2
    connection.pushText(JSON.stringify(['t', ticket, ticketExpiresAt]))
  }

  #revalidate(connection: LiveConnection, now: number): void {
    this.#revalidateAt.set(connection, now + revalidateMs)
    connection.revalidate?.().then(
      (valid) => {
        if (!valid) connection.close(4403, 'the session has ended')
      },
      (error: unknown) => this.#parts.log.error({ err: error }, 'a session could not be revalidated; it stays for now'),
    )
  }

  /** Announces the restart, lets requests under way finish, then closes every connection. */
  async drain(spreadMs: number, patienceMs: number): Promise<void> {
    if (this.#state !== 'open') return
    this.#state = 'draining'
    this.#timer?.cancel()
    const { registry, clock } = this.#parts
    for (const handshake of this.#pending) handshake.refuse(1012, 'restart')
    const goaway = textFrame(JSON.stringify(['goaway', { reason: 'restart', spreadMs }]))
    for (const connection of registry.all()) connection.push(goaway)
    const until = clock.monotonic() + patienceMs
    while (clock.monotonic() < until && [...registry.all()].some((connection) => connection.inFlight > 0)) {
      await new Promise<void>((resolve) => clock.after(20, resolve))
    }
    this.#connection.writer.flush()
    for (const connection of registry.all()) connection.close(1012, 'restart')
    this.#state = 'closed'
  }
}
