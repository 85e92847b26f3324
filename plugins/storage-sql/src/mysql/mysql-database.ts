import { NatterError, StorageErrors } from '@natter/core/contract'
import Knex from 'knex'
import type { Connection } from 'mysql2'
import type { Database, Session } from '../database.js'
import { asked } from '../asked.js'
import { HostPool, hostConnections, hostPlace } from '../server/host-pool.js'
import type { HostKnex } from '../server/host-pool.js'
import { driver, placeOf, unopened } from '../server/server-place.js'
import { ServerSession } from '../server/server-session.js'
import type { ServerInside } from '../server/server-session.js'
import type { Query, WirePool } from '../server/wire.js'
import { tableNames } from '../table-names.js'
import { faultOf, isMadeAlready } from './faults.js'
import { mysqlLogSql } from './log-sql.js'
import { MysqlPool } from './mysql-pool.js'
import { MysqlWire } from './mysql-wire.js'
import { mysqlRowWrites } from './row-writes.js'
import { metaTable, modelTables, versions } from './schema.js'
import { checkDurable, checkFit, serverFacts } from './settings.js'
import type { ServerFacts } from './settings.js'

/** A server that says nothing for so long, ms, is given up with its connection. */
const patience = 15_000
/** Waits this long for other processes that migrate, s. */
const migrationTimeout = 60

export interface MysqlOptions {
  readonly url: string
  /** The host's own, instead of a url. */
  readonly knex: HostKnex | undefined
  readonly prefix: string
  readonly durability: 'full' | 'unsafe'
  readonly queue: number
  readonly batch: number
  readonly connections: number
  readonly monotonic: () => number
}

/** MySQL or MariaDB by `mysql2`, with connections of our own or the host's. */
export async function openMysql(options: MysqlOptions): Promise<Database> {
  const { knex, url, prefix, durability } = options
  const place = knex ? hostPlace(knex, 3306) : placeOf(url, 3306)
  const check = (facts: ServerFacts) => {
    checkFit(place, facts)
    return checkDurable(facts, durability)
  }
  const pool = knex ? poolOfHost(knex, options, check) : await ownPool(options)
  try {
    const facts = await pool.use(serverFacts)
    const durable = check(facts)
    const connections = knex ? hostConnections(knex) : options.connections
    const session = new ServerSession(pool, mysqlLogSql(tableNames(prefix), knex === undefined), faultOf, {
      ...options,
      connections,
    })
    const sync = durable ? 'synchronous' : 'not synchronous: a power cut can lose messages'
    return mysqlDatabase(session, prefix, {
      dialect: facts.mariadb ? 'mariadb' : 'mysql',
      description: `${place} (${facts.mariadb ? 'MariaDB' : 'MySQL'} ${facts.version}, ${sync})`,
      durable,
    })
  } catch (error) {
    await pool.close()
    throw unopened('MySQL or MariaDB', place, error, faultOf)
  }
}

async function ownPool({ url, connections, monotonic }: MysqlOptions): Promise<WirePool> {
  const mysql = await driver('mysql2', async () => (await import('mysql2')).default)
  return new MysqlPool(mysql, { url, connections, patience, monotonic })
}

/** Connections that are not ours may take one statement at a time. */
function poolOfHost(knex: HostKnex, { monotonic }: MysqlOptions, check: (facts: ServerFacts) => unknown): WirePool {
  return new HostPool(knex, {
    wireOf: (connection: Connection, patient) => new MysqlWire(connection, false, patient ? 0 : patience),
    check: async (wire) => void check(await serverFacts(wire)),
    faultOf,
    monotonic,
  })
}

const plain = (sql: string): Query => ({ sql, bindings: [] })

/** Within a migration, what an interrupted one has made already is made. */
function forgiving(inside: ServerInside): ServerInside {
  return {
    ...inside,
    async write(statement) {
      try {
        return await inside.write(statement)
      } catch (error) {
        if (NatterError.is(error) && isMadeAlready(error.cause)) return { rows: [], changes: 0 }
        throw error
      }
    },
  }
}

function mysqlDatabase(
  session: ServerSession,
  prefix: string,
  facts: Pick<Database, 'dialect' | 'description' | 'durable'>,
): Database {
  const knex = Knex.knex({ client: 'mysql2' })
  const tables = tableNames(prefix)
  const collation = facts.dialect === 'mariadb' ? 'utf8mb4_nopad_bin' : 'utf8mb4_0900_bin'
  const lock = {
    sql: `select get_lock(sha1(concat('natter ', database(), ' ', ?)), ?)`,
    bindings: [prefix, migrationTimeout],
  }
  const unlock = { sql: `select release_lock(sha1(concat('natter ', database(), ' ', ?)))`, bindings: [prefix] }
  return {
    ...facts,
    log: session.log,
    read: (statement) => session.read(statement),
    write: (statement) => session.write(statement),
    knex,
    tables,
    orderBy: (column, dir) => knex.raw(`?? ${dir}`, [column]),
    // each list is a must; within it any will do
    matching: (query, { column }, terms) =>
      void query.whereRaw('match (??) against (? in boolean mode)', [
        column,
        asked(terms, { all: ' ', any: ' ', list: '+', one: (term) => term, begins: (start) => `${start}*` }),
      ]),
    rowWrites: (inside, table) => mysqlRowWrites(transacting(inside, session), knex, table),
    meta: metaTable(tables),
    versions: versions(tables, collation),
    ...modelTables(collation),
    exclusive: (run) =>
      session.alone(async (wire) => {
        const [locked] = await wire.run([lock])
        if (locked!.rows[0]![0] !== 1)
          throw StorageErrors.BUSY({
            message: 'Another process has been changing the tables for too long. Start again when it is done.',
          })
        try {
          await wire.run([plain('start transaction')])
          const result = await run(forgiving(session.inside(wire)))
          await wire.run([plain('commit')])
          return result
        } catch (error) {
          await wire.run([plain('rollback')]).catch(() => {
            // the transaction is gone already, with its connection
          })
          throw error
        } finally {
          await wire.run([unlock]).catch(() => {
            // the lock is gone too
          })
        }
      }),
    close: () => session.close(),
  }
}

/** Rows are written in a session of ours: the store's own, or one inside a transaction. */
const transacting = (inside: Session, own: ServerSession): ServerInside =>
  'transact' in inside ? (inside as ServerInside) : own
