import test from 'ava'
import { definePlugin, createChat } from '@natter/core'
import { memorySource, FakeClock, MemoryStore } from '@natter/testkit'
import type { OpenedStore, StoreSource } from '@natter/core/storage'
import { storageRouted } from '@natter/storage-routed'
import { note, openRouted, owned, picture, storageWith } from './routed.js'

const clock = new FakeClock()
const pair = () => ({ sql: new MemoryStore({ clock }), mongo: new MemoryStore({ clock }) })
const sourcesOf = ({ sql, mongo }: ReturnType<typeof pair>) => ({ sql: memorySource(sql), mongo: memorySource(mongo) })
const models = [...owned('poll', note, picture), ...owned('files', note)]
const opening = { conversation: 'c', from: 'a', clientId: '1', at: 1, body: '{}', digest: 'd', counts: true }

test('each kind of data is in the store that it is routed to, and in no other', async (t) => {
  const kept = pair()
  const { storage } = await openRouted(
    sourcesOf(kept),
    { records: { default: 'sql', files: 'mongo', 'poll.picture': 'mongo' }, kv: { files: 'mongo' } },
    { models, plugins: ['poll', 'files'] },
  )
  for (const { plugin, model } of models)
    await storage.records(plugin, model).insert({ id: 'x', ...(model === note && { text: 'y' }) })
  await storage.kv('poll.seen').set('k', 'v')
  await storage.kv('files.seen').set('k', 'v')
  await storage.log.append({ ...opening, open: { kind: 'group', members: ['a'] } })

  const own = 'storage-routed'
  const sql = await kept.sql.inventory()
  t.deepEqual(sql.models, [{ plugin: 'poll', model: 'note' }])
  t.deepEqual(sql.keys.toSorted(), ['poll', own])
  const mongo = await kept.mongo.inventory()
  t.deepEqual(mongo.models, [
    { plugin: 'poll', model: 'picture' },
    { plugin: 'files', model: 'note' },
  ])
  t.deepEqual(mongo.keys.toSorted(), ['files', own])
  t.is(await kept.sql.log.head('c'), undefined)
  t.is((await kept.mongo.log.head('c'))?.seq, 1)
})

test('it is as good as its weakest store, says of both what they are, and closes both', async (t) => {
  const calls: string[] = []
  let down: string | undefined
  const source = (name: string, durable: boolean): StoreSource => ({
    kind: 'store',
    backend: 'test',
    async open({ clock: given }): Promise<OpenedStore> {
      const probe = async () => {
        calls.push(`probe ${name}`)
        if (name === down) throw new Error(`${name} is down`)
      }
      return {
        storage: storageWith(new MemoryStore({ clock: given }), { description: `the store ${name}`, durable, probe }),
        sweep: async () => void calls.push(`sweep ${name}`),
        close: () => void calls.push(`close ${name}`),
      }
    },
  })
  const durable = await openRouted({ sql: source('sql', true), mongo: source('mongo', true) })
  t.true(durable.storage.durable)
  t.is(durable.storage.description, 'mongo: the store mongo; sql: the store sql')
  const weak = await openRouted({ sql: source('sql', true), mongo: source('mongo', false) })
  t.false(weak.storage.durable)
  for (const name of ['sql', 'mongo']) {
    down = name
    await t.throwsAsync(weak.storage.probe(), { message: `${name} is down` })
  }
  down = undefined
  calls.length = 0
  await weak.storage.probe()
  await weak.sweep?.()
  await weak.close()
  t.deepEqual(calls.toSorted(), ['close mongo', 'close sql', 'probe mongo', 'probe sql', 'sweep mongo', 'sweep sql'])
})

test('when one store cannot be opened, the others are closed again', async (t) => {
  const kept = pair()
  const closed: string[] = []
  const sql: StoreSource = {
    ...memorySource(kept.sql),
    open: async (host) => ({ ...(await memorySource(kept.sql).open(host)), close: () => void closed.push('sql') }),
  }
  const mongo: StoreSource = { ...memorySource(), open: () => Promise.reject(new Error('no server')) }
  await t.throwsAsync(openRouted({ sql, mongo }), { message: 'no server' })
  t.deepEqual(closed, ['sql'])
})

const mistakes = [
  ['log', { log: 'mogno' }, 'STORE_UNKNOWN', /"log" names the store "mogno".*Did you mean "mongo"/s],
  [
    'records',
    { records: { default: 'sql', poll: 'x' } },
    'STORE_UNKNOWN',
    /"records.poll" names the store "x".*sql, mongo/s,
  ],
  ['kv', { kv: { default: 'sqll' } }, 'STORE_UNKNOWN', /"kv.default".*Did you mean "sql"/s],
  ['leave', { leave: { sq: ['log'] } }, 'STORE_UNKNOWN', /"leave".*Did you mean "sql"/s],
  ['a store that is not used', { log: 'sql' }, 'STORE_UNUSED', /Nothing leads to the store "mongo"/],
  ['a plugin', { records: { default: 'sql', flies: 'mongo' } }, 'ROUTE_UNKNOWN', /"flies".*Did you mean "files"/s],
  ['a model', { records: { default: 'sql', 'poll.notes': 'mongo' } }, 'ROUTE_UNKNOWN', /"poll.notes".*"poll.note"/s],
  ['the plugin of keys', { kv: { pol: 'mongo' } }, 'ROUTE_UNKNOWN', /"kv".*"pol".*Did you mean "poll"/s],
] as const
for (const [what, options, code, message] of mistakes) {
  test(`a wrong name is told before anything is written: ${what}`, async (t) => {
    const kept = pair()
    const opening = openRouted(sourcesOf(kept), options as never, { models, plugins: ['poll', 'files'] })
    await t.throwsAsync(opening, { code: `STORAGE_ROUTED_${code}`, message })
    t.deepEqual((await kept.sql.inventory()).keys, [])
  })
}

test('one database under two names is told', async (t) => {
  const one = new MemoryStore({ clock })
  const opening = openRouted({ sql: memorySource(one), mongo: memorySource(one) })
  await t.throwsAsync(opening, { code: 'STORAGE_ROUTED_SAME_DATABASE', message: /"sql" and "mongo"/ })
  t.deepEqual((await one.inventory()).keys, [], 'the look left nothing')
})

test('as a plugin: a mistake ends the boot with one readable error, and so does a wrong setting of a store', async (t) => {
  const poll = definePlugin({ name: 'poll', models: [note], setup: () => undefined })
  const boot = (options: Parameters<typeof storageRouted>[0]) =>
    createChat({
      plugins: [storageRouted(options), poll()],
      secrets: 'a secret for tests that is long enough to be one',
    })
  const stores = { sql: memorySource(), mongo: memorySource() }
  await t.throwsAsync(boot({ stores, log: 'mongo', records: { default: 'sql', pol: 'sql' } }), {
    code: 'STORAGE_ROUTED_ROUTE_UNKNOWN',
    message: /^storage-routed: "records" has a route for "pol".*Did you mean "poll"/,
  })
  await t.throwsAsync(boot({ stores: { sql: 'postgres://x' as never }, log: 'sql', records: { default: 'sql' } }), {
    code: 'NATTER_CONFIG_INVALID',
    message: /"stores.sql".*sqlStore\(/,
  })
  const chat = await boot({ stores, log: 'mongo', records: { default: 'sql' } })
  t.true(await chat.ready())
  await chat.stop()
})
