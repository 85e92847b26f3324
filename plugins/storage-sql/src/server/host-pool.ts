import { SqlErrors } from '../errors.js'
import { Backoff } from './backoff.js'
import type { FaultOf } from './fault.js'
import { unusable } from './unusable.js'
import type { Wire, WirePool } from './wire.js'

/** What a store needs of the host's own Knex. Any that is new enough fits. */
export interface HostKnex {
  readonly client: {
    readonly driverName: string
    readonly connectionSettings?: {
      readonly host?: string
      readonly port?: number | string
      readonly database?: string
    }
    readonly pool?: { readonly max?: number }
    acquireConnection(): Promise<unknown>
    releaseConnection(connection: unknown): Promise<unknown>
  }
}

interface HostPoolOptions {
  readonly wireOf: (connection: never, patient: boolean) => Wire
  /** Looks at a connection that is new to us; throws when it is none that a store can use. */
  readonly check: (wire: Wire) => Promise<void>
  readonly faultOf: FaultOf
  readonly monotonic: () => number
}

/**
 * The host's own pool. Nothing is set on its connections and nothing is left in them: each is looked at once, and refused
 * when its settings are not what the promises need.
 */
export class HostPool implements WirePool {
  readonly #knex: HostKnex
  readonly #options: HostPoolOptions
  readonly #backoff: Backoff
  readonly #known = new WeakSet<object>()

  constructor(knex: HostKnex, options: HostPoolOptions) {
    this.#knex = knex
    this.#options = options
    this.#backoff = new Backoff(options.monotonic)
  }

  async use<T>(run: (wire: Wire) => Promise<T>, patient = false): Promise<T> {
    const connection = await this.#acquire()
    try {
      const wire = this.#options.wireOf(connection as never, patient)
      if (!this.#known.has(connection)) await this.#options.check(wire)
      this.#known.add(connection)
      return await this.#run(connection, wire, run)
    } finally {
      await this.#knex.client.releaseConnection(connection)
    }
  }

  async #acquire(): Promise<object> {
    this.#backoff.check()
    try {
      const connection = (await this.#knex.client.acquireConnection()) as object
      this.#backoff.succeeded()
      return connection
    } catch (error) {
      this.#backoff.failed(error)
      throw error
    }
  }

  async #run<T>(connection: object, wire: Wire, run: (wire: Wire) => Promise<T>): Promise<T> {
    try {
      return await run(wire)
    } catch (error) {
      const lost = await unusable(wire, error, this.#options.faultOf)
      // this is how Knex knows that a connection is of no more use
      if (lost) Object.assign(connection, { __knex__disposed: lost })
      throw error
    }
  }

  /** The pool is the host's, and stays. */
  async close(): Promise<void> {}
}

/** Where the host's Knex leads to: `db.example:5432/chat`. */
export function hostPlace({ client }: HostKnex, defaultPort: number): string {
  const { host = 'localhost', port = defaultPort, database = '' } = client.connectionSettings ?? {}
  return `${host}:${port}/${database}`
}

/** Which dialect the host's Knex speaks. @throws STORAGE_SQL_SERVER_UNFIT */
export function hostDialect(knex: HostKnex): 'postgres' | 'mysql' {
  const { driverName } = knex.client
  if (driverName === 'pg') return 'postgres'
  if (driverName === 'mysql2') return 'mysql'
  throw SqlErrors.SERVER_UNFIT({
    message: `storage-sql cannot use this Knex: its client is "${driverName}".\n  Make it with the client "pg" or "mysql2", or name a database by its url.`,
  })
}

/** How many connections of the host's pool may be used at once. */
export const hostConnections = ({ client }: HostKnex): number => client.pool?.max ?? 10
