import { NatterError, StorageErrors } from '@natter/core/contract'
import Knex from 'knex'
import type { Database, Session } from '../database.js'
import { driver, placeOf, unopened } from '../server/server-place.js'
import { ServerSession } from '../server/server-session.js'
import type { ServerInside } from '../server/server-session.js'
import type { Query } from '../server/wire.js'
import { tableNames } from '../table-names.js'
import { faultOf, isMadeAlready } from './faults.js'
import { mysqlLogSql } from './log-sql.js'
import { MysqlPool } from './mysql-pool.js'
import { mysqlRowWrites } from './row-writes.js'
import { metaTable, modelTables, versions } from './schema.js'
import { checkDurable, checkFit, serverFacts } from './settings.js'

/** A server that says nothing for so long, ms, is given up with its connection. */
const patience = 15_000
/** Waits this long for other processes that migrate, s. */
const migrationTimeout = 60

export interface MysqlOptions {
  readonly url: string
  readonly prefix: string
  readonly durability: 'full' | 'unsafe'
  readonly queue: number
  readonly batch: number
  readonly connections: number
  readonly monotonic: () => number
}

/** MySQL or MariaDB by `mysql2`, with connections of our own. */
export async function openMysql(options: MysqlOptions): Promise<Database> {
  const { url, prefix, durability, queue, batch, connections, monotonic } = options
  const place = placeOf(url, 3306)
  const mysql = await driver('mysql2', async () => (await import('mysql2')).default)
  const pool = new MysqlPool(mysql, { url, connections, patience, monotonic })
  const tables = tableNames(prefix)
  try {
    const facts = await pool.use(serverFacts)
    checkFit(place, facts)
    const durable = checkDurable(facts, durability)
    const session = new ServerSession(pool, mysqlLogSql(tables), faultOf, {
      batch,
      queue,
      lanes: Math.min(2, connections),
      readers: Math.min(3, connections),
      writers: Math.min(4, connections),
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
    sql: `select get_lock(concat('natter ', database(), ' ', ?), ?)`,
    bindings: [prefix, migrationTimeout],
  }
  const unlock = { sql: `select release_lock(concat('natter ', database(), ' ', ?))`, bindings: [prefix] }
  return {
    ...facts,
    log: session.log,
    read: (statement) => session.read(statement),
    write: (statement) => session.write(statement),
    knex,
    tables,
    orderBy: (column, dir) => knex.raw(`?? ${dir}`, [column]),
    rowWrites: (inside, table) => mysqlRowWrites(together(inside, session), knex, table),
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
const together = (inside: Session, own: ServerSession): ServerInside =>
  'together' in inside ? (inside as ServerInside) : own
