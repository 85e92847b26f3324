import type { Pool, PoolConnection } from 'mysql2'
import { Backoff } from '../server/backoff.js'
import { unusable } from '../server/unusable.js'
import type { Wire, WirePool } from '../server/wire.js'
import { faultOf } from './faults.js'
import { MysqlWire } from './mysql-wire.js'

/** Waits this long for a row, and for a table that is being changed, s. */
const lockTimeout = 5
const tableTimeout = 60
/** Waits this long for a connection, ms. */
const connectTimeout = 5_000

export interface MysqlPoolOptions {
  readonly url: string
  /** Most connections. */
  readonly connections: number
  /** A server that says nothing for so long, ms, is given up. */
  readonly patience: number
  readonly monotonic: () => number
}

/** What we ask of each connection of ours. */
const settings = [
  'set names utf8mb4',
  `set session sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION'`,
  'set session transaction isolation level read committed',
  `set session innodb_lock_wait_timeout = ${lockTimeout}, lock_wait_timeout = ${tableTimeout}`,
].join('; ')

/** A pool of our own, by `mysql2`. */
export class MysqlPool implements WirePool {
  readonly #pool: Pool
  readonly #options: MysqlPoolOptions
  readonly #backoff: Backoff
  readonly #greeted = new WeakSet<PoolConnection>()

  constructor(mysql: typeof import('mysql2'), options: MysqlPoolOptions) {
    this.#options = options
    this.#backoff = new Backoff(options.monotonic)
    this.#pool = mysql.createPool({
      uri: options.url.replace(/^mariadb:/, 'mysql:'),
      connectionLimit: options.connections,
      connectTimeout,
      multipleStatements: true,
      supportBigNumbers: true,
      charset: 'utf8mb4',
    })
    // Errors reach whoever waits for an answer; a new connection can end before anybody has it.
    this.#pool.on('connection', (connection) => connection.on('error', () => undefined))
  }

  async use<T>(run: (wire: Wire) => Promise<T>, patient = false): Promise<T> {
    const connection = await this.#connect()
    const wire = new MysqlWire(connection, true, patient ? 0 : this.#options.patience)
    try {
      const value = await run(wire)
      connection.release()
      return value
    } catch (error) {
      if (await unusable(wire, error, faultOf)) connection.destroy()
      else connection.release()
      throw error
    }
  }

  async #connect(): Promise<PoolConnection> {
    this.#backoff.check()
    try {
      const connection = await this.#lend()
      if (!this.#greeted.has(connection)) await this.#greet(connection)
      this.#backoff.succeeded()
      return connection
    } catch (error) {
      this.#backoff.failed(error)
      throw error
    }
  }

  #lend(): Promise<PoolConnection> {
    return new Promise((resolve, reject) => {
      this.#pool.getConnection((error, connection) => (error ? reject(error) : resolve(connection)))
    })
  }

  async #greet(connection: PoolConnection): Promise<void> {
    try {
      await new MysqlWire(connection, true, connectTimeout).run([{ sql: settings, bindings: [] }])
      this.#greeted.add(connection)
    } catch (error) {
      connection.destroy()
      throw error
    }
  }

  close(): Promise<void> {
    return new Promise((resolve, reject) => this.#pool.end((error) => (error ? reject(error) : resolve())))
  }
}
