import type { Connection, Submittable } from 'pg'
import type { Binding, Outcome } from '../database.js'
import type { Query, Value } from '../server/wire.js'

/** Statements that a connection keeps prepared, by their text. Beyond so many it prepares no more. */
const keptStatements = 400

/** What a connection has prepared. */
export class Prepared {
  readonly #names = new Map<string, string>()
  /** The server may have them or not: a statement before them failed. */
  readonly #doubtful = new Set<string>()

  /** The name of a statement, and whether it must be parsed first. */
  name(sql: string): { readonly name: string; readonly state: 'known' | 'new' | 'doubtful' } {
    const known = this.#names.get(sql)
    if (known !== undefined) return { name: known, state: this.#doubtful.delete(known) ? 'doubtful' : 'known' }
    if (this.#names.size >= keptStatements) return { name: '', state: 'new' }
    const name = `natter_${this.#names.size}`
    this.#names.set(sql, name)
    return { name, state: 'new' }
  }

  doubt(names: Iterable<string>): void {
    for (const name of names) if (name !== '') this.#doubtful.add(name)
  }
}

type Decode = (text: string) => Binding
/** Types of PostgreSQL whose values are numbers: int8, int2, int4, float8, numeric. Everything that we keep is below 2^53. */
const numbers: ReadonlySet<number> = new Set([20, 21, 23, 701, 1700])
const text: Decode = (value) => value

/** A list as PostgreSQL writes it (https://www.postgresql.org/docs/current/arrays.html#ARRAYS-IO). */
function listText(list: readonly Binding[]): string {
  let out = '{'
  for (let i = 0; i < list.length; i++) {
    const value = list[i]!
    if (i > 0) out += ','
    if (value === null) out += 'NULL'
    else out += typeof value === 'number' ? value : `"${value.replace(/["\\]/g, '\\$&')}"`
  }
  return `${out}}`
}
function bound(value: Value): string | null {
  if (value === null || typeof value === 'string') return value
  if (typeof value === 'number') return String(value)
  if (Array.isArray(value)) return listText(value as readonly Binding[])
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
  readonly #values: readonly (readonly (string | null)[])[]
  readonly #prepared: Prepared | undefined
  readonly #outcomes: Outcome[] = []
  readonly #parsed: { readonly place: number; readonly name: string }[] = []
  #decode: Decode[] = []
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
      const { name, state } = this.#prepared?.name(sql) ?? { name: '', state: 'new' }
      if (state === 'doubtful') connection.close({ type: 'S', name }, true)
      if (state !== 'known') {
        connection.parse({ name, text: sql, types: [] }, true)
        this.#parsed.push({ place, name })
      }
      connection.bind({ statement: name, values: this.#values[place]! } as Parameters<Connection['bind']>[0], true)
      connection.describe({ type: 'P', name: '' }, true)
      connection.execute({ portal: '' } as Parameters<Connection['execute']>[0], true)
    }
    connection.sync()
    connection.stream.uncork()
  }

  handleRowDescription({ fields }: { readonly fields: readonly { readonly dataTypeID: number }[] }): void {
    this.#decode = fields.map(({ dataTypeID }) => (numbers.has(dataTypeID) ? Number : text))
  }

  handleDataRow({ fields }: { readonly fields: readonly (string | null)[] }): void {
    this.#rows.push(fields.map((value, i) => (value === null ? null : this.#decode[i]!(value))))
  }

  handleCommandComplete({ text: tag }: { readonly text: string }): void {
    const { sql } = this.#queries[this.#outcomes.length]!
    // a transaction that had failed answers its commit with a rollback
    if (sql === 'commit' && tag !== 'COMMIT') this.#refused = new Error(`the commit was answered with ${tag}`)
    const changes = this.#rows.length > 0 ? 0 : Number(/\d+$/.exec(tag)?.[0] ?? 0)
    this.#outcomes.push({ rows: this.#rows, changes })
    this.#rows = []
  }

  handleError(error: Error): void {
    const place = this.#outcomes.length
    this.#prepared?.doubt(this.#parsed.filter((each) => each.place >= place).map(({ name }) => name))
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
