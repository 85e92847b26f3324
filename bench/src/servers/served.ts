import type { Server } from 'node:http'

export interface Served {
  readonly server: Server
  /** How many connections there are. */
  readonly connections: () => number
}
