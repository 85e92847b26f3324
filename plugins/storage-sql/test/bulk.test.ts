import test from 'ava'
import Knex from 'knex'
import mysql from 'mysql2/promise'
import type { BulkLines, BulkPart } from '@natter/core/contract'
import { copyStore } from '@natter/core/storage'
import { configSchema, openStore } from '@natter/storage-sql'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { bulkReads } from '#src/bulk-reads.js'
import { statementsOf } from '#src/bulk-writes.js'
import type { Binding, Database, Statement } from '#src/database.js'
import { tableNames } from '#src/table-names.js'
import { message } from './message.js'
import { onServer } from './server-store.js'

await onServer(test, 'mariadb', (server) => {
  test.serial('mariadb: lines that are too long for one statement together are copied', async (t) => {
    const memory = new MemoryStore({ clock: new FakeClock() })
    await memory.prepare([], [])
    const open = { kind: 'direct', members: ['a', 'b'] }
    // a quote is two bytes when it is sent
    const body = JSON.stringify("'".repeat(100_000))
    for (let i = 0; i < 90; i++) await memory.log.append(message('c', 'a', `${i}`, { open, body }))
    const store = await openStore(configSchema.parse({ url: await server.database() }), new FakeClock())
    t.teardown(() => store.close())
    const parts = await copyStore('memory', memory, store)
    t.is(parts.find(({ part }) => part === 'entry')?.lines, 90)
  })

  test.serial('mariadb: a page in the middle of a store reads few rows more than it gives', async (t) => {
    const url = await server.database()
    const store = await openStore(configSchema.parse({ url }), new FakeClock())
    t.teardown(() => store.close())
    const { bulk } = store
    const write = <P extends BulkPart>(part: P, count: number, line: (i: number) => BulkLines[P]) =>
      bulk.write(
        part,
        Array.from({ length: count }, (_, i) => line(i)),
        'somewhere',
      )
    const id = (i: number) => `c${String(i).padStart(4, '0')}`
    const columns = [
      { name: 'room', type: 'id', max: 64 },
      { name: 'n', type: 'int' },
    ] as const
    await bulk.begin('test')
    await write('model', 1, () => ({ plugin: 'suite', name: 'post', key: ['room', 'n'], columns }))
    await write('kv', 3_000, (i) => ({ space: `s${i % 2}`, key: String(i).padStart(4, '0'), value: 'v' }))
    const conversation = { kind: 'group', seq: 4, n: 4, at: 0, version: 1, mark: 1 }
    await write('conversation', 750, (i) => ({ ...conversation, id: id(i) }))
    const member = { floor: 0, left: 0, read: 0, received: 0, mark: 1 }
    await write('member', 3_000, (i) => ({ ...member, conversation: id(Math.floor(i / 4)), user: `u${i % 4}` }))
    const entry = { from: 'u0', at: 0, body: '{}', digest: '', changedBy: 0 }
    await write('entry', 3_000, (i) => {
      const seq = (i % 4) + 1
      return { ...entry, conversation: id(Math.floor(i / 4)), seq, n: seq, clientId: `${i}` }
    })
    await write('row', 3_000, (i) => ({ plugin: 'suite', model: 'post', cells: { room: `r${i % 2}`, n: i } }))

    const connection = await mysql.createConnection(url)
    t.teardown(() => connection.end())
    const rowsOf = async (sql: string, bindings: readonly Binding[] = []) => {
      const [rows] = await connection.query({ sql, values: [...bindings], rowsAsArray: true })
      return rows as unknown as readonly (readonly Binding[])[]
    }
    const reads = bulkReads({
      dialect: 'mariadb',
      knex: Knex.knex({ client: 'mysql2' }),
      tables: tableNames(),
      read: async ({ sql, bindings }: Statement) => ({ rows: await rowsOf(sql, bindings), changes: 0 }),
    } as unknown as Database)
    const places = {
      kv: ['s0', '2000'],
      conversation: [id(400)],
      member: [id(400), 'u1'],
      entry: [id(400), 2],
      row: ['suite', 'post', 'r1', 1_001],
    } as const
    for (const [part, place] of Object.entries(places)) {
      await connection.query('flush status')
      t.is((await reads[part as keyof typeof places](place, 101)).length, 101, part)
      const read = await rowsOf("show session status like 'Handler_read%'")
      const sum = read.reduce((all, [, count]) => all + Number(count), 0)
      t.true(sum < 900, `${part}: ${sum} rows`)
    }
  })
})

test('rows share a statement as far as databases take it', (t) => {
  const sizes = (rows: readonly Record<string, Binding>[]) => statementsOf(rows).map(({ length }) => length)
  const rows = (count: number, row: Record<string, Binding>) => Array.from({ length: count }, () => row)
  t.deepEqual(sizes([]), [])
  t.deepEqual(sizes(rows(1_000, { a: 1 })), [400, 400, 200])
  const wide = Object.fromEntries(Array.from({ length: 100 }, (_, i) => [`column${i}`, i]))
  t.deepEqual(sizes(rows(150, wide)), [100, 50])
  t.deepEqual(sizes(rows(5, { text: 'x'.repeat(250_000) })), [2, 2, 1])
  t.deepEqual(sizes([{ a: '' }, { a: 'x'.repeat(1_000_000) }, { a: '' }]), [1, 1, 1])
})
