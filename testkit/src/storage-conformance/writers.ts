import { FakeClock } from '../fake-clock.js'
import { sharedSteps, trace } from './elsewhere/shared-steps.js'
import { follow } from './log-changes.js'
import type { Side, Suite } from './suite.js'
import { group, message, numbers, range, turn } from './suite.js'

/** What two stores on the same data owe each other. */
export function twoWriters(suite: Suite): void {
  for (const side of suite.pairs) bothWrite(suite, side)
  openingAtOnce(suite)
}

function bothWrite({ test }: Suite, { of, open }: Side): void {
  test(`${of}each place is given once, and each key stored once`, async (t) => {
    const stores = await open(t, [])
    const answers = await Promise.all(
      numbers(1, 120).flatMap((i) =>
        stores.map((store, s) => {
          const shared = i % 4 === 0
          const [from, id] = shared ? ['both', `same${i}`] : [`u${s}`, `m${i}`]
          return store.log.append(message(`c${i % 3}`, from, id, { open: group('both') }))
        }),
      ),
    )
    t.is(answers.filter(({ status }) => status === 'duplicate').length, 30)
    t.is(answers.filter(({ status }) => status === 'appended').length, 210)
    for (const store of stores) {
      for (const c of ['c0', 'c1', 'c2']) {
        const entries = await store.log.range(c, range(1, 500))
        t.deepEqual(
          entries.map(({ seq }) => seq),
          numbers(1, 70),
        )
        t.deepEqual(
          entries.map(({ n }) => n),
          numbers(1, 70),
        )
      }
    }
  })

  test(`${of}what one acknowledged the other reads at once`, async (t) => {
    const [one, two] = await open(t, [])
    for (const i of numbers(1, 20)) {
      const [writer, reader] = i % 2 ? [one, two] : [two, one]
      const answer = await writer.log.append(message('c', 'a', `m${i}`, { open: group('a') }))
      t.is('seq' in answer && answer.seq, i)
      t.is((await reader.log.head('c'))?.seq, i)
      t.is((await reader.log.state('a', 'c'))?.me.read, i)
    }
  })

  test(`${of}who follows one misses nothing that both write`, async (t) => {
    const [one, two] = await open(t, [])
    const writers = numbers(1, 24).map(async (writer) => {
      const { log } = writer % 2 ? one : two
      for (const i of numbers(1, 8)) {
        await log.append(message(`c${(writer + i) % 9}`, `u${writer}`, `m${i}`, { open: group('reader') }))
      }
    })
    const all = new Map<string, number>()
    const mine = new Map<string, number>()
    const places = { all: 0, mine: 0 }
    let writing = true
    const done = Promise.all(writers).finally(() => (writing = false))
    while (writing) {
      await turn()
      places.all = await follow(one.log, undefined, places.all, all)
      places.mine = await follow(two.log, 'reader', places.mine, mine)
    }
    await done
    await follow(one.log, undefined, places.all, all)
    await follow(two.log, 'reader', places.mine, mine)
    const heads = (await one.log.changed(0, 100)).map(({ conversation, seq }) => [conversation, seq] as const)
    t.is(
      heads.reduce((sum, [, seq]) => sum + seq, 0),
      24 * 8,
    )
    t.deepEqual([...all].sort(), heads.toSorted())
    t.deepEqual([...mine].sort(), heads.toSorted())
  })
}

function openingAtOnce({ test, backend, keep, other }: Suite): void {
  const { beside, elsewhere } = backend
  const models = [{ plugin: 'suite', model: trace }]
  const steps = [{ plugin: 'suite', step: sharedSteps.once }]

  if (beside)
    test('two stores: opened at once, they create tables and run data steps once', async (t) => {
      const clock = new FakeClock()
      const one = keep(t, await backend.open({ models: [], clock }))
      const setting = { models, steps, clock }
      const others = await Promise.all([beside(one, setting), beside(one, setting), one.storage.prepare(models, steps)])
      for (const each of others) if (each) keep(t, each)
      t.is(await one.storage.records('suite', trace).remove({ id: { gte: '' } }), 1)
    })

  if (elsewhere)
    test('two processes: opened at once, they create tables and run data steps once', async (t) => {
      const clock = new FakeClock()
      const one = keep(t, await backend.open({ models: [], clock }))
      const place = elsewhere.place(one)
      const there = () => other.open(elsewhere.module, place, { models, steps: ['once'], now: clock.now() })
      const others = await Promise.all([there(), there(), one.storage.prepare(models, steps)])
      for (const each of others) if (each) keep(t, each)
      t.is(await one.storage.records('suite', trace).remove({ id: { gte: '' } }), 1)
    })
}
