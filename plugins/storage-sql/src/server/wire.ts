import type { Binding, Outcome } from '../database.js'

/** A value as a server takes it: some take lists, or rows of a list. */
export type Value = Binding | readonly Value[]
/** A statement for a server. */
export interface Query {
  readonly sql: string
  readonly bindings: readonly Value[]
}

/** One connection to a server. */
export interface Wire {
  /**
   * Runs statements one behind the other, in as few round trips as the server allows. The first that fails ends it, and
   * none behind it is run.
   */
  run(queries: readonly Query[]): Promise<readonly Outcome[]>
}

/** Statements, and what their outcomes say. */
export interface Task<T> {
  readonly queries: readonly Query[]
  read(outcomes: readonly Outcome[]): T
}

/** Connections to a server; one that fails is replaced. */
export interface WirePool {
  /**
   * Lends a connection. A transaction that is left open behind an error is undone.
   *
   * `patient`: a statement may take as long as it takes.
   */
  use<T>(run: (wire: Wire) => Promise<T>, patient?: boolean): Promise<T>
  close(): Promise<void>
}
