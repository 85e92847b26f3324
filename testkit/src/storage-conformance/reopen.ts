import { field, model } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import type { OpenStore, StoreSetting, Suite } from './suite.js'
import { direct, message, numbers, range } from './suite.js'

const note = model('note', {
  fields: { id: field.id(), text: field.text({ max: 50 }), extra: field.json({ optional: true }) },
  key: ['id'],
  unique: [['text']],
})
const models = [{ plugin: 'suite', model: note }]

export function reopening({ test, backend, keep }: Suite): void {
  const { reopen } = backend
  if (!reopen) return
  const again = async (opened: OpenStore, setting: StoreSetting) => {
    await opened.close()
    return reopen(opened, setting)
  }

  test('everything that was acknowledged is there after a close and an open', async (t) => {
    const setting = { models, clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    const { storage } = before
    await storage.records('suite', note).insert({ id: 'x', text: 'hello', extra: { a: [1] } })
    await storage.kv('suite').set('k', 'v', { ttlMs: 1_000 })
    await Promise.all(
      numbers(1, 30).map((i) => storage.log.append(message('c', 'a', `m${i}`, { open: direct('a', 'b') }))),
    )
    await storage.log.mark('c', 'b', { read: 7, received: 9 })
    await storage.log.rewrite('c', 3, { body: '', by: 30, forget: 'content' })
    const began = await storage.log.begin()
    const told = async (log: typeof storage.log) => [
      await log.range('c', range(1, 30)),
      await log.membership('c'),
      await log.state('a', 'c'),
      await log.states('b', { after: 0, limit: 10 }),
      await log.changed(0, 10),
      await log.latest(),
      await log.holds(began),
    ]
    const was = await told(storage.log)
    const after = keep(t, await again(before, setting))
    t.deepEqual(await told(after.storage.log), was)
    t.deepEqual(await after.storage.records('suite', note).get({ id: 'x' }), {
      id: 'x',
      text: 'hello',
      extra: { a: [1] },
    })
    t.is(await after.storage.records('suite', note).insert({ id: 'y', text: 'hello' }), 'exists')
    t.is(await after.storage.kv('suite').get('k'), 'v')
    await setting.clock.advance(1_000)
    t.is(await after.storage.kv('suite').get('k'), undefined)
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

  test('a plugin that is left out and added again finds its rows', async (t) => {
    const setting = { models, clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    await before.storage.records('suite', note).insert({ id: 'x', text: 'hello' })
    const without = keep(t, await again(before, { ...setting, models: [] }))
    const with_ = keep(t, await again(without, setting))
    t.deepEqual(await with_.storage.records('suite', note).get({ id: 'x' }), { id: 'x', text: 'hello' })
  })

  test('data steps are remembered over a restart', async (t) => {
    const ran: string[] = []
    const steps = ['one', 'two'].map((id) => ({ plugin: 'suite', step: { id, up: async () => void ran.push(id) } }))
    const setting = { models, steps: steps.slice(0, 1), clock: new FakeClock() }
    const before = keep(t, await backend.open(setting))
    keep(t, await again(before, { ...setting, steps }))
    t.deepEqual(ran, ['one', 'two'])
  })
}
