import { field, model } from '@natter/core/contract'
import type { Suite } from './suite.js'

const ballot = model('ballot', {
  fields: {
    poll: field.id(),
    user: field.id(),
    option: field.int(),
    note: field.text({ optional: true, max: 200 }),
    secret: field.bool({ optional: true }),
    extra: field.json({ optional: true }),
    at: field.time({ optional: true }),
  },
  key: ['poll', 'user'],
  indexes: [['poll', 'option']],
  unique: [['poll', 'note']],
})
const models = [{ plugin: 'suite', model: ballot }]

export function recordVerbs({ test, open }: Suite): void {
  test('insert stores a row once, and get gives it back as it was', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    const extra = { deep: [1, 'two', null, { three: false }] }
    const row = { poll: 'p', user: 'a', option: -3, note: 'näh 🙂', secret: false, extra, at: 1_700_000_000_000 }
    t.is(await ballots.insert(row), 'inserted')
    t.is(await ballots.insert({ poll: 'p', user: 'a', option: 9 }), 'exists')
    extra.deep.push(4)
    t.deepEqual(await ballots.get({ poll: 'p', user: 'a' }), {
      ...row,
      extra: { deep: [1, 'two', null, { three: false }] },
    })
    t.is(await ballots.get({ poll: 'p', user: 'b' }), undefined)
  })

  test('what a caller does with a row it got changes nothing that is stored', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    await ballots.insert({ poll: 'p', user: 'a', option: 1, extra: { list: [1] } })
    const got = (await ballots.get({ poll: 'p', user: 'a' })) as { option: number; extra: { list: number[] } }
    got.option = 7
    got.extra.list.push(2)
    t.deepEqual(await ballots.get({ poll: 'p', user: 'a' }), { poll: 'p', user: 'a', option: 1, extra: { list: [1] } })
  })

  test('upsert stores the row whole: what it does not name is gone', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    await ballots.upsert({ poll: 'p', user: 'a', option: 1, note: 'x', secret: true })
    await ballots.upsert({ poll: 'p', user: 'a', option: 2 })
    t.deepEqual(await ballots.get({ poll: 'p', user: 'a' }), { poll: 'p', user: 'a', option: 2 })
  })

  test('a unique index refuses a second row with its values and ignores rows without one of them', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    t.is(await ballots.insert({ poll: 'p', user: 'a', option: 1, note: 'same' }), 'inserted')
    t.is(await ballots.insert({ poll: 'p', user: 'b', option: 1, note: 'same' }), 'exists')
    t.is(await ballots.insert({ poll: 'q', user: 'b', option: 1, note: 'same' }), 'inserted')
    t.is(await ballots.insert({ poll: 'p', user: 'c', option: 1 }), 'inserted')
    t.is(await ballots.insert({ poll: 'p', user: 'd', option: 1 }), 'inserted')
    await t.throwsAsync(ballots.upsert({ poll: 'p', user: 'c', option: 2, note: 'same' }), { code: 'STORAGE_EXISTS' })
    await t.throwsAsync(ballots.updateIf({ poll: 'p', user: 'd' }, { note: 'same' }), { code: 'STORAGE_EXISTS' })
    t.deepEqual(await ballots.get({ poll: 'p', user: 'c' }), { poll: 'p', user: 'c', option: 1 })
    await ballots.upsert({ poll: 'p', user: 'a', option: 5, note: 'same' })
    t.is((await ballots.get({ poll: 'p', user: 'a' }))?.option, 5)
  })

  test('updateIf sets, removes and adds, and returns the row as it is then', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    await ballots.insert({ poll: 'p', user: 'a', option: 1, note: 'x' })
    const changed = await ballots.updateIf(
      { poll: 'p', user: 'a' },
      { note: undefined, secret: true },
      { option: 4, at: 7 },
    )
    t.deepEqual(changed, { poll: 'p', user: 'a', option: 5, secret: true, at: 7 })
    t.deepEqual(await ballots.get({ poll: 'p', user: 'a' }), changed)
    t.deepEqual(await ballots.updateIf({ poll: 'p', user: 'a' }, {}), changed)
  })

  test('updateIf and take do nothing to a row that does not meet the conditions', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    const row = { poll: 'p', user: 'a', option: 5, note: 'x' }
    await ballots.insert(row)
    const key = { poll: 'p', user: 'a' }
    for (const one of [
      { ...key, option: 4 },
      { ...key, option: { gt: 5 } },
      { ...key, option: { gte: 1, lt: 5 } },
      { ...key, option: { in: [1, 2] } },
      { ...key, option: { in: [] } },
      { ...key, note: 'X' },
      { ...key, secret: true },
      { ...key, at: { lte: 9 } },
      { poll: 'p', user: 'b' },
    ]) {
      t.is(await ballots.updateIf(one, { option: 0 }), undefined, JSON.stringify(one))
      t.is(await ballots.take(one), undefined, JSON.stringify(one))
    }
    t.deepEqual(await ballots.get(key), row)
    t.deepEqual(await ballots.updateIf({ ...key, option: { gte: 5, lte: 5 }, note: 'x' }, {}), row)
    t.deepEqual(await ballots.take({ ...key, option: { in: [1, 5] } }), row)
    t.is(await ballots.get(key), undefined)
  })

  test('remove takes away what the condition finds, and says how many', async (t) => {
    const ballots = (await open(t, { models })).records('suite', ballot)
    for (const [user, option] of [
      ['a', 1],
      ['b', 2],
      ['c', 2],
      ['d', 3],
    ] as const) {
      await ballots.insert({ poll: 'p', user, option })
    }
    await ballots.insert({ poll: 'q', user: 'a', option: 2 })
    t.is(await ballots.remove({ poll: 'p', option: 2 }), 2)
    t.is(await ballots.remove({ poll: 'p', option: { lt: 1 } }), 0)
    t.is(await ballots.remove({ poll: 'p' }), 2)
    t.is((await ballots.get({ poll: 'q', user: 'a' }))?.option, 2)
  })

  test('two plugins with a model of the same name do not see each other', async (t) => {
    const storage = await open(t, { models: [...models, { plugin: 'other', model: ballot }] })
    await storage.records('suite', ballot).insert({ poll: 'p', user: 'a', option: 1 })
    t.is(await storage.records('other', ballot).get({ poll: 'p', user: 'a' }), undefined)
    t.is(await storage.records('other', ballot).insert({ poll: 'p', user: 'a', option: 2 }), 'inserted')
  })

  test('a model that was not prepared is refused by its name', async (t) => {
    const ballots = (await open(t)).records('suite', ballot)
    await t.throwsAsync(ballots.get({ poll: 'p', user: 'a' }), {
      code: 'STORAGE_MODEL_INVALID',
      message: /suite\.ballot/,
    })
  })
}
