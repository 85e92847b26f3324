import type { ClientBase } from 'pg'
import type { Outcome } from '../database.js'
import type { Query, Wire } from '../server/wire.js'
import { Pipeline } from './pipeline.js'
import type { Prepared } from './pipeline.js'

/** A connection of `pg`. */
export class PostgresWire implements Wire {
  readonly #client: ClientBase
  readonly #prepared: Prepared | undefined
  readonly #patience: number

  /** `patience`: a server that says nothing for so long, ms, is given up with its connection; 0 waits for ever. */
  constructor(client: ClientBase, prepared: Prepared | undefined, patience: number) {
    this.#client = client
    this.#prepared = prepared
    this.#patience = patience
  }

  async run(queries: readonly Query[]): Promise<readonly Outcome[]> {
    const pipeline = new Pipeline(queries, this.#prepared)
    const timer = this.#patience > 0 ? setTimeout(() => this.#giveUp(), this.#patience) : undefined
    try {
      this.#client.query(pipeline)
      return await pipeline.done
    } finally {
      clearTimeout(timer)
    }
  }

  #giveUp(): void {
    const { connection } = this.#client as unknown as { connection: { stream: { destroy(error: Error): void } } }
    connection.stream.destroy(new Error(`the server said nothing for ${this.#patience} ms`))
  }
}
