import Knex from 'knex'
import type { ClientBase } from 'pg'
import type { Database } from '../database.js'
import { HostPool, hostConnections, hostPlace } from '../server/host-pool.js'
import type { HostKnex } from '../server/host-pool.js'
import { driver, placeOf, unopened } from '../server/server-place.js'
import { asked } from '../asked.js'
import { rowWrites } from '../row-writes.js'
import { ServerSession } from '../server/server-session.js'
import type { Query, Wire, WirePool } from '../server/wire.js'
import { tableNames } from '../table-names.js'
import { faultOf } from './faults.js'
import { postgresLogSql } from './log-sql.js'
import { PostgresPool } from './postgres-pool.js'
import { metaTable, modelTables, termsOf, versions } from './schema.js'
import { PostgresWire } from './postgres-wire.js'
import { checkDurable, checkFit, serverFacts } from './settings.js'
import type { ServerFacts } from './settings.js'

/** A server that says nothing for so long, ms, is given up with its connection. */
const patience = 15_000
/** Waits this long for other processes that migrate, and for tables that they use, ms. */
const migrationTimeout = 60_000

export interface PostgresOptions {
  readonly url: string
  /** The host's own, instead of a url. */
  readonly knex: HostKnex | undefined
  readonly schema: string | undefined
  readonly prefix: string
  readonly durability: 'full' | 'unsafe'
  readonly queue: number
  readonly batch: number
  readonly connections: number
  readonly monotonic: () => number
}

/** PostgreSQL by `pg`, with connections of our own or the host's. */
export async function openPostgres(options: PostgresOptions): Promise<Database> {
  const { knex, url, schema, prefix, durability } = options
  const place = knex ? hostPlace(knex, 5432) : placeOf(url, 5432)
  const check = (facts: ServerFacts) => {
    checkFit(place, { ...facts, schema: schema ?? facts.schema })
    return checkDurable(facts, durability)
  }
  const pool = knex ? poolOfHost(knex, options, check) : await ownPool(options)
  const tables = tableNames(prefix, schema)
  try {
    const facts = await pool.use(serverFacts)
    const durable = check(facts)
    if (schema !== undefined) await pool.use((wire) => makeSchema(wire, schema))
    const connections = knex ? hostConnections(knex) : options.connections
    const session = new ServerSession(pool, postgresLogSql(tables), faultOf, { ...options, connections })
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

async function ownPool({ url, connections, durability, monotonic }: PostgresOptions): Promise<WirePool> {
  const pg = await driver('pg', () => import('pg'))
  return new PostgresPool(pg, { url, connections, durability, patience, monotonic })
}

/** Nothing stays prepared on connections that are not ours. */
function poolOfHost(knex: HostKnex, { monotonic }: PostgresOptions, check: (facts: ServerFacts) => unknown): WirePool {
  return new HostPool(knex, {
    wireOf: (client: ClientBase, patient) => new PostgresWire(client, undefined, patient ? 0 : patience),
    check: async (wire) => void check(await serverFacts(wire)),
    faultOf,
    monotonic,
  })
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
    matching: (query, { column }, terms) =>
      void query.whereRaw(`${termsOf} @@ ?::tsquery`, [
        column,
        asked(terms, { all: ' & ', any: ' | ', one: (term) => `'${term}'`, begins: (start) => `'${start}':*` }),
      ]),
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
