import { field, model } from '@natter/core/contract'
import type { DataStep, Model, OwnedModel } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import { checkFurnished, furnish, furnishedModels } from './furnish.js'
import type { OpenStore, StoreSetting, Suite } from './suite.js'
import { direct, message, numbers, untyped } from './suite.js'

const note = model('note', {
  fields: { id: field.id(), text: field.text({ max: 50 }), extra: field.json({ optional: true }) },
  key: ['id'],
  unique: [['text']],
})
const owned = (...list: readonly Model[]): OwnedModel[] => list.map((each) => ({ plugin: 'suite', model: each }))
const models = owned(note)

export function reopening({ test, backend, keep }: Suite): void {
  const { reopen } = backend
  if (!reopen) return
  const again = async (opened: OpenStore, setting: StoreSetting) => {
    await opened.close()
    return reopen(opened, setting)
  }

  test('everything that was acknowledged is there after a close and an open', async (t) => {
    const setting = { models: [...furnishedModels, ...models], clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    await furnish(before.storage)
    await before.storage.kv('suite').set('soon', 'v', { ttlMs: 1_000 })
    const told = async ({ log }: typeof before.storage) => [
      await log.states('alice', { after: 0, limit: 10 }),
      await log.changed(0, 10),
      await log.latest(),
    ]
    const was = await told(before.storage)
    const { storage } = keep(t, await again(before, setting))
    t.deepEqual(await told(storage), was)
    await checkFurnished(t, storage)
    t.is(await storage.kv('suite').get('soon'), 'v')
    await setting.clock.advance(1_000)
    t.is(await storage.kv('suite').get('soon'), undefined)
  })

  test('a retry after a restart is answered with the stored entry, and seq goes on behind it', async (t) => {
    const setting = { models, clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    const first = await before.storage.log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    const { storage } = keep(t, await again(before, setting))
    t.deepEqual(await storage.log.append(message('c', 'a', '1')), { ...first, status: 'duplicate' })
    t.deepEqual(await storage.log.append(message('c', 'a', '1', { digest: 'x' })), { status: 'conflict' })
    t.deepEqual(await storage.log.append(message('c', 'a', '2', { at: 0 })), {
      status: 'appended',
      seq: 2,
      n: 2,
      at: 1_000,
    })
  })

  test('a store of an earlier version of the models is widened when it is opened, with its rows in the new indexes', async (t) => {
    const clock = new FakeClock()
    const narrow = model('note', { fields: { id: field.id(), text: field.text({ max: 50 }) }, key: ['id'] })
    const before = keep(t, await backend.open({ models: owned(narrow), clock }))
    const old = before.storage.records('suite', narrow)
    for (const i of numbers(1, 9)) await old.insert({ id: `n${i}`, text: `text ${i % 3}` })
    await old.insert({ id: 'only', text: 'only' })

    const wideFields = { ...narrow.fields, rank: field.int({ optional: true }), tag: field.id({ optional: true }) }
    const wide = model('note', {
      fields: wideFields,
      key: ['id'],
      indexes: [['text'], ['rank', 'text']],
      unique: [['tag']],
    })
    const label = model('label', { fields: { id: field.id() }, key: ['id'] })
    const after = keep(t, await again(before, { models: owned(wide, label), clock }))
    const notes = after.storage.records('suite', wide)
    const idsOf = async (where: Parameters<typeof notes.page>[0]) => (await notes.page(where)).rows.map(({ id }) => id)
    t.deepEqual(await idsOf({ text: 'text 1' }), ['n1', 'n4', 'n7'])
    t.deepEqual(await notes.updateIf({ id: 'n4' }, { tag: 'one' }, { rank: 5 }), {
      id: 'n4',
      text: 'text 1',
      rank: 5,
      tag: 'one',
    })
    t.is(await notes.insert({ id: 'new', text: 'x', rank: 5, tag: 'one' }), 'exists')
    t.is(await notes.insert({ id: 'new', text: 'x', rank: 5, tag: 'two' }), 'inserted')
    t.deepEqual(await idsOf({ rank: 5 }), ['n4', 'new'])
    t.deepEqual(await idsOf({ tag: 'two' }), ['new'])
    t.is(await after.storage.records('suite', label).insert({ id: 'x' }), 'inserted')

    const looser = model('note', { fields: wideFields, key: ['id'], indexes: [['tag']] })
    const last = keep(t, await again(after, { models: owned(looser, label), clock }))
    const loose = last.storage.records('suite', looser)
    t.is(await loose.insert({ id: 'more', text: 'x', tag: 'two' }), 'inserted', 'tag is not unique now')
    t.is((await loose.page({ tag: 'two' })).rows.length, 2)
    await t.throwsAsync(untyped(loose).page({ text: 'x' }), { code: 'STORAGE_NOT_INDEXED' })
  })

  test('a change that stored rows do not allow is refused at the start, and the models of before open the store', async (t) => {
    const setting = { models, clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    await before.storage.records('suite', note).insert({ id: 'x', text: 'hello' })
    const wrong = model('note', { fields: { ...note.fields, rank: field.int() }, key: ['id'] })
    const refused = { code: 'STORAGE_MODEL_CHANGED', message: /suite\.note/ }
    await t.throwsAsync(again(before, { ...setting, models: owned(wrong) }), refused)
    const { storage } = keep(t, await reopen(before, setting))
    t.deepEqual(await storage.records('suite', note).get({ id: 'x' }), { id: 'x', text: 'hello' })
    t.is(await storage.records('suite', note).insert({ id: 'y', text: 'hello' }), 'exists')
  })

  test('a plugin that is left out and added again, as another version, finds its rows', async (t) => {
    const setting = { models, clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    await before.storage.records('suite', note).insert({ id: 'x', text: 'hello' })
    await before.storage.kv('suite').set('k', 'v')
    const without = keep(t, await again(before, { ...setting, models: [] }))
    const newer = model('note', {
      fields: { id: field.id(), text: field.text({ max: 50 }), rank: field.int({ optional: true }) },
      key: ['id'],
      indexes: [['rank']],
      unique: [['text']],
    })
    const with_ = keep(t, await again(without, { ...setting, models: owned(newer) }))
    const notes = with_.storage.records('suite', newer)
    t.deepEqual(await notes.get({ id: 'x' }), { id: 'x', text: 'hello' })
    t.is(await notes.insert({ id: 'y', text: 'hello' }), 'exists', 'its unique index stands')
    t.is(await notes.insert({ id: 'y', text: 'there', rank: 1 }), 'inserted')
    t.is((await notes.page({ rank: { gte: 0 } })).rows.length, 1)
    t.is(await with_.storage.kv('suite').get('k'), 'v')
  })

  test('data steps are remembered over a restart, and one that failed is done at the next start, once', async (t) => {
    const ran: string[] = []
    let broken = true
    const two: DataStep = {
      id: 'two',
      async up(storage) {
        ran.push('two')
        const notes = storage.records('suite', note)
        await notes.insert({ id: 'a', text: 'a' })
        if (broken) throw new Error('in the middle')
        await notes.insert({ id: 'b', text: 'b' })
      },
    }
    const steps = [
      { id: 'one', up: async () => void ran.push('one') },
      two,
      { id: 'three', up: async () => void ran.push('three') },
    ].map((step) => ({ plugin: 'suite', step }))
    const setting = { models, steps, clock: new FakeClock() }
    const before = keep(t, await backend.open({ ...setting, steps: steps.slice(0, 1) }))
    await t.throwsAsync(again(before, setting), { code: 'STORAGE_STEP_FAILED', message: /in the middle/ })
    t.deepEqual(ran, ['one', 'two'])
    broken = false
    const after = keep(t, await reopen(before, setting))
    t.deepEqual(ran, ['one', 'two', 'two', 'three'])
    t.deepEqual(
      (await after.storage.records('suite', note).page({ id: { gte: '' } })).rows.map(({ id }) => id),
      ['a', 'b'],
    )
    keep(t, await again(after, setting))
    t.is(ran.length, 4)
  })
}
