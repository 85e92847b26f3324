import { fork } from 'node:child_process'
import { once } from 'node:events'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import knex from 'knex'
import type { Knex } from 'knex'
import { offline } from '@natter/offline'
import { sql } from '@natter/storage-sql'
import { configSchema, openStore } from '@natter/storage-mongo'
import { storageRouted } from '@natter/storage-routed'
import { createTestChat, FakeClock } from '@natter/testkit'
import { sourcesAt, SqlAndMongo } from './sql-and-mongo.js'
import type { Place } from './sql-and-mongo.js'

/** A host on the SQL database of a chat that has its messages in MongoDB. */
async function host(t: ExecutionContext, place: Place) {
  const db = knex({ client: 'pg', connection: place.sql })
  t.teardown(() => db.destroy())
  const storage = storageRouted({ stores: sourcesAt(place), log: 'mongo', records: { default: 'sql' } })
  const server = await createTestChat(t, { plugins: [offline()], storage })
  const ship = (trx: Knex.Transaction, id: string) =>
    server.chat.as('alice').send({ user: 'bob' }, { text: `shipped ${id}` }, { id, within: sql(trx) })
  return { ...server, db, ship }
}
const intentsIn = async (db: Knex) => (await db('natter_storage_sql_intent').select('id')).length

/** What MongoDB has, read past the chat. */
async function stored(place: Place): Promise<readonly (readonly [seq: number, clientId: string])[]> {
  const store = await openStore(configSchema.parse({ url: place.mongo }), new FakeClock())
  try {
    await store.prepare([], [])
    const found = []
    for (const { conversation } of await store.log.changed(0, 100)) {
      const entries = await store.log.range(conversation, { from: 1, to: 100, limit: 100, bytes: 100_000 })
      found.push(...entries.map(({ seq, clientId }) => [seq, clientId] as const))
    }
    return found
  } finally {
    await store.close()
  }
}

function tests(servers: SqlAndMongo): void {
  test.serial('within a transaction in SQL, the message goes to MongoDB if that commits, once', async (t) => {
    const place = await servers.place()
    const { db, clock, device, ship } = await host(t, place)
    const bob = await device('bob')
    const undone = db.transaction(async (trx) => {
      await ship(trx, 'o1')
      throw new Error('out of stock')
    })
    await t.throwsAsync(undone, { message: 'out of stock' })
    await db.transaction((trx) => ship(trx, 'o2'))
    t.like(await bob.next('m'), { 2: 1, 6: 'o2' })
    while ((await intentsIn(db)) > 0) await clock.advance(0)
    t.deepEqual(await stored(place), [[1, 'o2']])
  })

  for (const moment of ['after the commit', 'after the append']) {
    test.serial(
      `a process that is killed right ${moment} is followed by one that sends the message, once`,
      async (t) => {
        const place = await servers.place()
        const child = fork(new URL('./fixtures/dies-in-send.js', import.meta.url), [JSON.stringify(place), moment])
        const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
        t.is(signal, 'SIGKILL')
        const before = knex({ client: 'pg', connection: place.sql })
        t.is(await intentsIn(before), 1, 'the intent is still there')
        await before.destroy()
        t.deepEqual(await stored(place), moment === 'after the append' ? [[1, 'o1']] : [])
        const { db, clock } = await host(t, place)
        while ((await intentsIn(db)) > 0) await clock.advance(0)
        t.deepEqual(await stored(place), [[1, 'o1']])
      },
    )
  }
}

const servers = await SqlAndMongo.find(test)
if (servers) tests(servers)
