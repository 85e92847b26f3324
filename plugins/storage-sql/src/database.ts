import type { Log, Terms } from '@natter/core/contract'
import type { Column, ModelShape } from '@natter/core/storage'
import type { Knex } from 'knex'
import type { RowTable, RowWrites } from './row-writes.js'
import type { TableNames } from './table-names.js'

/** A value as the database takes it. */
export type Binding = string | number | null
/** One SQL statement, compiled. `rows`: it gives rows back. */
export interface Statement {
  readonly sql: string
  readonly bindings: readonly Binding[]
  readonly rows: boolean
  /** A read that may take long: a database that does one thing at a time does it beside the others. */
  readonly long?: boolean
}
/** What a statement gave. */
export interface Outcome {
  readonly rows: readonly (readonly Binding[])[]
  /** Rows changed; only for statements that give none back. */
  readonly changes: number
  /** What the statement set `last_insert_id` to, where the server tells. */
  readonly id?: number
}

/** Where statements run: on the database, each on its own, or within one open transaction. */
export interface Session {
  readonly log: Log
  read(statement: Statement): Promise<Outcome>
  /** Atomic. What resolved is committed, or will be with the transaction it runs in. */
  write(statement: Statement): Promise<Outcome>
}

/** An index to be made. `rest`: columns of the key that are not in it, where they find room. */
export interface Index {
  readonly name: string
  readonly columns: readonly string[]
  readonly unique: boolean
  /** It is the full-text index of the model's terms. */
  readonly terms?: boolean
  readonly rest: readonly string[]
}

/** How the SQL of a dialect is built. */
export interface Dialect {
  /** Builds SQL of this dialect; it has no connection. */
  readonly knex: Knex
  readonly tables: TableNames
  /** Orders by a column so that absent comes before every value, along the indexes of `createIndex`. */
  orderBy(column: string, dir: 'asc' | 'desc', inKey: boolean): Knex.Raw
  /** Rows of a table whose terms, behind the index of that name, meet what is asked for. */
  matching(query: Knex.QueryBuilder, of: { readonly index: string; readonly column: string }, terms: Terms): void
  /** What writes the rows of a table, by statements that run in a session. */
  rowWrites(session: Session, table: RowTable): RowWrites
}

/** What a dialect gives to the rest: everything that differs between databases is behind it. */
export interface Database extends Session, Dialect {
  readonly dialect: string
  readonly description: string
  readonly durable: boolean
  /** Creates the table of names and numbers, `natter_meta`, where it is missing. */
  readonly meta: Statement
  /** The tables of the log, the key spaces and the journals, by version: each creates what its version adds. */
  readonly versions: readonly (readonly Statement[])[]
  /** Creates a model's table, clustered by its key where the dialect can. */
  createTable(table: string, shape: ModelShape): readonly Statement[]
  addColumns(table: string, columns: readonly Column[], shape: ModelShape): readonly Statement[]
  /** For columns of text that are in an index: gives them the room that the model wants now. */
  widenColumns?(table: string, columns: readonly Column[], shape: ModelShape): readonly Statement[]
  createIndex(table: string, index: Index, shape: ModelShape): readonly Statement[]
  dropIndex(table: string, name: string): readonly Statement[]
  /** Where a change of the schema is no part of a transaction: the columns that an interrupted migration left. */
  columnsOf?(inside: Session, table: string): Promise<readonly string[]>
  /** Runs something in one transaction under the database's write lock; everybody else waits, other processes too. */
  exclusive<T>(run: (inside: Session) => Promise<T>): Promise<T>
  /** Removes what the file still keeps of rows that are gone, where that is in our hand. */
  purge?(): Promise<void>
  close(): Promise<void>
}
