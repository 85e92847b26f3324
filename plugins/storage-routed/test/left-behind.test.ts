import test from 'ava'
import { FakeClock, memorySource, MemoryStore } from '@natter/testkit'
import { note, openRouted, owned, picture } from './routed.js'

const clock = new FakeClock()
const models = owned('poll', note, picture)
const code = 'STORAGE_ROUTED_LEFT_BEHIND'

test('rows, messages and keys that a changed route would leave behind keep the server from starting', async (t) => {
  const kept = { sql: new MemoryStore({ clock }), mongo: new MemoryStore({ clock }) }
  const stores = { sql: memorySource(kept.sql), mongo: memorySource(kept.mongo) }
  const start = (options: Parameters<typeof openRouted>[1], of = models) =>
    openRouted(stores, options, { models: of, plugins: ['poll'] })

  const { storage } = await start({})
  const moved = { records: { default: 'sql', 'poll.note': 'mongo' } }
  await t.notThrowsAsync(start(moved), 'a model without rows may move')
  await t.notThrowsAsync(start({}))
  await storage.records('poll', note).insert({ id: 'x', text: 'hello' })
  await t.throwsAsync(start(moved), {
    code,
    message: /"sql" has data .*poll\.note \(now routed to "mongo"\).*leave: \{ 'sql': \['poll\.note'\] \}/s,
  })
  await t.notThrowsAsync(start({}))
  const others = { records: { default: 'mongo' }, kv: { default: 'sql' } }
  await t.throwsAsync(start(others), { code, message: /poll\.note/ })
  await t.notThrowsAsync(start(others, []), 'a plugin that is not there misses nothing')
  await t.notThrowsAsync(start({ ...moved, leave: { sql: ['poll.note'] } }))
  await t.notThrowsAsync(start({ ...moved, leave: { sql: ['poll'] } }))

  await storage.kv('poll.seen').set('k', 'v')
  await t.throwsAsync(start({ kv: { default: 'mongo' } }), { code, message: /"sql".*kv:poll .*'kv:poll'/s })
  await t.notThrowsAsync(start({ kv: { default: 'mongo' }, leave: { sql: ['kv:poll'] } }))

  const entry = { conversation: 'c', from: 'a', clientId: '1', at: 1, body: '{}', digest: 'd', counts: true }
  await storage.log.append({ ...entry, open: { kind: 'group', members: ['a'] } })
  const turned = {
    log: 'sql',
    kv: { default: 'sql', poll: 'sql' },
    records: { default: 'sql', 'poll.picture': 'mongo' },
  }
  await t.throwsAsync(start(turned), { code, message: /"mongo" has data .*log \(now routed to "sql"\)/s })
  await t.notThrowsAsync(start({ ...turned, leave: { mongo: ['log'] } }))
})

test('a chat that had one database is told what it would not find in the new one', async (t) => {
  const sql = new MemoryStore({ clock })
  await sql.prepare(models, [])
  await sql.records('poll', note).insert({ id: 'x', text: 'hello' })
  const stores = { sql: memorySource(sql), mongo: memorySource() }
  const entry = { conversation: 'c', from: 'a', clientId: '1', at: 1, body: '{}', digest: 'd', counts: true }
  await sql.log.append({ ...entry, open: { kind: 'group', members: ['a'] } })
  await t.throwsAsync(openRouted(stores, {}, { models }), {
    code,
    message: /"sql" has data .*log \(now routed to "mongo"\)/s,
  })
})
