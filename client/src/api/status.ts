import type { ClientError } from '../errors.js'

/**
 * - `offline`: not connected; tries again at `retryAt`, or at once when the device gets its network back.
 * - `connecting`: a socket is being opened and authenticated.
 * - `resyncing`: connected; what happened meanwhile is being fetched. Messages are sent already.
 * - `online`: connected, and everything is here.
 * - `closed`: stopped by `close()`, `signOut()` or for good by the server; then `error` tells why. `connect()` starts again.
 */
export type Link = 'offline' | 'connecting' | 'resyncing' | 'online' | 'closed'

/** How the connection stands. */
export interface Status {
  readonly link: Link
  /** When the next attempt begins, ms since 1970. */
  readonly retryAt?: number
  /** Why it is not connected. */
  readonly error?: ClientError
}

/** Who this client is on the server. */
export interface Me {
  readonly id: string
  /** Known after the first connection. */
  readonly device?: string
  readonly session?: string
}
