import { field, model } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { group, message, numbers, range, untyped } from './suite.js'

/** Text that takes three bytes for each unit, the most there is, and does not compress; `seed` makes it another. */
const fat = (units: number, seed = 0) =>
  numbers(1, units)
    .map((i) => String.fromCharCode(0x4e00 + ((i * i * 31 + i * 7_919 + seed * 104_729) % 20_000)))
    .join('')
const long = (end: string | number) => `${end}`.padStart(64, 'x')
const mebibyte = 2 ** 20

const columns = numbers(1, 60).map((n) => `c${n}`)
const id = field.id()
const wide = model('wide', {
  fields: {
    ...Object.fromEntries(columns.map((name) => [name, field.text({ max: 512, optional: true })])),
    id,
    text: field.text({ optional: true }),
    data: field.json({ optional: true }),
  },
  key: ['id'],
})
const deep = model('deep', {
  fields: {
    k1: field.text({ max: 512 }),
    k2: field.text({ max: 248 }),
    u1: field.text({ max: 376 }),
    u2: field.text({ max: 320 }),
    u3: id,
  },
  key: ['k1', 'k2'],
  indexes: [['u3', 'u2', 'u1']],
  unique: [['u1', 'u2', 'u3']],
})
const item = model('item', { fields: { id, n: field.int() }, key: ['id'], indexes: [['n']] })
const models = [wide, deep, item].map((each) => ({ plugin: 'suite', model: each }))

export function limits({ test, open }: Suite): void {
  test('ids of 64 characters that differ in the last one are told apart everywhere', async (t) => {
    const { log } = await open(t)
    const members = [long('a'), long('b')]
    const digest = fat(256)
    for (const conversation of [long(1), long(2)]) {
      for (const from of members) {
        for (const clientId of [long(1), long(2)]) {
          const more = { digest, open: { kind: long('k'), members } }
          t.is((await log.append(message(conversation, from, clientId, more))).status, 'appended')
        }
      }
      t.deepEqual(
        (await log.range(conversation, range(1, 9))).map(({ from, clientId }) => [from, clientId]),
        members.flatMap((from) => [
          [from, long(1)],
          [from, long(2)],
        ]),
      )
    }
    t.is((await log.find(long(2), long('b'), long(2)))?.seq, 4)
    t.is((await log.find(long(2), long('b'), long(2)))?.digest, digest)
    t.is((await log.state(long('a'), long(1)))?.kind, long('k'))
    t.is((await log.states(long('b'), { after: 0, limit: 9 })).length, 2)
  })

  test('keys and indexes of 760 characters that differ in the last one are told apart', async (t) => {
    const rows = (await open(t, { models })).records('suite', deep)
    const row = (key: number, unique: number) => ({
      k1: fat(512),
      k2: fat(247) + key,
      u1: fat(376),
      u2: fat(320),
      u3: long(unique),
    })
    t.is(await rows.insert(row(1, 1)), 'inserted')
    t.is(await rows.insert(row(2, 2)), 'inserted')
    t.is(await rows.insert(row(1, 3)), 'exists')
    t.is(await rows.insert(row(3, 2)), 'exists')
    t.is((await rows.get({ k1: fat(512), k2: `${fat(247)}2` }))?.u3, long(2))
    const { rows: found } = await rows.page({ u3: long(1), u2: fat(320), u1: fat(376) })
    t.deepEqual(found, [row(1, 1)])
    const first = await rows.page({ k1: fat(512) }, { limit: 1, dir: 'desc' })
    t.deepEqual(first.rows, [row(2, 2)])
    t.deepEqual((await rows.page({ k1: fat(512) }, { limit: 1, dir: 'desc', after: first.next! })).rows, [row(1, 1)])
  })

  test('a row of sixty full columns, and a mebibyte in one column, come back as they were', async (t) => {
    const rows = untyped((await open(t, { models })).records('suite', wide))
    const full = (seed: number) => Object.fromEntries(columns.map((name, i) => [name, fat(512, seed + i)]))
    await rows.insert({ id: 'full', ...full(0) })
    t.deepEqual(await rows.get({ id: 'full' }), { id: 'full', ...full(0) })
    await rows.upsert({ id: 'full', ...full(60) })
    t.deepEqual(await rows.get({ id: 'full' }), { id: 'full', ...full(60) })
    t.deepEqual(await rows.updateIf({ id: 'full' }, full(120)), { id: 'full', ...full(120) })
    const big = { id: 'big', text: 'é'.repeat(mebibyte / 2), data: { list: ['x'.repeat(mebibyte)] } }
    await rows.insert(big)
    t.deepEqual(await rows.get({ id: 'big' }), big)
    t.deepEqual((await rows.page({ id: 'big' })).rows, [big])
  })

  test('a body and a value of a mebibyte come back as they were', async (t) => {
    const storage = await open(t)
    const { log } = storage
    const body = JSON.stringify({ text: '🙂'.repeat(mebibyte / 4) })
    await Promise.all(
      numbers(1, 3).map((i) => log.append(message('c', 'a', `m${i}`, { body: i === 2 ? body : '{}', open: group() }))),
    )
    const sizes = async (bytes: number) =>
      (await log.range('c', { ...range(1, 9), bytes })).map((entry) => entry.body.length)
    t.deepEqual(await sizes(Number.MAX_SAFE_INTEGER), [2, body.length, 2])
    t.deepEqual(await sizes(mebibyte), [2])
    t.is((await log.range('c', range(2, 2)))[0]?.body, body)
    await log.rewrite('c', 2, { body: `${body} `, by: 3 })
    t.is((await log.range('c', range(2, 2)))[0]?.body, `${body} `)
    const kv = storage.kv(fat(128))
    await kv.set(fat(512), body)
    t.is(await kv.get(fat(512)), body)
    t.is(await kv.get(fat(511)), undefined)
  })

  test('the greatest numbers are kept and compared exactly', async (t) => {
    const { log } = await open(t)
    const most = Number.MAX_SAFE_INTEGER
    t.deepEqual(await log.append(message('c', 'a', '1', { at: most - 1, open: group('a') })), {
      status: 'appended',
      seq: 1,
      n: 1,
      at: most - 1,
    })
    t.deepEqual(await log.append(message('c', 'a', '2', { at: most })), { status: 'appended', seq: 2, n: 2, at: most })
    t.is((await log.append(message('c', 'a', '3', { judgedAt: most }))).status, 'stale')
    t.is(await log.rewrite('c', 1, { body: 'x', by: most - 1 }), true)
    t.is(await log.rewrite('c', 1, { body: 'y', by: most }), true)
    t.is(await log.rewrite('c', 1, { body: 'z', by: most - 1 }), false)
    t.is((await log.range('c', { from: -most, to: most, limit: 1, bytes: most }))[0]?.changedBy, most)
    t.deepEqual(await log.changed(most, 1_000), [])
    t.deepEqual(await log.states('a', { after: most, limit: 1_000 }), [])
  })

  test('lists give as much as may be asked for, and what a removal finds is not bounded', async (t) => {
    const storage = await open(t, { models })
    const { log } = storage
    await Promise.all(numbers(1, 1_001).map((i) => log.append(message(`c${i}`, 'a', 'm', { open: group('a') }))))
    await Promise.all(numbers(1, 500).map((i) => log.append(message('c1', 'a', `m${i}`))))
    t.is((await log.range('c1', range(1, 1_000))).length, 500)
    t.is((await log.range('c1', { ...range(1, 1_000), dir: 'desc' }))[0]?.seq, 2)
    const changed = await log.changed(0, 1_000)
    t.is(changed.length, 1_000)
    t.is((await log.changed(changed.at(-1)!.mark, 1_000)).length, 1)
    const states = await log.states('a', { after: 0, limit: 1_000 })
    t.is(states.length, 1_000)
    t.is((await log.states('a', { after: states.at(-1)!.mark, limit: 1_000 })).length, 1)

    const items = storage.records('suite', item)
    await Promise.all(numbers(1, 1_100).map((n) => items.insert({ id: `i${n}`, n })))
    const page = await items.page({ n: { gte: 0 } }, { limit: 1_000 })
    t.is(page.rows.length, 1_000)
    t.is((await items.page({ n: { gte: 0 } }, { limit: 1_000, after: page.next! })).rows.length, 100)
    t.is((await items.page({ n: { in: numbers(1, 1_000) } }, { limit: 1_000 })).rows.length, 1_000)
    await t.throwsAsync(items.page({ n: { in: numbers(1, 1_001) } }), { code: 'STORAGE_INVALID' })
    t.is(await items.remove({ n: { in: numbers(1, 50) } }), 50)
    t.is(await items.remove({ n: { gt: 0 } }), 1_050)
  })
}
