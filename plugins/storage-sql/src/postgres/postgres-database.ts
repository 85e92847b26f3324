import Knex from 'knex'
import type { Database } from '../database.js'
import { driver, placeOf, unopened } from '../server/server-place.js'
import { rowWrites } from '../row-writes.js'
import { ServerSession } from '../server/server-session.js'
import type { Query, Wire } from '../server/wire.js'
import { tableNames } from '../table-names.js'
import { faultOf } from './faults.js'
import { postgresLogSql } from './log-sql.js'
import { PostgresPool } from './postgres-pool.js'
import { metaTable, modelTables, versions } from './schema.js'
import { checkDurable, checkFit, serverFacts } from './settings.js'

/** A server that says nothing for so long, ms, is given up with its connection. */
const patience = 15_000
/** Waits this long for other processes that migrate, and for tables that they use, ms. */
const migrationTimeout = 60_000

export interface PostgresOptions {
  readonly url: string
  readonly schema: string | undefined
  readonly prefix: string
  readonly durability: 'full' | 'unsafe'
  readonly queue: number
  readonly batch: number
  readonly connections: number
  readonly monotonic: () => number
}

/** PostgreSQL by `pg`, with connections of our own. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { url, schema, prefix, durability, queue, batch, connections, monotonic } = options
  const place = placeOf(url, 5432)
  const pg = await driver('pg', () => import('pg'))
  const pool = new PostgresPool(pg, { url, connections, durability, patience, monotonic })
  const tables = tableNames(prefix, schema)
  try {
    const facts = await pool.use(serverFacts)
    checkFit(place, { ...facts, schema: schema ?? facts.schema })
    const durable = checkDurable(facts, durability)
    if (schema !== undefined) await pool.use((wire) => makeSchema(wire, schema))
    const session = new ServerSession(pool, postgresLogSql(tables), faultOf, {
      batch,
      queue,
      lanes: Math.min(2, connections),
      readers: Math.min(3, connections),
      writers: Math.min(4, connections),
    })
    const sync = durable ? 'synchronous' : 'not synchronous: a power cut can lose messages'
    return postgresDatabase(session, tables, {
      description: `${place} (PostgreSQL ${facts.version}, ${sync})`,
      durable,
    })
  } catch (error) {
    await pool.close()
    throw unopened('PostgreSQL', place, error, faultOf)
  }
}

/** Only where it is missing: who may not make schemas can still use one. */
async function makeSchema(wire: Wire, schema: string): Promise<void> {
  const look: Query = { sql: 'select 1 from pg_namespace where nspname = $1', bindings: [schema] }
  const [found] = await wire.run([look])
  if (found!.rows.length === 0) await wire.run([plain(`create schema if not exists "${schema}"`)])
}

const plain = (sql: string): Query => ({ sql, bindings: [] })

function postgresDatabase(
  session: ServerSession,
  tables: ReturnType<typeof tableNames>,
  facts: Pick<Database, 'description' | 'durable'>,
): Database {
  const knex = Knex.knex({ client: 'pg' })
  // one lock for each store in the database
  const lock: Query = {
    sql: 'select pg_advisory_xact_lock(hashtextextended($1, 0))',
    bindings: [`natter ${tables.placed(tables.prefix)}`],
  }
  return {
    ...facts,
    log: session.log,
    read: (statement) => session.read(statement),
    write: (statement) => session.write(statement),
    dialect: 'postgres',
    knex,
    tables,
    orderBy: (column, dir, inKey) =>
      knex.raw(inKey ? `?? ${dir}` : `?? ${dir} nulls ${dir === 'asc' ? 'first' : 'last'}`, [column]),
    rowWrites: (inside, table) => rowWrites(inside, knex, table),
    meta: metaTable(tables),
    versions: versions(tables),
    ...modelTables(knex, tables),
    exclusive: (run) =>
      session.alone(async (wire) => {
        await wire.run([plain('begin'), plain(`set local lock_timeout = ${migrationTimeout}`), lock])
        try {
          const result = await run(session.inside(wire))
          await wire.run([plain('commit')])
          return result
        } catch (error) {
          await wire.run([plain('rollback')]).catch(() => {
            // the transaction is gone already, with its connection
          })
          throw error
        }
      }),
    close: () => session.close(),
  }
}
