import test from 'ava'
import Knex from 'knex'
import { configSchema, openStore } from '@natter/storage-sql'
import { FakeClock, storageConformance } from '@natter/testkit'
import type { OpenStore } from '@natter/testkit'
import { message } from './message.js'
import { onServers } from './server-store.js'

const open = { kind: 'group', members: ['a'] }
const clients = { postgres: 'pg', mariadb: 'mysql2', mongo: '' }

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  const hostOf = (url: string, more: Knex.Knex.PoolConfig = {}) =>
    Knex.knex({ client: clients[kind], connection: url, pool: { min: 0, max: 5, ...more } })
  const storeOn = async (knex: Knex.Knex) => {
    const store = await openStore(configSchema.parse({ knex }), new FakeClock())
    await store.prepare([], [])
    return store
  }

  interface Opened extends OpenStore {
    readonly url: string
  }
  const openAt = async (
    url: string,
    { models, steps, clock }: Parameters<Parameters<typeof storageConformance>[1]['open']>[0],
  ): Promise<Opened> => {
    const knex = hostOf(url)
    const storage = await openStore(configSchema.parse({ knex }), clock)
    const close = () => storage.close().then(() => knex.destroy())
    try {
      await storage.prepare(models, steps ?? [])
    } catch (error) {
      await close()
      throw error
    }
    return { storage, url, close }
  }
  storageConformance<Opened>(test.serial, {
    name: `${kind} by the host's Knex`,
    open: async (setting) => openAt(await server.database(), setting),
    reopen: ({ url }, setting) => openAt(url, setting),
    beside: ({ url }, setting) => openAt(url, setting),
    without: ['elsewhere', 'refuse', 'copy', 'older', 'bulk'],
  })

  test.serial(`${kind}: the host's pool is used, left as it was, and stays open`, async (t) => {
    const url = await server.database()
    const knex = hostOf(url, { max: 1 })
    t.teardown(() => knex.destroy())
    const asked =
      kind === 'postgres'
        ? "select name, setting from pg_settings where name not in ('in_hot_standby') order by name"
        : 'show session variables'
    const settings = async () =>
      JSON.stringify(
        ((await knex.raw(asked)) as { rows?: unknown }).rows ?? ((await knex.raw(asked)) as unknown[])[0],
      ).replaceAll(
        /"(timestamp|pseudo_thread_id|last_[a-z_]*|rand_seed[12]|identity|error_count|warning_count|insert_id)","Value":"[^"]*"|"Variable_name":"(timestamp|identity|last_insert_id|rand_seed1|rand_seed2|error_count|warning_count|insert_id|last_gtid)","Value":"[^"]*"/g,
        '',
      )
    const before = await settings()
    const store = await storeOn(knex)
    t.is((await store.log.append(message('c', 'a', '1', { open }))).status, 'appended')
    await Promise.all([store.kv('a').set('k', 'v'), store.log.head('c'), store.probe()])
    await store.close()
    t.is(await settings(), before)
    if (kind === 'postgres') {
      const { rows } = await knex.raw<{ rows: unknown[] }>('select name from pg_prepared_statements')
      t.deepEqual(rows, [])
    }
    const [row] = await knex('natter_conversation').select('id')
    t.deepEqual(row, { id: 'c' })
  })

  test.serial(
    `${kind}: a connection of the host's that may lose messages is refused, also when it comes later`,
    async (t) => {
      const weaken = kind === 'postgres' ? 'set synchronous_commit = off' : "set session sql_mode = ''"
      let weak = true
      const knex = hostOf(await server.database(), {
        afterCreate: (
          connection: { query(sql: string, done: (error: Error | null) => void): void },
          done: (error: Error | null, connection: unknown) => void,
        ) => (weak ? connection.query(weaken, (error) => done(error, connection)) : done(null, connection)),
      })
      t.teardown(() => knex.destroy())
      const code = kind === 'postgres' ? 'STORAGE_SQL_DURABILITY_WEAK' : 'STORAGE_SQL_SERVER_UNFIT'
      await t.throwsAsync(openStore(configSchema.parse({ knex }), new FakeClock()), { code })
      await knex.destroy()
      weak = false
      knex.initialize()
      const store = await storeOn(knex)
      t.is((await store.log.append(message('c', 'a', '1', { open }))).status, 'appended')
      weak = true
      await knex.destroy()
      knex.initialize()
      await t.throwsAsync(store.log.append(message('c', 'a', '2')), { code })
      await store.close()
    },
  )
})

test('a Knex of another database, and what is none, are refused in words', async (t) => {
  const knex = Knex.knex({ client: 'better-sqlite3', useNullAsDefault: true })
  await t.throwsAsync(openStore(configSchema.parse({ knex }), new FakeClock()), {
    code: 'STORAGE_SQL_SERVER_UNFIT',
    message: /its client is "better-sqlite3".*\n.*"pg" or "mysql2"/,
  })
  for (const none of [5, {}, () => 1])
    t.throws(() => configSchema.parse({ knex: none }), { message: /instance of Knex/ })
})
