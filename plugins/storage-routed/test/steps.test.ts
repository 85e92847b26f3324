import { fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { Storage } from '@natter/core/contract'
import { FakeClock, memorySource, MemoryStore } from '@natter/testkit'
import { sqlStore } from '@natter/storage-sql'
import { note, openRouted, owned, picture } from './routed.js'

const models = owned('poll', note, picture)
const routes = { records: { default: 'sql', 'poll.picture': 'mongo' } }
const clock = new FakeClock()
const idsOf = async (storage: Storage) => {
  const [notes, pictures] = await Promise.all([
    storage.records('poll', note).page({ id: { gte: '' } }),
    storage.records('poll', picture).page({ id: { gte: '' } }),
  ])
  return [notes.rows.map(({ id }) => id), pictures.rows.map(({ id }) => id)]
}

test('a data step sees all stores, runs once, and its line is in the default store', async (t) => {
  const kept = { sql: new MemoryStore({ clock }), mongo: new MemoryStore({ clock }) }
  const stores = { sql: memorySource(kept.sql), mongo: memorySource(kept.mongo) }
  let ran = 0
  const up = async (storage: Storage) => {
    ran++
    await storage.records('poll', note).upsert({ id: 'x', text: String(ran) })
    await storage.records('poll', picture).upsert({ id: 'x' })
    await t.throwsAsync(storage.prepare([], []), { code: 'STORAGE_INVALID' })
  }
  const steps = [{ plugin: 'poll', step: { id: 'fill', up } }]
  const { storage } = await openRouted(stores, routes, { models, steps })
  await openRouted(stores, routes, { models, steps })
  t.is(ran, 1)
  t.deepEqual(await idsOf(storage), [['x'], ['x']])
  let again = 0
  const known = [{ plugin: 'poll', step: { id: 'fill', up: async () => void again++ } }]
  await kept.sql.prepare([], known)
  t.is(again, 0, 'the default store knows it')
  await kept.mongo.prepare([], known)
  t.is(again, 1, 'the other does not')
})

test('a step that fails says what stays; in SQL its own part is undone', async (t) => {
  const folder = mkdtempSync(join(tmpdir(), 'natter-routed-'))
  t.teardown(() => rmSync(folder, { recursive: true, force: true }))
  const kept = new MemoryStore({ clock })
  const stores = { sql: sqlStore({ url: `sqlite:${join(folder, 'chat.db')}` }), mongo: memorySource(kept) }
  const up = async (storage: Storage) => {
    await storage.records('poll', note).insert({ id: 'x', text: 'y' })
    await storage.records('poll', picture).insert({ id: 'x' })
    throw new Error('not yet')
  }
  const steps = [{ plugin: 'poll', step: { id: 'fill', up } }]
  await t.throwsAsync(openRouted(stores, routes, { models, steps }), {
    code: 'STORAGE_STEP_FAILED',
    message: /"fill" of poll failed: not yet\n {2}What it had done outside of "sql" stays\./,
  })
  const opened = await openRouted(stores, routes, { models })
  t.teardown(() => opened.close())
  t.deepEqual(await idsOf(opened.storage), [[], ['x']])
})

for (const place of ['between the stores', 'behind both']) {
  test(`a step whose process is killed ${place} is done again, from its beginning`, async (t) => {
    const folder = mkdtempSync(join(tmpdir(), 'natter-routed-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    const child = fork(new URL('./fixtures/dies-in-step.js', import.meta.url), [folder, place])
    const [, signal] = (await once(child, 'exit')) as [number | null, string | null]
    t.is(signal, 'SIGKILL')
    const { openFiles, step, stepRan } = await import('./fixtures/two-files.js')
    const before = await openFiles(folder, [])
    t.deepEqual(await idsOf(before.storage), [[], ['made']], 'SQL undid its part, the other store kept it')
    await before.close()
    const after = await openFiles(folder, [{ plugin: 'poll', step: step() }])
    t.teardown(() => after.close())
    t.true(stepRan())
    t.deepEqual(await idsOf(after.storage), [['made'], ['made']])
  })
}
