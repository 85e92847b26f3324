import { NatterError } from '@natter/core/contract'
import Knex from 'knex'
import type { Database } from '../database.js'
import { errorOf } from '../server/fault.js'
import { rowWrites } from '../row-writes.js'
import { ServerSession } from '../server/server-session.js'
import type { Query, Wire } from '../server/wire.js'
import { tableNames } from '../table-names.js'
import { faultOf } from './faults.js'
import { postgresLogSql } from './log-sql.js'
import { PostgresPool } from './postgres-pool.js'
import { addColumn, createIndex, createTable, dropIndex, metaTable, versions } from './schema.js'
import { checkDurable, checkFit, serverFacts } from './settings.js'
import { reachable } from './reachable.js'

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
  const { pg, place } = await reachable(url)
  const pool = new PostgresPool(pg, { url, connections, durability, patience, monotonic })
  const tables = tableNames(prefix, schema)
  try {
    const facts = await pool.use(serverFacts)
    checkFit(place, facts)
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
    throw unopened(place, error)
  }
}

/** At boot a person reads it, so it says where and why. */
function unopened(place: string, error: unknown): unknown {
  if (NatterError.is(error) && !(error.cause instanceof Error)) return error
  const cause = NatterError.is(error) ? error.cause : error
  const { code, status, retryable } = errorOf(error, faultOf)
  const said = cause instanceof Error ? cause.message || (cause as { code?: string }).code : String(cause)
  const message = `storage-sql cannot open PostgreSQL at ${place}: ${said}.\n  Check the url: host, port, user, password and the name of the database.`
  return new NatterError(code, { status, retryable, message }, { cause })
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
    createTable: createTable(knex),
    addColumn,
    createIndex: createIndex(knex),
    dropIndex: dropIndex(knex, tables),
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
