import { token } from '../contract/index.js'
import type { Token } from '../contract/index.js'
import type { Principal } from '../kernel/context.js'
import type { SlotHolder } from '../kernel/slot.js'
import type { People } from '../pipeline/people.js'

/** One authenticated connection of a device. */
export interface Connection extends SlotHolder, Principal {
  readonly id: string
  readonly ip: string
  readonly since: number
  /** Client-chosen state, sent by the app: background is treated like absence by push. */
  readonly open: boolean
}

/** The connections of this server. */
export interface Connections {
  /** Live connections of a user on this node. */
  of(user: string): readonly Connection[]
  all(): Iterable<Connection>
  readonly size: number
  /**
   * This node has more to do than it can: its timers are late, by more than `lateMs` on average. Momentary events are not sent,
   * and what can be put off should be.
   */
  readonly behind: boolean
  /**
   * Sends an event to one connection. False: it was dropped, because the connection has ended or its buffer is beyond the soft
   * limit. Who tells of something that lasts tells it again.
   */
  push(connection: Connection, event: string, payload: unknown): boolean
  /** Tells the connected devices of these users that a conversation has entries up to `seq`; they pull what they miss. */
  hint(users: People, conversation: string, seq: number): void
  /**
   * Closes what matches, on every node: all of a user, one session, or one device. The clients learn the code
   * `4403` (revoked) and do not reconnect with the same credentials. Resolves when the local sockets are closed.
   */
  disconnect(who: {
    readonly user: string
    readonly session?: string
    readonly device?: string
    readonly exceptSession?: string
  }): Promise<number>
}
export const Connections: Token<Connections, 'connections'> = token('connections').of()
