import type { ConnectionOptions } from './connection.js'

export interface WorkerOptions extends ConnectionOptions {
  /** Most writes in one transaction. */
  readonly batch: number
  /** After a lost connection: move all of the log into the database first, so that nothing builds on a doubtful sync. */
  readonly recover: boolean
  /** It reads, one thing after the other, and writes nothing. */
  readonly beside: boolean
}
