import { field, model } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { numbers } from './suite.js'

const stock = model('stock', {
  fields: { id: field.id(), left: field.int(), owner: field.id({ optional: true }), tag: field.id({ optional: true }) },
  key: ['id'],
  unique: [['tag']],
})
const models = [{ plugin: 'suite', model: stock }]
const callers = numbers(1, 24)
const count = <T>(list: readonly T[], value: T) => list.filter((item) => item === value).length

export function recordRaces({ test, open }: Suite): void {
  test('of many inserts of one key exactly one stores its row', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    const answers = await Promise.all(callers.map((left) => stocks.insert({ id: 'x', left })))
    t.is(count(answers, 'inserted'), 1)
    t.is((await stocks.get({ id: 'x' }))?.left, callers[answers.indexOf('inserted')])
  })

  test('of many inserts with one unique value exactly one stores its row', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    const answers = await Promise.all(callers.map((left) => stocks.insert({ id: `x${left}`, left, tag: 'only' })))
    t.is(count(answers, 'inserted'), 1)
    const found = await stocks.page({ tag: 'only' })
    t.deepEqual(
      found.rows.map(({ id }) => id),
      [`x${callers[answers.indexOf('inserted')]}`],
    )
  })

  test('no addition of many is lost', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await stocks.insert({ id: 'x', left: 0 })
    const rows = await Promise.all(callers.map((left) => stocks.updateIf({ id: 'x' }, {}, { left })))
    t.is(
      (await stocks.get({ id: 'x' }))?.left,
      callers.reduce((sum, left) => sum + left),
    )
    t.is(new Set(rows.map((row) => row?.left)).size, callers.length)
  })

  test('a conditional addition never goes beyond its condition', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await stocks.insert({ id: 'x', left: 7 })
    const taken = await Promise.all(callers.map(() => stocks.updateIf({ id: 'x', left: { gt: 0 } }, {}, { left: -1 })))
    t.is(taken.filter(Boolean).length, 7)
    t.is((await stocks.get({ id: 'x' }))?.left, 0)
  })

  test('of many conditional updates from one state exactly one happens', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await stocks.insert({ id: 'x', left: 1 })
    const won = await Promise.all(
      callers.map((n) => stocks.updateIf({ id: 'x', left: 1 }, { left: 2, owner: `u${n}` })),
    )
    t.is(won.filter(Boolean).length, 1)
    t.is((await stocks.get({ id: 'x' }))?.owner, won.find(Boolean)?.owner)
  })

  test('of many takers one gets the row', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await stocks.insert({ id: 'x', left: 1 })
    const taken = await Promise.all(callers.map(() => stocks.take({ id: 'x' })))
    t.deepEqual(taken.filter(Boolean), [{ id: 'x', left: 1 }])
  })

  test('many upserts of one key leave one whole row', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await Promise.all(callers.map((left) => stocks.upsert({ id: 'x', left, owner: `u${left}` })))
    const row = await stocks.get({ id: 'x' })
    t.is(row?.owner, `u${row?.left}`)
    t.is(await stocks.remove({ id: { gte: '0' } }), 1)
  })

  test('many removals of the same rows count each row once', async (t) => {
    const stocks = (await open(t, { models })).records('suite', stock)
    await Promise.all(callers.map((left) => stocks.insert({ id: `x${left}`, left })))
    const counts = await Promise.all(callers.map(() => stocks.remove({ id: { gte: 'x' } })))
    t.is(
      counts.reduce((sum, n) => sum + n),
      callers.length,
    )
  })

  test('of many who add one key of a key space one succeeds, and of many takers one gets it', async (t) => {
    const kv = (await open(t)).kv('suite')
    const added = await Promise.all(callers.map((n) => kv.add('k', String(n))))
    t.is(count(added, true), 1)
    const taken = await Promise.all(callers.map(() => kv.take('k')))
    t.deepEqual(taken.filter(Boolean), [String(callers[added.indexOf(true)])])
  })
}
