import { resolve } from 'node:path'
import { NatterError } from '@natter/core/contract'
import Knex from 'knex'
import type { Database, Session } from '../database.js'
import { asked } from '../asked.js'
import { rowWrites } from '../row-writes.js'
import { SqlLog } from '../sql-log.js'
import { tableNames } from '../table-names.js'
import { Beside } from './beside.js'
import { Lane } from './lane.js'
import type { LaneOptions } from './lane.js'
import { metaTable, modelTables, rowNumber, versions } from './schema.js'
import type { Verb, Verbs } from './verbs.js'

type Ask = <V extends Verb>(verb: V, payload: Verbs[V][0]) => Promise<Verbs[V][1]>

const forget = `delete from natter_member
  where conv = (select num from natter_conversation where id = ?) and user = ? and left_at > 0`

/** Another process may migrate meanwhile; each try waits for the busy timeout. */
const tries = 5

function session(ask: Ask, beside = ask): Session {
  return {
    log: new SqlLog(
      ask,
      (conversation, user) => ask('write', { sql: forget, bindings: [conversation, user], rows: false }),
      (page) => ask('page', page),
    ),
    read: (statement) => (statement.long ? beside : ask)('read', statement),
    write: (statement) => ask('write', statement),
  }
}

async function openTransaction(lane: Lane, id: number): Promise<void> {
  for (let left = tries; ; left--) {
    try {
      return await lane.request('open', undefined, id)
    } catch (error) {
      if (left === 1 || !NatterError.is(error) || error.code !== 'STORAGE_BUSY') throw error
    }
  }
}

async function exclusive<T>(lane: Lane, run: (inside: Session) => Promise<T>): Promise<T> {
  const id = lane.newSession()
  await openTransaction(lane, id)
  try {
    const result = await run(session((verb, payload) => lane.request(verb, payload, id)))
    await lane.request('end', true, id)
    return result
  } catch (error) {
    await lane.request('end', false, id).catch(() => {
      // the transaction is gone already, with its connection
    })
    throw error
  }
}

/** At boot a person reads it, so it says which file and why. */
function unopened(file: string, error: unknown): unknown {
  if (!NatterError.is(error) || !(error.cause instanceof Error)) return error
  const { code, status, retryable, cause } = error
  const message = `storage-sql cannot open ${file}: ${cause.message}.\n  Check that it is an SQLite database, and that this user can write to it and its folder.`
  return new NatterError(code, { status, retryable, message }, { cause })
}

/** SQLite by libsql, in a worker of its own, and what may take long in another one. `file` is a path or `:memory:`. */
export async function openSqlite(options: LaneOptions): Promise<Database> {
  const { file, durability } = options
  const memory = file === ':memory:'
  const { lane, durable } = await Lane.open({ ...options, file: memory ? file : resolve(file) }).catch(
    (error: unknown): never => {
      throw unopened(file, error)
    },
  )
  // Where it is memory there is no second way to it.
  const beside = memory ? undefined : new Beside(Lane.beside({ ...options, file: resolve(file) }))
  const sql = Knex.knex({ client: 'better-sqlite3', useNullAsDefault: true })
  const sync = durability === 'full' ? 'full sync' : 'without full sync: a power cut can lose messages'
  return {
    ...session(
      (verb, payload) => lane.request(verb, payload),
      (verb, payload) => (beside ?? lane).request(verb, payload),
    ),
    dialect: 'sqlite',
    description: memory ? 'memory (SQLite, nothing is kept)' : `${file} (SQLite, ${sync})`,
    durable: durable && durability === 'full',
    knex: sql,
    meta: metaTable,
    versions: versions(sql),
    tables: tableNames(),
    orderBy: (column, dir) => sql.raw(`?? ${dir}`, [column]),
    matching: (query, { index }, terms) =>
      void query.whereRaw('?? in (select rowid from ?? where ?? match ?)', [
        rowNumber,
        index,
        index,
        asked(terms, { all: ' AND ', any: ' OR ', one: (term) => `"${term}"`, begins: (start) => `"${start}"*` }),
      ]),
    rowWrites: (inside, table) => rowWrites(inside, sql, table),
    ...modelTables(sql),
    exclusive: (run) => exclusive(lane, run),
    purge: () => {
      const purge = () => lane.request('purge', undefined)
      return beside ? beside.without(purge) : purge()
    },
    // The one that writes is the last: it takes the write-ahead log away.
    close: () => lane.close(beside?.close()),
  }
}
