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
  /** Sends a prepared event frame to one connection; dropped if its buffer is beyond the soft limit. */
  push(connection: Connection, event: string, payload: unknown): void
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
