import { field, model } from '@natter/core/contract'
import type { Append, Kv, Log, Model, Storage } from '@natter/core/contract'
import type { Suite, SuiteContext } from './suite.js'
import { group, message, range, untyped } from './suite.js'

/** Text that means something to some database, driver, shell or language. */
const texts = [
  ...[
    '$gt',
    '$where',
    '{"$gt":""}',
    'a.b',
    '.',
    '..',
    '$',
    'a.$.b',
    '__proto__',
    'constructor',
    'prototype',
    'toString',
  ],
  ...[
    'null',
    'undefined',
    'NaN',
    'true',
    '0',
    '-0',
    '00',
    '1e21',
    '9007199254740993',
    'Infinity',
    ' padded\n',
    '[object Object]',
  ],
  ...["'", "''", "'; drop table natter_kv; --", '"', '" or ""="', '`', '\\', "\\'", '\\0', '\\u0000', 'x\\', ';', '--'],
  ...['/*', '*/', '?', '??', ':x', '@x', '$1', '${x}', '%', '_', '%_%', '*', '^a', '(?i)a', '#', '~'],
  ...[
    '\n',
    '\r\n',
    '\t',
    ' ',
    '\u0001',
    '\u001f',
    '\u007f',
    '\u0085',
    '\u2028',
    '\ufeff',
    '\ufffd',
    '\ufffe',
    '\uffff',
  ],
]
/** Ids that are allowed, though they mean something elsewhere. */
const ids = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'a.b',
  '.',
  '..',
  '-',
  '--',
  '@',
  ':',
  '0',
  'null',
  '-0',
]
const noIds = [...texts.filter((text) => !/^[A-Za-z0-9_.@:-]+$/.test(text)), '', 'a\0', '\ud800', 'é', 5, null, {}, []]
const noTexts = ['a\0', '\0', '\ud800', 'a\udfff', '\ude42\ud83d', 5, null, true, { $gt: '' }, ['a']]
const noNumbers = [2 ** 53, -(2 ** 53), 1e21, 0.5, NaN, -Infinity, '1', 1n, null, { $gt: 0 }, [1]]

const thing = model('thing', {
  fields: {
    id: field.text({ max: 40 }),
    tag: field.text({ max: 40, optional: true }),
    count: field.int({ optional: true }),
    data: field.json({ optional: true }),
  },
  key: ['id'],
  indexes: [['count']],
  unique: [['tag']],
})
const models = [{ plugin: 'suite', model: thing }]
const refused = { code: 'STORAGE_INVALID' }
const all = (t: SuiteContext, asks: readonly Promise<unknown>[]) =>
  Promise.all(asks.map((ask) => t.throwsAsync(ask, refused)))
type Untyped<T> = { readonly [K in keyof T]: (...args: unknown[]) => Promise<unknown> }

/** The three shapes as JavaScript sees them, with one row and one entry to spoil. */
async function untypedShapes(storage: Storage) {
  const things = untyped(storage.records('suite', thing))
  const kv = storage.kv('suite') as unknown as Untyped<Kv>
  const log = storage.log as unknown as Untyped<Log>
  await things.insert({ id: 'x' })
  await log.append(message('c', 'a', '1', { open: group('a') }))
  return { things, kv, log }
}

export function hostileValues({ test, open }: Suite): void {
  test('text that means something to a database is only text: in keys, columns and conditions', async (t) => {
    const things = (await open(t, { models })).records('suite', thing)
    const stored = await Promise.all(texts.map((text) => things.insert({ id: text, tag: text })))
    t.deepEqual(new Set(stored), new Set(['inserted']))
    for (const text of texts) {
      const row = { id: text, tag: text }
      t.deepEqual(await things.get({ id: text }), row)
      t.deepEqual((await things.page({ tag: { in: [text] } })).rows, [row], text)
      t.deepEqual((await things.page({ id: { gte: text, lte: text } })).rows, [row], text)
      t.is(await things.insert({ id: `${text}!`, tag: text }), 'exists')
    }
    const changed = await Promise.all(
      texts.map((text) => things.updateIf({ id: text, tag: { in: [text] } }, { tag: `${text}!` })),
    )
    t.deepEqual(
      changed.map((row) => row?.tag),
      texts.map((text) => `${text}!`),
    )
    const taken = await Promise.all(texts.map((text) => things.take({ id: text, tag: `${text}!` })))
    t.is(taken.filter(Boolean).length, texts.length)
  })

  test('text that means something to a database is only text: in keys, values and names of key spaces', async (t) => {
    const storage = await open(t)
    await Promise.all(texts.map((text) => storage.kv('suite').set(text, text)))
    await Promise.all(texts.map((text) => storage.kv(text).set('k', `in ${text}`)))
    for (const text of texts) {
      t.is(await storage.kv('suite').take(text), text)
      t.is(await storage.kv(text).get('k'), `in ${text}`)
    }
  })

  test('text that means something to a database is only text: in bodies and digests', async (t) => {
    const { log } = await open(t)
    await Promise.all(
      texts.map((text, i) => log.append(message('c', 'a', `m${i}`, { body: text, digest: text, open: group('a') }))),
    )
    const entries = await log.range('c', range(1, 500))
    t.deepEqual(
      entries.map(({ body }) => body),
      texts,
    )
    for (const [i, text] of texts.entries()) {
      t.is((await log.append(message('c', 'a', `m${i}`, { digest: text }))).status, 'duplicate')
      t.is((await log.append(message('c', 'a', `m${i}`, { digest: `${text}.` }))).status, 'conflict')
    }
    await Promise.all(texts.map((text, i) => log.rewrite('c', i + 1, { body: `${text} ${text}`, by: 1 })))
    t.deepEqual(
      (await log.range('c', range(1, 500))).map(({ body }) => body),
      texts.map((text) => `${text} ${text}`),
    )
  })

  test('JSON comes back letter by letter, whatever its keys and numbers are', async (t) => {
    const things = (await open(t, { models })).records('suite', thing)
    const named = JSON.parse(`{${texts.map((text, i) => `${JSON.stringify(text)}:{"$set":${i}}`).join()}}`) as unknown
    const values = [
      named,
      { '': { '': '' }, b: 1, a: 2, 10: 'x', 9: 'y' },
      [1e21, 2 ** 53, 2 ** 53 + 2, -1e-7, 5e-324, Number.MAX_VALUE, 0.1 + 0.2, 1.0],
      [null, [null, [], {}], true, false, '', '\u2028', '\ufeff'],
      { $date: '2026-01-01', $oid: '0', $numberLong: '1', _id: 1, toJSON: 'x' },
      '{"a":1}',
      '0123',
      0,
      false,
    ]
    for (const [i, data] of values.entries()) {
      await things.insert({ id: `${i}`, data })
      t.is(JSON.stringify((await things.get({ id: `${i}` }))?.data), JSON.stringify(data))
      const changed = await things.updateIf({ id: `${i}` }, { data: { nested: data } })
      t.is(JSON.stringify(changed?.data), JSON.stringify({ nested: data }))
    }
    t.is(({} as { $set?: unknown }).$set, undefined)
  })

  test('there is no negative zero', async (t) => {
    const storage = await open(t, { models })
    const things = storage.records('suite', thing)
    await things.insert({ id: 'x', count: -0 })
    t.true(Object.is((await things.get({ id: 'x' }))?.count, 0))
    t.true(Object.is((await things.updateIf({ id: 'x' }, {}, { count: -0 }))?.count, 0))
    await things.insert({ id: 'y', count: -5 })
    t.true(Object.is((await things.updateIf({ id: 'y' }, {}, { count: 5 }))?.count, 0))
    t.is((await things.page({ count: -0 })).rows.length, 2)
    const answer = await storage.log.append(message('c', 'a', '1', { at: -0, open: group('a') }))
    t.true('at' in answer && Object.is(answer.at, 0))
  })

  test('ids that mean something elsewhere are ids like all others', async (t) => {
    const { log } = await open(t)
    for (const [i, each] of ids.entries()) {
      const answer = await log.append(message(each, each, each, { open: { kind: each, members: [each, 'b'] } }))
      t.is('seq' in answer && answer.seq, 1, each)
      t.deepEqual(await log.append(message(each, each, each)), { ...answer, status: 'duplicate' })
      t.is(
        (await log.append(message(each, 'system', 'x', { members: { leave: ['b'], join: [{ user: 'toString' }] } })))
          .status,
        'appended',
      )
      t.is((await log.find(each, each, each))?.seq, 1)
      t.deepEqual((await log.state(each, each))?.me, { user: each, floor: 0, left: false, read: 1, received: 1 })
      t.true((await log.states(each, { after: 0, limit: 1_000 })).some(({ conversation }) => conversation === each))
      t.is((await log.changed(0, 1_000)).length, i + 1)
    }
    t.is(await log.head('valueOf'), undefined)
    t.is(await log.membership('hasOwnProperty'), undefined)
    t.is(await log.state('valueOf', 'constructor'), undefined)
  })

  test('what is no id is refused wherever one is wanted, and nothing is stored', async (t) => {
    const log = (await open(t)).log as unknown as Untyped<Log>
    for (const id of noIds) {
      for (const append of [
        { conversation: id },
        { from: id },
        { clientId: id },
        { open: { kind: id, members: ['a'] } },
        { open: { kind: 'group', members: [id] } },
        { members: { leave: [id] } },
        { members: { join: [{ user: id }] } },
      ]) {
        await t.throwsAsync(log.append({ ...message('c', 'a', '1', { open: group('a') }), ...append }), refused)
      }
      await all(t, [
        log.head(id),
        log.membership(id),
        log.range(id, range(1, 1)),
        log.state(id, 'c'),
        log.state('a', id),
        log.states(id, { after: 0, limit: 1 }),
        log.find(id, 'a', '1'),
        log.find('c', id, '1'),
        log.find('c', 'a', id),
        log.mark(id, 'a', { read: 1 }),
        log.mark('c', id, { read: 1 }),
        log.rewrite(id, 1, { body: 'x', by: 1 }),
      ])
    }
    t.is(await log.latest(), 0)
  })

  test('NUL, lone surrogates and what is no text are refused wherever text is wanted', async (t) => {
    const storage = await open(t, { models })
    const { things, kv, log } = await untypedShapes(storage)
    for (const text of noTexts) {
      await all(t, [
        things.insert({ id: text }),
        things.insert({ id: 'y', tag: text }),
        things.upsert({ id: 'y', tag: text }),
        things.get({ id: text }),
        things.updateIf({ id: 'x' }, { tag: text }),
        things.page({ id: { gte: '', lt: text } }),
        things.page({ tag: { in: ['a', text] } }),
        things.remove({ id: { gt: text } }),
        kv.get(text),
        kv.set(text, 'v'),
        kv.set('k', text),
        kv.add('k', text),
        log.append({ ...message('c', 'a', '2'), body: text }),
        log.append({ ...message('c', 'a', '2'), digest: text }),
        log.rewrite('c', 1, { body: text, by: 1 }),
      ])
      const space = async () => storage.kv(text as string).get('k')
      await t.throwsAsync(space(), refused)
    }
    t.deepEqual((await things.page({ id: { gte: '' } })).rows, [{ id: 'x' }])
    t.is(await kv.get('k'), undefined)
    t.is((await storage.log.head('c'))?.seq, 1)
  })

  test('what is no whole number below 2^53 is refused wherever one is wanted', async (t) => {
    const storage = await open(t, { models })
    const { things, kv, log } = await untypedShapes(storage)
    for (const number of noNumbers) {
      await all(t, [
        things.insert({ id: 'y', count: number }),
        things.updateIf({ id: 'x' }, { count: number }),
        things.updateIf({ id: 'x' }, {}, { count: number }),
        things.page({ count: { gt: number } }),
        things.page({ count: { in: [1, number] } }),
        things.page({ id: 'x' }, { limit: number }),
        kv.set('k', 'v', { ttlMs: number }),
        kv.add('k', 'v', { ttlMs: number }),
        log.append({ ...message('c', 'a', '2'), at: number }),
        log.append({ ...message('c', 'a', '2'), judgedAt: number }),
        log.append({ ...message('c', 'a', '2'), members: { join: [{ user: 'b', floor: number }] } } as Append),
        log.range('c', { ...range(1, 9), from: number }),
        log.range('c', { ...range(1, 9), to: number }),
        log.range('c', { ...range(1, 9), bytes: number }),
        log.mark('c', 'a', { read: number }),
        log.rewrite('c', number, { body: 'x', by: 1 }),
        log.rewrite('c', 1, { body: 'x', by: number }),
        log.changed(number, 1),
        log.states('a', { after: number, limit: 1 }),
      ])
    }
    t.deepEqual(await things.get({ id: 'x' }), { id: 'x' })
    t.is((await storage.log.head('c'))?.seq, 1)
  })

  test('fields may be named by words of a database, and may not by what every object has', async (t) => {
    const words = [
      'select',
      'from',
      'order',
      'group',
      'user',
      'table',
      'index',
      'values',
      'default',
      'rowid',
      'oid',
      'in',
    ]
    const fields = Object.fromEntries(words.map((name) => [name, field.id({ optional: true })]))
    const make = model as unknown as (name: string, spec: object) => Model
    const named = make('order', {
      fields: { ...fields, key: field.id(), limit: field.int() },
      key: ['key'],
      indexes: [['order', 'limit'], ['select']],
      unique: [['group', 'user']],
    })
    const storage = await open(t, { models: [{ plugin: 'suite', model: named }] })
    const rows = untyped(storage.records('suite', named))
    const row = { key: 'k', limit: 1, ...Object.fromEntries(words.map((name) => [name, `a-${name}`])) }
    await rows.insert(row)
    t.deepEqual(await rows.get({ key: 'k' }), row)
    t.deepEqual((await rows.page({ order: 'a-order', limit: { gt: 0 } })).rows, [row])
    t.deepEqual(await rows.updateIf({ key: 'k', table: 'a-table' }, { index: 'b' }, { limit: 1 }), {
      ...row,
      index: 'b',
      limit: 2,
    })
    for (const name of ['constructor', 'toString', 'valueOf', 'hasOwnProperty', 'xmin', 'ctid']) {
      const wrong = make('wrong', { fields: { id: field.id(), [name]: field.id({ optional: true }) }, key: ['id'] })
      await t.throwsAsync(storage.prepare([{ plugin: 'suite', model: wrong }], []), {
        code: 'STORAGE_MODEL_INVALID',
        message: new RegExp(name),
      })
    }
  })
}
