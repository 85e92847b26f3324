import { fork } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { ExecutionContext, TestFn } from 'ava'
import type { Knex } from 'knex'
import { createTestChat } from '@natter/testkit'
import type { FakeClock } from '@natter/testkit'
import { offline } from '@natter/offline'
import { sql, storageSql } from '@natter/storage-sql'
import { hostKnex } from './fixtures/libsql-knex.js'
import { onServers } from './server-store.js'
import { tempFolder } from './temp-store.js'

type Place = (t: ExecutionContext) => Promise<string>

/** The host's own database, with a table of orders, and the chat on it. */
async function host(t: ExecutionContext, url: string) {
  const db = hostKnex(url)
  t.teardown(() => db.destroy())
  if (!(await db.schema.hasTable('orders'))) {
    await db.schema.createTable('orders', (table) => table.string('id', 64).primary())
  }
  const server = await createTestChat(t, { plugins: [offline()], storage: storageSql({ url }) })
  const { chat } = server
  /** Ships an order: a row of the host and a message, both or neither. */
  const ship = async (trx: Knex.Transaction, id: string, text = `shipped ${id}`) => {
    await trx('orders').insert({ id })
    return chat.as('alice').send({ user: 'bob' }, { text }, { id, within: sql(trx) })
  }
  return { ...server, db, ship }
}
/** Until no intent is left. */
async function sent(db: Knex, clock: FakeClock): Promise<void> {
  while ((await db('natter_storage_sql_intent').select('id')).length > 0) await clock.advance(0)
}
const texts = (frames: readonly (readonly unknown[])[]) =>
  frames.filter(([kind]) => kind === 'm').map((frame) => (frame[7] as { text: string }).text)

function within(test: TestFn, name: string, place: Place, oneWriter: boolean): void {
  test.serial(`${name}: committed, the message is stored once and delivered`, async (t) => {
    const { db, device, ship, chat } = await host(t, await place(t))
    const bob = await device('bob')
    const pending = await db.transaction(async (trx) => {
      const first = await ship(trx, 'o1')
      await ship(trx, 'o2')
      return first
    })
    const conversation = chat.conversations.direct('alice', 'bob')
    t.deepEqual(pending, { durability: 'pending', conversation, clientId: 'o1' })
    t.deepEqual((await bob.next('m')).slice(1, 5), [conversation, 1, 1, 'alice'])
    t.like(await bob.next('m'), { 2: 2, 6: 'o2', 7: { text: 'shipped o2' } })
    t.is((await chat.conversations.entry('bob', `${conversation}/1`)).clientId, 'o1')
  })

  test.serial(`${name}: rolled back, there is no row and no event`, async (t) => {
    const { db, clock, device, ship } = await host(t, await place(t))
    const bob = await device('bob')
    const wrong = db.transaction(async (trx) => {
      await ship(trx, 'o1')
      throw new Error('out of stock')
    })
    await t.throwsAsync(wrong, { message: 'out of stock' })
    await db.transaction((trx) => ship(trx, 'o2'))
    t.like(await bob.next('m'), { 2: 1, 6: 'o2' })
    t.deepEqual(texts(bob.frames), ['shipped o2'])
    await sent(db, clock)
  })

  test.serial(`${name}: a part of a transaction that was undone sends nothing, the rest does`, async (t) => {
    const { db, device, ship } = await host(t, await place(t))
    const bob = await device('bob')
    await db.transaction(async (trx) => {
      await ship(trx, 'o1')
      const part = trx.transaction(async (inner) => {
        await ship(inner, 'o2')
        throw new Error('not this one')
      })
      await t.throwsAsync(part, { message: 'not this one' })
      await trx.transaction((inner) => ship(inner, 'o3'))
    })
    await bob.next('m')
    await bob.next('m')
    t.deepEqual(texts(bob.frames), ['shipped o1', 'shipped o3'])
  })

  test.serial(`${name}: the process dies right after the commit, and the next one sends it, once`, async (t) => {
    const url = await place(t)
    const { db, chat } = await host(t, url)
    await chat.stop()
    const script = fileURLToPath(new URL('./fixtures/dies-after-commit.js', import.meta.url))
    const child = fork(script, [url], { execArgv: [] })
    const [, signal] = (await once(child, 'exit')) as [unknown, string]
    t.is(signal, 'SIGKILL')
    t.is((await db('orders').select('id')).length, 1)
    const next = await createTestChat(t, { plugins: [offline()], storage: storageSql({ url }) })
    await sent(db, next.clock)
    const alice = await next.device('alice')
    const bob = await next.device('bob')
    const page = async () =>
      (await bob.request('offline.page', {
        conversation: chat.conversations.direct('alice', 'bob'),
        limit: 10,
      })) as { readonly entries: readonly (readonly unknown[])[] }
    await alice.message({ user: 'bob' }, { text: 'thanks' })
    t.deepEqual((await page()).entries.map(([seq, , , , clientId]) => [seq, clientId]).slice(0, 1), [[1, 'o1']])
    t.is((await page()).entries.length, 2)
  })

  test.serial(`${name}: the same id is sent once, and with another body it is a conflict`, async (t) => {
    const { db, device, ship, chat } = await host(t, await place(t))
    const bob = await device('bob')
    await db.transaction((trx) => ship(trx, 'o1'))
    await bob.next('m')
    const again = (text: string) =>
      db.transaction((trx) => chat.as('alice').send({ user: 'bob' }, { text }, { id: 'o1', within: sql(trx) }))
    t.like(await again('shipped o1'), { durability: 'pending' })
    await t.throwsAsync(again('another'), { code: 'NATTER_CONFLICT' })
    await db.transaction((trx) => ship(trx, 'o2'))
    t.like(await bob.next('m'), { 2: 2, 6: 'o2' })
  })

  if (!oneWriter) {
    test.serial(`${name}: a transaction that is held open delays nobody`, async (t) => {
      const { db, device, ship } = await host(t, await place(t))
      const [alice, bob] = [await device('alice'), await device('bob')]
      const trx = await db.transaction()
      await ship(trx, 'o1')
      await alice.message({ user: 'bob' }, { text: 'meanwhile' })
      await db.transaction((other) => ship(other, 'o2'))
      await bob.next('m')
      await bob.next('m')
      await trx.commit()
      await bob.next('m')
      t.deepEqual(texts(bob.frames), ['meanwhile', 'shipped o2', 'shipped o1'])
    })
  }

  test.serial(`${name}: what cannot be within is refused in words, and nothing is sent`, async (t) => {
    const { db, chat, device, ship } = await host(t, await place(t))
    const bob = await device('bob')
    t.throws(() => sql(db as never), { code: 'STORAGE_INVALID', message: /open transaction of Knex/ })
    t.throws(() => sql(undefined as never), { code: 'STORAGE_INVALID' })
    const ended = await db.transaction()
    await ended.commit()
    t.throws(() => sql(ended), { code: 'STORAGE_INVALID', message: /has ended/ })
    const send = (given: unknown) =>
      chat.as('alice').send({ user: 'bob' }, { text: 'x' }, { within: given as never }) as Promise<unknown>
    for (const given of [undefined, null, {}, db]) {
      await t.throwsAsync(send(given), { code: 'NATTER_INVALID', message: /within: sql\(trx\)/ })
    }
    await t.throwsAsync(send({ database: 'mongo' }), { code: 'STORAGE_INVALID', message: /"mongo"/ })
    const elsewhere = hostKnex(`sqlite:${join(tempFolder(t), 'another.db')}`)
    t.teardown(() => elsewhere.destroy())
    await t.throwsAsync(
      elsewhere.transaction((trx) => send(sql(trx))),
      { code: 'STORAGE_UNAVAILABLE', message: /one of the database that storageSql was given/ },
    )
    await db.transaction((trx) => ship(trx, 'o1'))
    t.like(await bob.next('m'), { 2: 1, 6: 'o1' })
  })
}

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  within(test, kind, () => server.database(), false)

  test.serial(`${kind}: on the host's own pool, it is the same`, async (t) => {
    const db = hostKnex(await server.database())
    t.teardown(() => db.destroy())
    const { chat, device, clock } = await createTestChat(t, { plugins: [offline()], storage: storageSql({ knex: db }) })
    const bob = await device('bob')
    const send = (trx: Knex.Transaction, id: string) =>
      chat.as('alice').send({ user: 'bob' }, { text: id }, { id, within: sql(trx) })
    const undone = db.transaction(async (trx) => {
      await send(trx, 'o1')
      throw new Error('out of stock')
    })
    await t.throwsAsync(undone, { message: 'out of stock' })
    await db.transaction((trx) => send(trx, 'o2'))
    t.like(await bob.next('m'), { 2: 1, 6: 'o2' })
    await sent(db, clock)
  })
})
within(test, 'sqlite', async (t) => `sqlite:${join(tempFolder(t), 'chat.db')}`, true)
