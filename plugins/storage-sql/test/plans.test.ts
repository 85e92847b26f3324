import { join } from 'node:path'
import test from 'ava'
import Knex from 'knex'
import { field, model } from '@natter/core/contract'
import { modelRules } from '@natter/core/storage'
import { FakeClock } from '@natter/testkit'
import { bulkReads } from '#src/bulk-reads.js'
import type { Binding, Database, Dialect, Outcome, Session, Statement } from '#src/database.js'
import { rowWrites } from '#src/row-writes.js'
import { sqlKv, sweepKv } from '#src/sql-kv.js'
import { sqlRecords } from '#src/sql-records.js'
import { Batches } from '#src/sqlite/batch.js'
import { Connection } from '#src/sqlite/connection.js'
import type { Request, Verb, Verbs } from '#src/sqlite/verbs.js'
import { tableNames } from '#src/table-names.js'
import { message } from './message.js'
import { openFile, tempFolder } from './temp-store.js'

const post = model('post', {
  fields: { room: field.id(), id: field.int(), author: field.id(), score: field.int({ optional: true }) },
  key: ['room', 'id'],
  indexes: [['author', 'score']],
})

/** Notes each statement that it runs. */
class Noting extends Connection {
  readonly noted = new Map<string, Binding[]>()

  override all(sql: string, ...bindings: Binding[]) {
    this.noted.set(sql, bindings)
    return super.all(sql, ...bindings)
  }
  override get(sql: string, ...bindings: Binding[]) {
    this.noted.set(sql, bindings)
    return super.get(sql, ...bindings)
  }
  override iterate(sql: string, ...bindings: Binding[]) {
    this.noted.set(sql, bindings)
    return super.iterate(sql, ...bindings)
  }
  override run(sql: string, ...bindings: Binding[]) {
    this.noted.set(sql, bindings)
    return super.run(sql, ...bindings)
  }

  /** How SQLite goes about each, in one line; inserts look nothing up. */
  plans(): ReadonlyMap<string, string> {
    const plans = new Map<string, string>()
    for (const [sql, bindings] of [...this.noted]) {
      const plan = super.all(`explain query plan ${sql}`, ...bindings).map((row) => row[3])
      plans.set(sql, plan.join('; '))
    }
    return plans
  }
}

/** A file with the store's tables and one of a model, and the connection that notes. */
async function noting(t: Parameters<typeof tempFolder>[0]): Promise<Noting> {
  const file = join(tempFolder(t), 'chat.db')
  const setting = { models: [{ plugin: 'suite', model: post }], clock: new FakeClock() }
  await (await openFile(file, setting)).close()
  const connection = new Noting({ file, durability: 'unsafe' })
  t.teardown(() => connection.close())
  return connection
}

test('the log looks everything up by an index, and sorts only what a user asks of their own', async (t) => {
  const connection = await noting(t)
  const batches = new Batches(connection)
  let id = 0
  const request = <V extends Verb>(verb: V, payload: Verbs[V][0]) => [++id, verb, payload, 0] as unknown as Request
  const done = (answers: readonly (readonly [number, unknown, unknown])[]) => {
    for (const [, fault, value] of answers) t.true(fault === undefined && value !== undefined, String(id))
  }
  const open = { kind: 'direct', members: ['a', 'b'] }
  const writes = [
    request('append', message('c', 'a', '1', { open })),
    request('append', message('c', 'a', '1')),
    request('append', message('c', 'a', '2', { members: { join: [{ user: 'x' }], leave: ['b'] } })),
    request('append', message('c', 'a', '3')),
    request('mark', { conversation: 'c', user: 'x', read: 2, received: 3 }),
    request('rewrite', { conversation: 'c', seq: 1, body: '{}', by: 2, forget: 'author' }),
    request('begin', 'now'),
  ]
  for (const write of writes) done(batches.writes([write]).answers)
  const range = { conversation: 'c', from: 1, to: 9, limit: 9, bytes: 999 }
  done(
    batches.reads([
      request('find', ['c', 'a', '2']),
      request('head', 'c'),
      request('range', { ...range, dir: 'asc' }),
      request('range', { ...range, dir: 'desc' }),
      request('page', { user: 'a', conversation: 'c', limit: 9, bytes: 999 }),
      request('page', { user: 'a', conversation: 'c', limit: 200, bytes: 9, before: 3 }),
      request('page', { user: 'a', conversation: 'c', limit: 9, bytes: 9, after: 1, holds: '1' }),
      request('membership', 'c'),
      request('state', ['a', 'c']),
      request('state', ['b', 'c']),
      request('states', { user: 'a', after: 0, limit: 9 }),
      request('states', { user: 'x', after: 0, limit: 9 }),
      request('changed', [0, 9]),
      request('latest', undefined),
      request('holds', { incarnation: 'now', mark: 1 }),
    ]),
  )
  const plans = connection.plans()
  t.true(plans.size > 25, String(plans.size))
  for (const [sql, plan] of plans) {
    t.notRegex(plan, /SCAN (?!\(subquery)/, `${sql}: ${plan}`)
    t.regex(`${sql}: ${plan}`, /: (CO-ROUTINE \(subquery-1\); )?SEARCH .*USING|^insert .*: $/s)
    // a user's own conversations are in order of what changed only once they are read
    t.is(/TEMP B-TREE/.test(plan), /order by seen/.test(sql), `${sql}: ${plan}`)
  }
})

/** Runs statements as a store does. */
function sessionOf(connection: Connection): Session {
  const run = async (statement: Statement): Promise<Outcome> => connection.statement(statement)
  return { read: run, write: run } as unknown as Session
}
const knex = Knex.knex({ client: 'better-sqlite3', useNullAsDefault: true })
const dialect: Dialect = {
  knex,
  tables: tableNames(),
  orderBy: (column, dir) => knex.raw(`?? ${dir}`, [column]),
  matching: () => undefined,
  rowWrites: (session, table) => rowWrites(session, knex, table),
}

test('rows and key spaces are found by their key, and what expired by its time', async (t) => {
  const connection = await noting(t)
  const session = sessionOf(connection)
  const posts = sqlRecords<typeof post>(session, dialect, modelRules('suite', post), () => undefined)
  const key = { room: 'r', id: 1 }
  await posts.insert({ ...key, author: 'a' })
  await posts.upsert({ ...key, author: 'b' })
  await posts.updateIf({ ...key, author: 'b' }, { author: 'c' }, { score: 1 })
  await posts.get(key)
  await posts.take({ ...key, author: 'x' })
  await posts.take(key)
  await posts.remove({ author: 'c' })
  const kv = sqlKv(session, dialect, new FakeClock(), 'space')
  await kv.set('k', 'v')
  await kv.add('k', 'v', { ttlMs: 1 })
  await kv.get('k')
  await kv.take('k')
  await kv.delete('k')
  await sweepKv(session, dialect, 1, 2)
  const plans = connection.plans()
  t.is(plans.size, 13)
  for (const [sql, plan] of plans) t.regex(`${sql}: ${plan}`, /: SEARCH [^;]*USING [^;]*$|^insert .*: $/s)
})

test('a page of rows reads along one index, without sorting and without reading the table', async (t) => {
  const connection = await noting(t)
  const asked: Statement[] = []
  const session: Pick<Session, 'read'> = {
    async read(statement) {
      asked.push(statement)
      const rows = [
        ['r', 1, 'a', 1],
        ['r', 2, 'a', 1],
      ]
      return { rows, changes: 0 }
    },
  }
  const posts = sqlRecords<typeof post>(session as Session, dialect, modelRules('suite', post), () => undefined)
  for (const where of [{ room: 'r' }, { room: 'r', id: { gt: 5 } }, { author: 'a' }, { author: 'a', score: 1 }]) {
    for (const dir of ['asc', 'desc'] as const) {
      const { next } = await posts.page(where, { dir, limit: 1 })
      await posts.page(where, { dir, limit: 1, after: next! })
    }
  }
  t.is(asked.length, 16)
  for (const statement of asked) connection.statement(statement)
  for (const [sql, plan] of connection.plans()) {
    t.regex(plan, /SEARCH/, sql)
    t.notRegex(plan, /SCAN|TEMP B-TREE/, `${sql}: ${plan}`)
  }
})

test('a page of a copy is found by its place, without reading what comes before it', async (t) => {
  const connection = await noting(t)
  connection.run(
    "insert into natter_conversation values (1, 'a', 'group', 1, 1, 0, 1, 1), (2, 'b', 'group', 1, 1, 0, 1, 1)",
  )
  const reads = bulkReads({ ...dialect, ...sessionOf(connection), dialect: 'sqlite' } as Database)
  const places = {
    step: ['suite', 'one'],
    start: [1],
    kv: ['space', 'key'],
    conversation: ['a'],
    member: ['a', 'user'],
    entry: ['a', 1],
    row: ['suite', 'post', 'room', 1],
  } as const
  for (const [part, place] of Object.entries(places)) await reads[part as keyof typeof places](place, 9)
  const plans = [...connection.plans()].filter(([sql]) => !/^insert|natter_schema/.test(sql))
  t.true(plans.length > 10, String(plans.length))
  for (const [sql, plan] of plans) t.regex(`${sql}: ${plan}`, /: SEARCH [^;]* USING /s)
})
