import { field, model } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { untyped } from './suite.js'

const thing = model('thing', {
  fields: {
    id: field.text({ max: 40 }),
    owner: field.id({ optional: true }),
    count: field.int({ optional: true }),
    at: field.time({ optional: true }),
    on: field.bool({ optional: true }),
    short: field.text({ optional: true, max: 5 }),
    long: field.text({ optional: true }),
    data: field.json({ optional: true }),
  },
  key: ['id'],
  indexes: [['count'], ['owner', 'count']],
})
const models = [{ plugin: 'suite', model: thing }]

export function recordValues({ test, open }: Suite): void {
  test('text, numbers, booleans and JSON come back exactly, at their limits too', async (t) => {
    const things = (await open(t, { models })).records('suite', thing)
    const rows = [
      { id: 'numbers', count: Number.MAX_SAFE_INTEGER, at: Number.MIN_SAFE_INTEGER },
      { id: 'zero', count: 0, at: 0, on: false, short: '', long: '' },
      { id: 'text', long: `quote ' " \` \\ % _ ; -- /* ? :x $1 \n\r\t\u0001 \u2028 é e\u0301 \ufeff 🙂👨‍👩‍👧` },
      { id: 'digits', short: '00123', long: '1e3', data: '42' },
      { id: 'json', data: { $gt: '', __proto__x: 1, 'a.b': [true, false, null, 0.1, 1e300, '', { '': '🙂' }] } },
      { id: 'list', data: [] },
      { id: 'number', data: 12.5 },
      { id: 'big', long: '🙂'.repeat(20_000) },
      { id: '', short: '🙂🙂.' },
      { id: 'null', long: 'null', short: 'undef' },
    ]
    for (const row of rows) t.is(await things.insert(row), 'inserted', row.id)
    for (const row of rows) t.deepEqual(await things.get({ id: row.id }), row)
  })

  test('undefined is absent: it is not stored and not given back', async (t) => {
    const things = untyped((await open(t, { models })).records('suite', thing))
    await things.insert({ id: 'x', count: undefined, data: { a: undefined, b: 1 } })
    const row = (await things.get({ id: 'x' })) as object
    t.deepEqual(Object.keys(row), ['id', 'data'])
    t.deepEqual(row, { id: 'x', data: { b: 1 } })
  })

  test('values that cannot be stored are refused by field, and nothing is stored', async (t) => {
    const things = untyped((await open(t, { models })).records('suite', thing))
    const circular: { self?: object } = {}
    circular.self = circular
    const hostile: readonly (readonly [field: string, value: unknown])[] = [
      ['count', 1.5],
      ['count', NaN],
      ['count', Infinity],
      ['count', 2 ** 53],
      ['count', '1'],
      ['count', 1n],
      ['count', true],
      ['count', null],
      ['count', { $gt: 0 }],
      ['at', new Date(0)],
      ['on', 1],
      ['on', 'true'],
      ['on', null],
      ['owner', ''],
      ['owner', 'a b'],
      ['owner', 'ä'],
      ['owner', 'a'.repeat(65)],
      ['owner', ['a']],
      ['owner', { toString: () => 'a' }],
      ['short', '123456'],
      ['short', '🙂🙂🙂'],
      ['long', 'a\0b'],
      ['long', 'a\ud800b'],
      ['long', '\udc00'],
      ['long', 5],
      ['long', null],
      ['data', null],
      ['data', 'a\0b'],
      ['data', { 'k\ud800': 1 }],
      ['data', ['\udfff']],
      ['data', NaN],
      ['data', [undefined]],
      ['data', new Date(0)],
      ['data', new Map()],
      ['data', () => 1],
      ['data', Symbol('s')],
      ['data', { n: 1n }],
      ['data', circular],
      ['id', undefined],
      ['id', 'x'.repeat(41)],
      ['unknown', 1],
    ]
    for (const [name, value] of hostile) {
      const row = { id: 'x', [name]: value }
      const refused = { code: 'STORAGE_INVALID', message: new RegExp(`suite\\.thing\\.${name}`) }
      await t.throwsAsync(things.insert(row), refused)
      await t.throwsAsync(things.upsert(row), refused)
      if (name !== 'id') await t.throwsAsync(things.updateIf({ id: 'x' }, { [name]: value }), refused)
    }
    for (const row of [undefined, null, 5, 'x', [], new Map()]) {
      await t.throwsAsync(things.insert(row), { code: 'STORAGE_INVALID' })
    }
    t.deepEqual((await things.page({ id: { gte: '' } })).rows, [])
  })

  test('updateIf refuses what a row may not become', async (t) => {
    const things = untyped((await open(t, { models })).records('suite', thing))
    await things.insert({ id: 'x', count: Number.MAX_SAFE_INTEGER - 1, on: true })
    const refused = { code: 'STORAGE_INVALID' }
    await t.throwsAsync(things.updateIf({ id: 'x' }, {}, { count: 2 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, {}, { count: 0.5 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, {}, { on: 1 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, {}, { short: 1 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, { id: 'y' }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, {}, { id: 1 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x' }, { count: 1 }, { count: 1 }), refused)
    await t.throwsAsync(things.updateIf({ id: 'x', on: undefined }, { count: 1 }), refused)
    await t.throwsAsync(things.updateIf({}, { count: 1 }), refused)
    t.deepEqual(await things.get({ id: 'x' }), { id: 'x', count: Number.MAX_SAFE_INTEGER - 1, on: true })
    t.is((await things.updateIf({ id: 'x' }, {}, { count: 1 }))?.['count'], Number.MAX_SAFE_INTEGER)
  })

  test('text is compared by case and by code point, and accents are not folded', async (t) => {
    const things = (await open(t, { models })).records('suite', thing)
    const ids = ['', 'A', 'Z', 'a', 'a ', 'aa', 'e\u0301', 'é', 'ﬀ', '\uffff', '🙂', '\u{10ffff}']
    for (const id of ids.toReversed()) t.is(await things.insert({ id }), 'inserted')
    t.deepEqual(
      (await things.page({ id: { gte: '' } })).rows.map(({ id }) => id),
      ids,
    )
    t.deepEqual(
      (await things.page({ id: { gt: '\uffff' } })).rows.map(({ id }) => id),
      ['🙂', '\u{10ffff}'],
    )
    t.deepEqual(
      (await things.page({ id: { lt: 'a' } })).rows.map(({ id }) => id),
      ['', 'A', 'Z'],
    )
    t.is((await things.get({ id: 'é' }))?.id, 'é')
    t.is((await things.updateIf({ id: 'a' }, { count: 1 }))?.id, 'a')
    t.deepEqual((await things.page({ count: 1 })).rows.length, 1)
  })
}
