import type { Log } from '@natter/core/contract'
import type { Knex } from 'knex'

/** A value as the database takes it. */
export type Binding = string | number | null
/** One SQL statement, compiled. `rows`: it gives rows back. */
export interface Statement {
  readonly sql: string
  readonly bindings: readonly Binding[]
  readonly rows: boolean
}
/** What a statement gave. */
export interface Outcome {
  readonly rows: readonly (readonly Binding[])[]
  /** Rows changed; only for statements that give none back. */
  readonly changes: number
}

/** Where statements run: on the database, each on its own, or within one open transaction. */
export interface Session {
  readonly log: Log
  read(statement: Statement): Promise<Outcome>
  /** Atomic. What resolved is committed, or will be with the transaction it runs in. */
  write(statement: Statement): Promise<Outcome>
}

/** What a dialect gives to the rest: everything that differs between databases is behind it. */
export interface Database extends Session {
  readonly dialect: string
  readonly description: string
  readonly durable: boolean
  /** Builds SQL of this dialect; it has no connection. */
  readonly knex: Knex
  /** Creates the table of names and numbers, `natter_meta`, where it is missing. */
  readonly meta: Statement
  /** The tables of the log, the key spaces and the journals, by version: each creates what its version adds. */
  readonly versions: readonly (readonly Statement[])[]
  /** Creates a table of rows, clustered by its key where the dialect can. */
  createTable(
    name: string,
    key: readonly string[],
    columns: (build: Knex.CreateTableBuilder) => void,
  ): readonly Statement[]
  /** Runs something in one transaction under the database's write lock; everybody else waits, other processes too. */
  exclusive<T>(run: (inside: Session) => Promise<T>): Promise<T>
  close(): Promise<void>
}
