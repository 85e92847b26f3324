import type { Connection } from 'mysql2'
import type { Binding, Outcome } from '../database.js'
import type { Query, Value, Wire } from '../server/wire.js'

interface Header {
  readonly affectedRows: number
  readonly info: string
  readonly insertId: number
}
type Answer = Header | readonly (readonly Binding[])[]

/** A connection of `mysql2`. */
export class MysqlWire implements Wire {
  readonly #connection: Connection
  readonly #several: boolean
  readonly #patience: number

  /**
   * `several`: the connection takes several statements at once. `patience`: a server that says nothing for so long, ms, is
   * given up with its connection; 0 waits for ever.
   */
  constructor(connection: Connection, several: boolean, patience: number) {
    this.#connection = connection
    this.#several = several
    this.#patience = patience
  }

  async run(queries: readonly Query[]): Promise<readonly Outcome[]> {
    if (queries.length === 0) return []
    if (this.#several && queries.length > 1) {
      const sql = queries.map((query) => query.sql).join(';\n')
      const answers = await this.#send(
        sql,
        queries.flatMap(({ bindings }) => bindings),
      )
      return (answers as readonly Answer[]).map(outcomeOf)
    }
    const outcomes: Outcome[] = []
    for (const { sql, bindings } of queries) outcomes.push(outcomeOf((await this.#send(sql, bindings)) as Answer))
    return outcomes
  }

  #send(sql: string, values: readonly Value[]): Promise<unknown> {
    values.forEach(check)
    return new Promise((resolve, reject) => {
      const giveUp = () => {
        this.#connection.destroy()
        reject(new Error(`the server said nothing for ${this.#patience} ms`))
      }
      const timer = this.#patience > 0 ? setTimeout(giveUp, this.#patience) : undefined
      this.#connection.query({ sql, values: [...values], rowsAsArray: true, typeCast: true }, (error, answer) => {
        clearTimeout(timer)
        if (error) reject(error)
        else resolve(answer)
      })
    })
  }
}

function check(value: Value): void {
  if (Array.isArray(value)) value.forEach(check)
  else if (typeof value !== 'string' && typeof value !== 'number' && value !== null) {
    throw new TypeError(`storage-sql: a value of type ${typeof value} cannot be bound.`)
  }
}

/** An update counts the rows that it found, whether or not they were the same before. */
function outcomeOf(answer: Answer): Outcome {
  if (!('affectedRows' in answer)) return { rows: answer, changes: 0 }
  const matched = /^Rows matched: (\d+)/.exec(answer.info)
  const changes = matched ? Number(matched[1]) : answer.affectedRows
  return { rows: [], changes, id: Number(answer.insertId) }
}
