import { field, model } from '@natter/core/contract'
import type { Append, Appended } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import { sharedSteps, trace } from './elsewhere/shared-steps.js'
import type { OpenStore, Suite } from './suite.js'
import { group, message, numbers, range } from './suite.js'

/** Enough of them that preparing takes a while. */
const kinds = numbers(1, 6).map((i) => `kind${i}`)
const narrow = kinds.map((name) => ({
  plugin: 'suite',
  model: model(name, { fields: { id: field.id(), n: field.int() }, key: ['id'] }),
}))
const wide = kinds.map((name) => ({
  plugin: 'suite',
  model: model(name, {
    fields: { id: field.id(), n: field.int(), tag: field.id({ optional: true }) },
    key: ['id'],
    indexes: [['n']],
    unique: [['tag']],
  }),
}))

/** A process is killed: what it acknowledged stays, and what it had begun the next one finishes. */
export function interrupted({ test, backend, keep, other }: Suite): void {
  const { elsewhere, reopen } = backend
  if (!elsewhere || !reopen) return
  const { module } = elsewhere
  const clock = new FakeClock()
  const now = clock.now()

  test('what a process acknowledged before it was killed is there, once, and its retries are known', async (t) => {
    const opened = keep(t, await backend.open({ models: [], clock }))
    const { log } = opened.storage
    const there = (await other.open(module, elsewhere.place(opened), { models: [], now })).storage.log
    const acked: (readonly [Append, Appended])[] = []
    let killing: Promise<void> | undefined
    const lanes = numbers(1, 8).map(async (lane) => {
      for (let i = 1; ; i++) {
        const send = message(`c${lane % 3}`, 'a', `${lane}-${i}`, { open: group('a') })
        const answer = await there.append(send).catch(() => undefined)
        if (!answer) return
        acked.push([send, answer])
        if (acked.length === 200) killing = other.dieAfter(0)
      }
    })
    await Promise.all(lanes)
    await killing
    t.true(acked.length >= 200)
    const retries = await Promise.all(acked.map(([send]) => log.append(send)))
    t.deepEqual(
      retries,
      acked.map(([, answer]) => ({ ...answer, status: 'duplicate' })),
    )
    for (const { conversation, seq } of await log.changed(0, 10)) {
      t.deepEqual(
        (await log.range(conversation, range(1, 500))).map((entry) => [entry.seq, entry.n]),
        numbers(1, seq).map((each) => [each, each]),
      )
    }
  })

  test('a data step whose process is killed in its middle is done at the next start, once', async (t) => {
    const models = [{ plugin: 'suite', model: trace }]
    const first = keep(t, await backend.open({ models: [], clock }))
    const place = elsewhere.place(first)
    await first.close()
    const killed = other.open(module, place, { models, steps: ['dies'], now }).then(
      () => 'opened',
      () => 'killed',
    )
    t.is(await killed, 'killed')
    const steps = [{ plugin: 'suite', step: sharedSteps.lives }]
    const next = keep(t, await reopen(first, { models, steps, clock }))
    const traces = async ({ storage }: OpenStore) =>
      (await storage.records('suite', trace).page({ id: { gte: '' } })).rows.length
    t.is(await traces(next), 3)
    await next.close()
    t.is(await traces(keep(t, await reopen(next, { models, steps, clock }))), 3)
  })

  test('a process that is killed while it widens models leaves a store that the next start widens', async (t) => {
    const first = keep(t, await backend.open({ models: narrow, clock }))
    for (const { model } of narrow) await first.storage.records('suite', model).insert({ id: 'old', n: 1 })
    await first.storage.log.append(message('c', 'a', '1', { open: group('a') }))
    const place = elsewhere.place(first)
    await first.close()

    const whole = await other.open(module, place, { models: [], now })
    const began = performance.now()
    await whole.storage.prepare(wide, [])
    const took = performance.now() - began
    await whole.close()
    let killed = 0
    // Preparing does not always take as long: death comes sooner and sooner until it was in time once.
    for (let i = 0; i < 3 || (killed === 0 && i < 20); i++) {
      const share = [0.3, 0.5, 0.8][i] ?? 0.3 / 2 ** (i - 2)
      const { storage } = await other.open(module, place, { models: [], now })
      // any moment will do; one time the indexes go, one time they come
      const [, outcome] = await Promise.all([
        other.dieAfter(took * share),
        storage.prepare(i % 2 ? wide : narrow, []).then(
          () => 'done',
          () => 'killed',
        ),
      ])
      if (outcome === 'killed') killed++
    }
    t.true(killed > 0)
    const { storage } = keep(t, await reopen(first, { models: wide, clock }))
    for (const { model } of wide) {
      const rows = storage.records('suite', model)
      t.deepEqual(await rows.get({ id: 'old' }), { id: 'old', n: 1 }, model.name)
      t.is(await rows.insert({ id: 'new', n: 1, tag: 'one' }), 'inserted')
      t.is(await rows.insert({ id: 'more', n: 1, tag: 'one' }), 'exists')
      t.is((await rows.page({ n: 1 })).rows.length, 2)
    }
    t.is((await storage.log.append(message('c', 'a', '2'))).status, 'appended')
  })
}
