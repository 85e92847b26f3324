import { token } from '../contract/index.js'
import type { Token } from '../contract/index.js'

/**
 * How nodes tell each other. It carries hints only, which may be lost: the database is the truth. The in-process bus
 * implements it and, seeded, injects faults in tests.
 */
export interface Bus {
  /** Other nodes may listen. Without them the hot path skips the bus. */
  readonly remote: boolean
  /** To the other nodes: a node does not hear itself. */
  publish(subject: string, frame: unknown): void
  /** What a handler returns answers a request, now or later; `undefined` leaves the answer to others. */
  subscribe(subject: string, handler: (frame: unknown) => unknown): () => void
  request(subject: string, frame: unknown, options: { readonly timeoutMs: number }): Promise<unknown>
  /** Resolves when what was published has left. */
  flush(): Promise<void>
  lease(key: string, ttlMs: number): Promise<{ renew(): Promise<boolean>; release(): Promise<void> } | undefined>
  /** Called after any interruption: what was published meanwhile may be lost, so heads must be compared again. */
  onEpochBump(handler: (reason: string) => void): () => void
}
export const Bus: Token<Bus, 'bus'> = token('bus').of()
