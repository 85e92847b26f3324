/** The database servers of a run, and of nobody else. */
export interface Database {
  /** Where the servers of the run find them, in the order of the store's `databases`. */
  readonly urls: readonly string[]
  close(): Promise<void>
}
