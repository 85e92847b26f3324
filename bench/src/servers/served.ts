import type { Server } from 'node:http'

export interface Served {
  readonly server: Server
  /** How many connections there are. */
  readonly connections: () => number
  /** How many events were not sent so far. */
  readonly shed?: () => number
}
