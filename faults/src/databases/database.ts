/** The database server of a run, and of nobody else: what can be done to it. */
export interface Database {
  /** Where the servers of the run find it. */
  readonly url: string
  /** `kill -9`; of several members, of the one that takes the writes. */
  kill(): Promise<void>
  /** Starts what was killed, over the same data. */
  start(): Promise<void>
  close(): Promise<void>
}
