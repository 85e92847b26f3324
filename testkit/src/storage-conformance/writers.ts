import { field, model } from '@natter/core/contract'
import { FakeClock } from '../fake-clock.js'
import { follow } from './log-changes.js'
import type { Suite, SuiteContext } from './suite.js'
import { group, message, numbers, range } from './suite.js'

const stock = model('stock', { fields: { id: field.id(), left: field.int() }, key: ['id'] })
const models = [{ plugin: 'suite', model: stock }]

export function twoWriters({ test, backend, keep }: Suite): void {
  const { beside } = backend
  if (!beside) return
  const pair = async (t: SuiteContext) => {
    const setting = { models, clock: new FakeClock() }
    const one = keep(t, await backend.open(setting))
    const two = keep(t, await beside(one, setting))
    return [one.storage, two.storage] as const
  }

  test('two stores on one database give each place once and each key once', async (t) => {
    const stores = await pair(t)
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

  test('what one store acknowledged the other reads at once', async (t) => {
    const [one, two] = await pair(t)
    for (const i of numbers(1, 20)) {
      const [writer, reader] = i % 2 ? [one, two] : [two, one]
      const answer = await writer.log.append(message('c', 'a', `m${i}`, { open: group('a') }))
      t.is('seq' in answer && answer.seq, i)
      t.is((await reader.log.head('c'))?.seq, i)
      t.is((await reader.log.state('a', 'c'))?.me.read, i)
    }
  })

  test('who follows one store misses nothing that two write', async (t) => {
    const [one, two] = await pair(t)
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

  test('records are as atomic between two stores as within one', async (t) => {
    const stores = await pair(t)
    const each = <T>(run: (stocks: ReturnType<typeof stocksOf>, n: number) => Promise<T>) =>
      Promise.all(numbers(1, 16).flatMap((n) => stores.map((store) => run(stocksOf(store), n))))
    const stocksOf = (store: (typeof stores)[number]) => store.records('suite', stock)
    t.is((await each((stocks) => stocks.insert({ id: 'x', left: 9 }))).filter((a) => a === 'inserted').length, 1)
    t.is(
      (await each((stocks) => stocks.updateIf({ id: 'x', left: { gt: 0 } }, {}, { left: -1 }))).filter(Boolean).length,
      9,
    )
    t.is((await each((stocks) => stocks.take({ id: 'x' }))).filter(Boolean).length, 1)
  })

  test('two stores that open at once create tables and run data steps once', async (t) => {
    const clock = new FakeClock()
    const one = keep(t, await backend.open({ models: [], clock }))
    let runs = 0
    const steps = [{ plugin: 'suite', step: { id: 'once', up: async () => void runs++ } }]
    const setting = { models, steps, clock }
    const others = await Promise.all([beside(one, setting), beside(one, setting), one.storage.prepare(models, steps)])
    for (const other of others) if (other) keep(t, other)
    t.is(runs, 1)
    t.is(await one.storage.records('suite', stock).insert({ id: 'x', left: 1 }), 'inserted')
  })
}
