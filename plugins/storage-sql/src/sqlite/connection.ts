import { accessSync, closeSync, constants, existsSync, openSync } from 'node:fs'
import { dirname } from 'node:path'
import Driver from 'libsql'
import { makeFolder } from '@natter/core/storage'
import type { Binding, Outcome, Statement } from '../database.js'
import { checkPragmas, pragmas, readerPragmas } from './pragmas.js'
import type { Durability } from './pragmas.js'

/** Prepared statements are kept up to this many. */
const keptStatements = 400

export interface ConnectionOptions {
  /** Path of the file, or `:memory:`. */
  readonly file: string
  readonly durability: Durability
  /** A second connection, which writes nothing. */
  readonly beside?: boolean
}
type Prepared = ReturnType<InstanceType<typeof Driver>['prepare']>
type Row = readonly Binding[]

/** A file that only this user may read. Its WAL takes the same mode from it. */
function createFile(file: string): void {
  if (file === ':memory:' || existsSync(file)) return
  makeFolder(dirname(file))
  try {
    closeSync(openSync(file, 'wx', 0o600))
  } catch (error) {
    // another process was faster; opening it here would drop the locks that SQLite holds on it in this process
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}

/** SQLite says only that it cannot open; the system says why the file or its folder cannot be written to. */
export function whyUnwritable(file: string): unknown {
  if (file === ':memory:' || !existsSync(file)) return undefined
  try {
    accessSync(file, constants.W_OK)
    accessSync(dirname(file), constants.W_OK)
    return undefined
  } catch (error) {
    return error
  }
}

/** A connection, synchronous: it lives in a worker. */
export class Connection {
  readonly durable: boolean
  readonly #driver: InstanceType<typeof Driver>
  readonly #prepared = new Map<string, Prepared>()

  constructor({ file, durability, beside = false }: ConnectionOptions) {
    if (!beside) createFile(file)
    this.#driver = new Driver(file)
    if (beside) {
      for (const pragma of readerPragmas) this.#driver.pragma(pragma)
      this.durable = false
      return
    }
    for (const pragma of pragmas(durability)) this.#driver.pragma(pragma)
    const memory = file === ':memory:'
    this.durable = memory
      ? false
      : checkPragmas((name) => (this.#driver.pragma(name) as object[]).flatMap(Object.values)[0], durability)
  }

  get inTransaction(): boolean {
    return this.#driver.inTransaction
  }

  exec(sql: string): void {
    this.#driver.exec(sql)
  }

  all(sql: string, ...bindings: Binding[]): Row[] {
    return this.#prepare(sql, true).all(checked(bindings)) as Row[]
  }

  get(sql: string, ...bindings: Binding[]): Row | undefined {
    return this.#prepare(sql, true).get(checked(bindings)) as Row | undefined
  }

  /** Rows one by one, for who may stop early. */
  iterate(sql: string, ...bindings: Binding[]): IterableIterator<Row> {
    return this.#prepare(sql, true).iterate(checked(bindings)) as IterableIterator<Row>
  }

  /** How many rows changed. */
  run(sql: string, ...bindings: Binding[]): number {
    return this.#prepare(sql, false).run(checked(bindings)).changes
  }

  statement({ sql, bindings, rows }: Statement): Outcome {
    if (rows) return { rows: this.all(sql, ...bindings), changes: 0 }
    return { rows: [], changes: this.run(sql, ...bindings) }
  }

  /** Several reads of one moment. */
  snapshot<T>(read: () => T): T {
    if (this.inTransaction) return read()
    this.exec('BEGIN')
    try {
      const value = read()
      this.exec('COMMIT')
      return value
    } catch (error) {
      this.rollback()
      throw error
    }
  }

  /** Some errors have made SQLite roll back itself. */
  rollback(): void {
    if (this.inTransaction) this.exec('ROLLBACK')
  }

  /**
   * Moves the write-ahead log into the database and empties it. After a failed sync the system may hold pages of the log
   * that the disk never got; what is acknowledged from here on must not follow them.
   */
  settle(): void {
    if (!this.purge()) throw new Error('storage-sql: another process keeps the write-ahead log in use')
  }

  /** The same, as far as other processes let it: they empty the log later. */
  purge(): boolean {
    const [row] = this.#driver.pragma('wal_checkpoint(TRUNCATE)') as { readonly busy: number }[]
    return row?.busy === 0
  }

  close(): void {
    this.#prepared.clear()
    this.#driver.close()
  }

  #prepare(sql: string, rows: boolean): Prepared {
    const known = this.#prepared.get(sql)
    if (known) return known
    const prepared = this.#driver.prepare(sql)
    if (rows) prepared.raw(true)
    if (this.#prepared.size >= keptStatements) this.#prepared.delete(this.#prepared.keys().next().value!)
    this.#prepared.set(sql, prepared)
    return prepared
  }
}

/** The driver ends the whole process on a value that it does not know, so nothing else may reach it. */
function checked(bindings: Binding[]): Binding[] {
  for (const value of bindings) {
    if (typeof value !== 'string' && typeof value !== 'number' && value !== null) {
      throw new TypeError(`storage-sql: a value of type ${typeof value} cannot be bound.`)
    }
  }
  return bindings
}
