import test from 'ava'
import Knex from 'knex'
import mysql from 'mysql2'
import * as pg from 'pg'
import { field, model } from '@natter/core/contract'
import { modelRules } from '@natter/core/storage'
import { FaultyLink } from '@natter/servers'
import { FakeClock } from '@natter/testkit'
import { faultOf as mysqlFaultOf } from '#src/mysql/faults.js'
import { mysqlLogSql } from '#src/mysql/log-sql.js'
import { MysqlPool } from '#src/mysql/mysql-pool.js'
import { mysqlRowWrites } from '#src/mysql/row-writes.js'
import { faultOf as postgresFaultOf } from '#src/postgres/faults.js'
import { postgresLogSql } from '#src/postgres/log-sql.js'
import { PostgresPool } from '#src/postgres/postgres-pool.js'
import { rowWrites } from '#src/row-writes.js'
import { ServerSession } from '#src/server/server-session.js'
import type { Query, Wire, WirePool } from '#src/server/wire.js'
import { sqlKv, sweepKv } from '#src/sql-kv.js'
import { sqlRecords } from '#src/sql-records.js'
import { tableNames } from '#src/table-names.js'
import { message } from './message.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const post = model('post', {
  fields: { room: field.id(), id: field.int(), author: field.id(), score: field.int({ optional: true }) },
  key: ['room', 'id'],
  indexes: [['author', 'score']],
})
const setting = { models: [{ plugin: 'suite', model: post }], clock: new FakeClock() }
const limits = { batch: 256, queue: 10_000, connections: 6 }
const own = { connections: 6, patience: 10_000, monotonic: () => 0 }
const open = { kind: 'direct', members: ['a', 'b'] }

/** A pool that notes what goes through it, one list for each round trip. */
class NotingPool implements WirePool {
  readonly trips: (readonly Query[])[] = []
  lent = 0
  readonly #pool: WirePool
  #held: { readonly held: () => void; readonly go: Promise<void>; readonly what: RegExp } | undefined

  constructor(pool: WirePool) {
    this.#pool = pool
  }

  use<T>(run: (wire: Wire) => Promise<T>): Promise<T> {
    this.lent++
    return this.#pool.use((wire) => run({ run: (queries) => this.#run(wire, queries) }))
  }

  /** From now on a commit is not sent before `go`, which is behind what the batch wrote. Resolves when one is held back. */
  hold(go: Promise<void>, what = /^commit$/): Promise<void> {
    return new Promise((held) => {
      this.#held = { held, go, what }
    })
  }

  async #run(wire: Wire, queries: readonly Query[]) {
    this.trips.push(queries)
    const hold = this.#held
    if (!hold?.what.test(queries.at(-1)?.sql ?? '')) return wire.run(queries)
    const written = await wire.run(queries.slice(0, -1))
    hold.held()
    await hold.go
    return [...written, ...(await wire.run(queries.slice(-1)))]
  }

  ask(query: Query) {
    return this.#pool.use((wire) => wire.run([query]))
  }

  close(): Promise<void> {
    return this.#pool.close()
  }
}

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  const postgres = kind === 'postgres'
  const tables = tableNames()

  async function noting(
    t: { teardown(run: () => Promise<void>): void },
    many = 0,
    link?: (url: string) => Promise<string>,
  ) {
    const url = await server.database()
    const store = await openUrl(url, setting)
    // plans are worth looking at where tables are not empty
    for (let from = 0; from < many; from += 500) {
      const sends = Array.from({ length: 500 }, (_, i) =>
        message(`c${(from + i) % 200}`, i % 2 ? 'a' : 'b', `m${from + i}`, { open }),
      )
      await Promise.all(sends.map((each) => store.log.append(each)))
    }
    await store.close()
    const way = { ...own, url: link ? await link(url) : url, ...(link && { patience: 300 }) }
    const pool = new NotingPool(
      postgres ? new PostgresPool(pg, { ...way, durability: 'full' }) : new MysqlPool(mysql, way),
    )
    const sql = postgres ? postgresLogSql(tables) : mysqlLogSql(tables, true)
    const session = new ServerSession(pool, sql, postgres ? postgresFaultOf : mysqlFaultOf, limits)
    t.teardown(() => session.close())
    return { pool, session, url }
  }

  test.serial(
    `${kind}: a hundred sends that come together are a commit in each lane, in two round trips`,
    async (t) => {
      const { pool, session } = await noting(t)
      const conversations = Array.from({ length: 20 }, (_, i) => `c${i}`)
      await Promise.all(conversations.map((c) => session.log.append(message(c, 'a', 'first', { open }))))
      pool.trips.length = 0
      const sends = Array.from({ length: 100 }, (_, i) =>
        session.log.append(message(conversations[i % 20]!, i % 2 ? 'a' : 'b', `m${i}`)),
      )
      t.true((await Promise.all(sends)).every(({ status }) => status === 'appended'))
      t.is(pool.trips.flat().filter(({ sql }) => sql === 'commit').length, 2)
      t.is(pool.trips.length, 4)
      t.is(pool.trips.flat().filter(({ sql }) => sql.startsWith('insert')).length, 2)
    },
  )

  test.serial(
    `${kind}: the mark is raised behind everything but what needs it, and the commit follows at once`,
    async (t) => {
      const { pool, session } = await noting(t)
      await session.log.append(message('c', 'a', '1', { open: { kind: 'group', members: ['a', 'b'] } }))
      pool.trips.length = 0
      await Promise.all([
        session.log.append(message('c', 'a', '2', { members: { join: [{ user: 'd' }] } })),
        session.log.mark('c', 'b', { read: 1 }),
        session.log.rewrite('c', 1, { body: '{}', by: 2 }),
      ])
      const last = pool.trips.at(-1)!.map(({ sql }) =>
        /^(update|insert into|select|commit)( .*?natter_(\w+))?/s
          .exec(sql)
          ?.slice(1, 4)
          .filter((_, i) => i !== 1)
          .join(' ')
          .trim(),
      )
      const mark = last.indexOf('update meta')
      t.deepEqual(
        last.slice(mark).map((each) => each?.replace('select', 'insert into')),
        ['update meta', 'update conversation', 'insert into member', 'commit'],
      )
      t.true(mark > 1)
    },
  )

  test.serial(`${kind}: who follows the changes misses none of a writer that commits late`, async (t) => {
    const { pool, session, url } = await noting(t)
    const other = await openUrl(url, setting)
    t.teardown(() => other.close())
    let go = (): void => undefined
    const held = pool.hold(new Promise<void>((resolve) => (go = resolve)))
    const late = session.log.append(message('late', 'a', '1', { open }))
    await held
    let done = false
    const early = other.log.append(message('early', 'a', '1', { open })).finally(() => (done = true))
    // What innodb_trx tells is not made anew while somebody asks again and again; the status is.
    const sql = postgres
      ? "select pid from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'"
      : 'show engine innodb status'
    const waits = async () => {
      const { rows } = (await pool.ask({ sql, bindings: [] }))[0]!
      if (postgres) return rows.length > 0
      const [, transactions = ''] = String(rows[0]![2]).split('\nTRANSACTIONS\n')
      return transactions.includes('LOCK WAIT')
    }
    // the other has committed, or waits
    while (!done && !(await waits())) continue
    const before = await other.log.changed(0, 10)
    go()
    await Promise.all([late, early])
    const behind = await other.log.changed(before.at(-1)?.mark ?? 0, 10)
    t.deepEqual([...before, ...behind].map(({ conversation }) => conversation).toSorted(), ['early', 'late'])
  })

  test.serial(`${kind}: a server that says nothing is given up, and what it was asked is done once`, async (t) => {
    let link: FaultyLink | undefined
    const { pool, session } = await noting(t, 0, async (url) => (link = await FaultyLink.open(url)).url)
    t.teardown(() => link!.close())
    await session.log.append(message('c', 'a', '1', { open }))
    link!.stall('replies')
    const append = session.log.append(message('c', 'a', '2'))
    const lent = pool.lent
    // until another connection is wanted in place of the one that is given up
    while (pool.lent < lent + 2) await new Promise((resolve) => setImmediate(resolve))
    link!.pass()
    const answer = await append
    t.deepEqual(['seq' in answer && answer.seq, answer.status], [2, 'appended'])
    t.is((await session.log.head('c'))?.seq, 2)
  })

  if (!postgres) {
    test.serial('mariadb: what answers a retry has a commit of its own behind it', async (t) => {
      const { pool, session } = await noting(t)
      await session.log.append(message('c', 'a', '1', { open }))
      pool.trips.length = 0
      t.is((await session.log.append(message('c', 'a', '1'))).status, 'duplicate')
      t.deepEqual(
        pool.trips.at(-1)!.map(({ sql }) => /^\w+/.exec(sql)?.[0]),
        ['update', 'commit'],
      )
    })

    const asked = (pool: NotingPool) => pool.trips.flat().map(({ sql }) => /\w+/.exec(sql)?.[0])

    test.serial('mariadb: what this node was told is committed is read without more', async (t) => {
      const { pool, session } = await noting(t)
      await session.log.append(message('c', 'a', '1', { open }))
      pool.trips.length = 0
      t.is((await session.log.find('c', 'a', '1'))?.seq, 1)
      t.is((await session.log.page!('b', 'c', { limit: 1, bytes: 1_000 }))?.head, 1)
      t.deepEqual(asked(pool), ['select', 'select', 'select', 'select'])
    })

    test.serial('mariadb: what another node committed is told once a commit behind it is on the disk', async (t) => {
      const { pool, session, url } = await noting(t)
      const other = await openUrl(url, setting)
      t.teardown(() => other.close())
      await other.log.append(message('c', 'a', '1', { open }))
      pool.trips.length = 0
      let go = (): void => undefined
      const held = pool.hold(new Promise<void>((resolve) => (go = resolve)), /^insert/)
      let told = false
      const reads = [
        session.log.head('c'),
        session.log.state('b', 'c'),
        session.log.membership('c'),
        session.log.page!('b', 'c', { limit: 1, bytes: 1_000 }),
      ].map((read) => read.finally(() => (told = true)))
      await held
      // a row that is no part of the log goes the same way, and waits for nothing
      await session.read({ sql: 'select 1', bindings: [], rows: true })
      t.false(told)
      go()
      t.true((await Promise.all(reads)).every((each) => each !== undefined))
      t.is(asked(pool).filter((each) => each === 'insert').length, 1)
      pool.trips.length = 0
      t.is((await session.log.head('c'))?.seq, 1)
      t.deepEqual(asked(pool), ['select', 'select'])
    })
  }

  test.serial(`${kind}: everything is looked up by an index`, async (t) => {
    const { pool, session } = await noting(t, 4_000)
    const { log } = session
    await log.append(message('x', 'a', '1', { open }))
    await log.append(message('x', 'a', '2', { members: { join: [{ user: 'x' }], leave: ['b'] } }))
    await log.append(message('x', 'a', '3'))
    await log.append(message('x', 'a', '3'))
    await log.mark('x', 'x', { read: 2, received: 3 })
    await log.rewrite('x', 1, { body: '{}', by: 2, forget: 'author' })
    const { incarnation, mark } = await log.begin()
    await log.find('c1', 'a', 'm1')
    await log.head('c1')
    for (const dir of ['asc', 'desc'] as const) await log.range('c1', { from: 1, to: 9, limit: 9, bytes: 999, dir })
    await log.membership('c1')
    await log.state('a', 'c1')
    await log.states('a', { after: 0, limit: 9 })
    await log.changed(0, 9)
    await log.latest()
    await log.holds({ incarnation, mark })

    const knex = Knex.knex({ client: postgres ? 'pg' : 'mysql2' })
    const dialect = {
      knex,
      tables,
      orderBy: (column: string, dir: 'asc' | 'desc', inKey: boolean) =>
        knex.raw(inKey || !postgres ? `?? ${dir}` : `?? ${dir} nulls ${dir === 'asc' ? 'first' : 'last'}`, [column]),
      matching: () => undefined,
      rowWrites: (_: unknown, table: Parameters<typeof rowWrites>[2]) =>
        postgres ? rowWrites(session, knex, table) : mysqlRowWrites(session, knex, table),
    }
    const posts = sqlRecords<typeof post>(session, dialect, modelRules('suite', post), () => undefined)
    await Promise.all(
      Array.from({ length: 500 }, (_, i) =>
        posts.insert({ room: `r${i % 9}`, id: i, author: `u${i % 7}`, ...(i % 3 && { score: i }) }),
      ),
    )
    const key = { room: 'r', id: 1 }
    await posts.upsert({ ...key, author: 'b' })
    await posts.updateIf({ ...key, author: 'b' }, { author: 'c' }, { score: 1 })
    await posts.get(key)
    for (const where of [
      { room: 'r1' },
      { room: 'r1', id: { gt: 5 } },
      { author: 'u1' },
      { author: 'u1', score: { gt: 1 } },
    ]) {
      for (const dir of ['asc', 'desc'] as const) {
        const { next } = await posts.page(where, { dir, limit: 1 })
        await posts.page(where, { dir, limit: 1, after: next! })
      }
    }
    await posts.take(key)
    await posts.remove({ author: 'c' })
    const kv = sqlKv(session, dialect, new FakeClock(), 'space')
    await kv.set('k', 'v')
    await kv.add('k', 'v', { ttlMs: 1 })
    await kv.get('k')
    await kv.take('k')
    await kv.delete('k')
    await sweepKv(session, dialect, 1, 2)

    const asked = new Map(pool.trips.flat().map((query) => [query.sql, query]))
    const explained = [...asked.values()].filter(({ sql }) => /^\s*(select|insert|update|delete)/.test(sql))
    t.true(explained.length > 35, String(explained.length))
    // Without figures of the table the plan is a guess, and the server takes them at a moment of its own.
    if (postgres) await pool.ask({ sql: 'analyze natter_suite_post', bindings: [] })
    for (const { sql, bindings } of explained) {
      const [plan] = await pool.ask({ sql: `explain ${sql}`, bindings })
      const lines = plan!.rows.map((row) => row.join(' '))
      // a whole table is read only where it is a list that came with the statement
      const scans = postgres
        ? lines.filter((line) => /Seq Scan/.test(line))
        : plan!.rows
            .filter(
              ([, what, table, type]) =>
                what !== 'INSERT' && type === 'ALL' && typeof table === 'string' && !/^(k|s|e|p|<.*>)$/.test(table),
            )
            .map(String)
      t.deepEqual(scans, [], `${sql}\n${lines.join('\n')}`)
      // what is absent comes last when descending, and is looked for beside what is there
      if (postgres && /natter_suite_post/.test(sql) && !/is null/.test(sql))
        t.notRegex(lines.join('\n'), /^\s*(->)?\s*Sort/m, sql)
    }
  })
})
