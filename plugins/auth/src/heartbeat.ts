import type { Clock, Connection, Connections, Logger, Timer } from '@natter/core'
import type { Sessions } from './sessions.js'

export interface HeartbeatParts {
  readonly sessions: Pick<Sessions, 'seen'>
  readonly connections: Pick<Connections, 'all' | 'disconnect'>
  readonly clock: Clock
  readonly log: Logger
}

/** A device's presence is written at most this often, ms; that of one that stays connected every `roundMs`. */
const leastMs = 300_000
const roundMs = 3_600_000

/**
 * Keeps the sessions of connected devices from going idle, notes when a device was last here, and closes the connections
 * of sessions that came to their end. One write at a time, so that a crowd that leaves together is no storm.
 */
export class Heartbeat {
  readonly #parts: HeartbeatParts
  readonly #writtenAt = new Map<string, number>()
  readonly #due = new Map<string, string>()
  #timer: Timer | undefined
  #writing: Promise<void> | undefined

  constructor(parts: HeartbeatParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = this.#parts.clock.every(roundMs, () => this.#round())
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    this.#due.clear()
    await this.#writing
  }

  /** A device left, or is still here. */
  note({ session, user }: Pick<Connection, 'session' | 'user'>): void {
    const last = this.#writtenAt.get(session)
    if (last === undefined || this.#parts.clock.monotonic() - last >= leastMs) this.#put(session, user)
  }

  #round(): void {
    const now = this.#parts.clock.monotonic()
    for (const [session, at] of this.#writtenAt) if (now - at >= leastMs) this.#writtenAt.delete(session)
    for (const connection of this.#parts.connections.all()) this.note(connection)
  }

  #put(session: string, user: string): void {
    this.#due.set(session, user)
    this.#writing ??= this.#write().finally(() => {
      this.#writing = undefined
    })
  }

  async #write(): Promise<void> {
    const { sessions, connections, clock, log } = this.#parts
    for (const [session, user] of this.#due) {
      this.#due.delete(session)
      try {
        this.#writtenAt.set(session, clock.monotonic())
        if (!(await sessions.seen(session))) await connections.disconnect({ user, session })
      } catch (error) {
        log.warn({ err: error, session }, 'when a device was last here could not be written')
      }
    }
  }
}
