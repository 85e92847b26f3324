import type { Connection, Submittable } from 'pg'
import type { Binding, Outcome } from '../database.js'
import type { Query, Value } from '../server/wire.js'
import { listBytes } from './list-bytes.js'

/** Statements that a connection keeps prepared, by their text. Beyond so many it prepares no more. */
const keptStatements = 400

/** How the fields of a row are read. */
type Decodes = readonly Decode[]
/** A statement that a connection has. */
interface PreparedStatement {
  readonly name: string
  /** Of the server's answer to it, which is always the same; once it was described. */
  decodes?: Decodes
}
/** Whether a statement must be parsed first; doubtful: the server may have it or not, as a statement before it failed. */
type Standing = 'known' | 'new' | 'doubtful'

/** What a connection has prepared. */
export class Prepared {
  readonly #statements = new Map<string, PreparedStatement>()
  readonly #doubtful = new Set<PreparedStatement>()

  of(sql: string): { readonly statement: PreparedStatement; readonly standing: Standing } {
    const known = this.#statements.get(sql)
    if (known !== undefined) return { statement: known, standing: this.#doubtful.delete(known) ? 'doubtful' : 'known' }
    if (this.#statements.size >= keptStatements) return unprepared()
    const statement = { name: `natter_${this.#statements.size}` }
    this.#statements.set(sql, statement)
    return { statement, standing: 'new' }
  }

  doubt(statements: Iterable<PreparedStatement>): void {
    for (const statement of statements) if (statement.name !== '') this.#doubtful.add(statement)
  }
}
const unprepared = (): { statement: PreparedStatement; standing: Standing } => ({
  statement: { name: '' },
  standing: 'new',
})

type Decode = (text: string) => Binding
/** Types of PostgreSQL whose values are numbers: int8, int2, int4, float8, numeric. Everything that we keep is below 2^53. */
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 701, 1700])
const text: Decode = (value) => value

function bound(value: Value): Buffer | string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return listBytes(value as readonly Binding[])
  throw new TypeError(`storage-sql: a value of type ${typeof value} cannot be bound.`)
}

/**
 * Several statements in one round trip: all are sent at once, with one `Sync` behind them, so that the server stops at the
 * first that fails (https://www.postgresql.org/docs/current/protocol-flow.html#PROTOCOL-FLOW-PIPELINING).
 */
export class Pipeline implements Submittable {
  readonly done: Promise<readonly Outcome[]>
  /** `pg` calls it when a query takes longer than the host allows; the rejection says so already. */
  callback: () => void = () => undefined
  readonly #queries: readonly Query[]
  readonly #values: readonly (readonly (Buffer | string | null)[])[]
  readonly #prepared: Prepared | undefined
  readonly #outcomes: Outcome[] = []
  /** By place; a statement that was not parsed here was known. */
  readonly #statements: PreparedStatement[] = []
  readonly #parsed: number[] = []
  #rows: Binding[][] = []
  #refused: Error | undefined
  #resolve!: (outcomes: readonly Outcome[]) => void
  #reject!: (error: unknown) => void

  constructor(queries: readonly Query[], prepared: Prepared | undefined) {
    this.#queries = queries
    this.#values = queries.map(({ bindings }) => bindings.map(bound))
    this.#prepared = prepared
    this.done = new Promise((resolve, reject) => {
      this.#resolve = resolve
      this.#reject = reject
    })
  }

  submit(connection: Connection): void {
    connection.stream.cork()
    for (const [place, { sql }] of this.#queries.entries()) {
      const { statement, standing } = this.#prepared?.of(sql) ?? unprepared()
      const { name } = statement
      this.#statements.push(statement)
      if (standing === 'doubtful') connection.close({ type: 'S', name }, true)
      if (standing !== 'known') {
        connection.parse({ name, text: sql, types: [] }, true)
        this.#parsed.push(place)
      }
      connection.bind({ statement: name, values: this.#values[place]! } as Parameters<Connection['bind']>[0], true)
      if (statement.decodes === undefined) connection.describe({ type: 'P', name: '' }, true)
      connection.execute({ portal: '' } as Parameters<Connection['execute']>[0], true)
    }
    connection.sync()
    connection.stream.uncork()
  }

  /** Whose answer comes next. */
  get #answering(): PreparedStatement {
    return this.#statements[this.#outcomes.length]!
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly dataTypeID: number }[] }): void {
    this.#answering.decodes = fields.map(({ dataTypeID }) => (numbers.has(dataTypeID) ? Number : text))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    const decodes = this.#answering.decodes!
    this.#rows.push(fields.map((value, i) => (value === null ? null : decodes[i]!(value))))
  }

  handleCommandComplete({ text: tag }: { readonly text: string }): void {
    const { sql } = this.#queries[this.#outcomes.length]!
    // a transaction that had failed answers its commit with a rollback
    if (sql === 'commit' && tag !== 'COMMIT') this.#refused = new Error(`the commit was answered with ${tag}`)
    const changes = this.#rows.length > 0 ? 0 : Number(/\d+$/.exec(tag)?.[0] ?? 0)
    this.#answering.decodes ??= []
    this.#outcomes.push({ rows: this.#rows, changes })
    this.#rows = []
  }

  handleError(error: Error): void {
    const place = this.#outcomes.length
    this.#prepared?.doubt(this.#parsed.filter((each) => each >= place).map((each) => this.#statements[each]!))
    this.#reject(error)
  }

  handleReadyForQuery(): void {
    if (this.#refused) this.#reject(this.#refused)
    else this.#resolve(this.#outcomes)
  }

  handlePortalSuspended(): void {}
  handleEmptyQuery(): void {}
  handleCopyInResponse(): void {}
  handleCopyData(): void {}
}
