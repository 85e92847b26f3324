import type { Pool, PoolClient } from 'pg'
import { Backoff } from '../server/backoff.js'
import { unusable } from '../server/unusable.js'
import type { Wire, WirePool } from '../server/wire.js'
import { faultOf } from './faults.js'
import { Prepared } from './pipeline.js'
import { PostgresWire } from './postgres-wire.js'

/** Waits this long for a lock, ms, and then refuses as busy. */
const lockTimeout = 5_000
/** Waits this long for a connection, ms. */
const connectTimeout = 5_000

export interface PostgresPoolOptions {
  readonly url: string
  /** Most connections. */
  readonly connections: number
  readonly durability: 'full' | 'unsafe'
  /** A server that says nothing for so long, ms, is given up. */
  readonly patience: number
  readonly monotonic: () => number
}

/**
 * What we ask of each connection of ours. All that a store looks up has an index; a plan that was made while a table was
 * small must not read all of it when it is large, so no plan does.
 */
const settings = (durability: PostgresPoolOptions['durability']) =>
  Object.entries({
    synchronous_commit: durability === 'full' ? 'on' : 'off',
    lock_timeout: lockTimeout,
    enable_seqscan: 'off',
    enable_hashjoin: 'off',
    enable_mergejoin: 'off',
    jit: 'off',
    client_min_messages: 'warning',
  })
    .map(([name, value]) => `set ${name} = ${value}`)
    .join('; ')

/** A pool of our own, by `pg`. */
export class PostgresPool implements WirePool {
  readonly #pool: Pool
  readonly #options: PostgresPoolOptions
  readonly #backoff: Backoff
  readonly #prepared = new WeakMap<PoolClient, Prepared>()

  constructor(pg: typeof import('pg'), options: PostgresPoolOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.monotonic)
    this.#pool = new pg.Pool({
      connectionString: options.url,
      max: options.connections,
      connectionTimeoutMillis: connectTimeout,
      application_name: 'natter',
      keepAlive: true,
    })
    // an idle connection that ends is replaced when it is needed
    this.#pool.on('error', () => undefined)
    // Errors reach whoever waits for an answer. A new connection can end before anybody has it: with what let it in, the
    // server may have said that it goes.
    this.#pool.on('connect', (client) => client.on('error', () => undefined))
  }

  async use<T>(run: (wire: Wire) => Promise<T>, patient = false): Promise<T> {
    const client = await this.#connect()
    const wire = new PostgresWire(client, this.#prepared.get(client), patient ? 0 : this.#options.patience)
    try {
      const value = await run(wire)
      client.release()
      return value
    } catch (error) {
      client.release((await unusable(wire, error, faultOf)) ?? false)
      throw error
    }
  }

  async #connect(): Promise<PoolClient> {
    this.#backoff.check()
    try {
      const client = await this.#pool.connect()
      if (!this.#prepared.has(client)) await this.#greet(client)
      this.#backoff.succeeded()
      return client
    } catch (error) {
      this.#backoff.failed(error)
      throw error
    }
  }

  async #greet(client: PoolClient): Promise<void> {
    try {
      await client.query(settings(this.#options.durability))
      this.#prepared.set(client, new Prepared())
    } catch (error) {
      client.release(true)
      throw error
    }
  }

  async close(): Promise<void> {
    await this.#pool.end()
  }
}
