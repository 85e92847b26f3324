import { field, model } from '@natter/core/contract'
import type { Model, OwnedModel } from '@natter/core/contract'
import type { Suite } from './suite.js'

const first = model('note', { fields: { id: field.id(), text: field.text({ max: 50 }) }, key: ['id'] })
const owned = (...models: readonly Model[]): OwnedModel[] => models.map((each) => ({ plugin: 'suite', model: each }))

export function preparing({ test, open }: Suite): void {
  test('a model may gain optional fields and indexes; its rows stay', async (t) => {
    const storage = await open(t, { models: owned(first) })
    await storage.records('suite', first).insert({ id: 'x', text: 'hello' })
    const wider = model('note', {
      fields: { ...first.fields, rank: field.int({ optional: true }), tag: field.id({ optional: true }) },
      key: ['id'],
      indexes: [['rank'], ['text']],
      unique: [['tag']],
    })
    await storage.prepare(owned(wider), [])
    await storage.prepare(owned(wider), [])
    const notes = storage.records('suite', wider)
    t.deepEqual(await notes.get({ id: 'x' }), { id: 'x', text: 'hello' })
    t.is(await notes.insert({ id: 'y', text: 'there', rank: 2, tag: 'one' }), 'inserted')
    t.is(await notes.insert({ id: 'z', text: 'there', tag: 'one' }), 'exists')
    t.deepEqual((await notes.page({ text: 'hello' })).rows, [{ id: 'x', text: 'hello' }])
    t.deepEqual((await notes.page({ rank: { gt: 0 } })).rows, [{ id: 'y', text: 'there', rank: 2, tag: 'one' }])
  })

  test('a model may give up a field, an index and a unique index, and have them again', async (t) => {
    const wide = model('note', {
      fields: { id: field.id(), text: field.text({ max: 50 }), rank: field.int({ optional: true }) },
      key: ['id'],
      indexes: [['rank']],
      unique: [['text']],
    })
    const storage = await open(t, { models: owned(wide) })
    await storage.records('suite', wide).insert({ id: 'x', text: 'hello', rank: 1 })
    const narrow = model('note', { fields: { id: field.id() }, key: ['id'] })
    await storage.prepare(owned(narrow), [])
    const notes = storage.records('suite', narrow)
    t.deepEqual(await notes.get({ id: 'x' }), { id: 'x' })
    await storage.prepare(owned(first), [])
    t.is(await storage.records('suite', first).insert({ id: 'y', text: 'hello' }), 'inserted', 'text is not unique now')
    await storage.records('suite', first).take({ id: 'y' })
    await storage.prepare(owned(wide), [])
    t.deepEqual(await storage.records('suite', wide).get({ id: 'x' }), { id: 'x', text: 'hello', rank: 1 })
    t.is(await storage.records('suite', wide).insert({ id: 'y', text: 'hello' }), 'exists')
  })

  test('a change that stored rows do not allow is refused, naming the model, and changes nothing', async (t) => {
    const storage = await open(t, { models: owned(first) })
    const notes = storage.records('suite', first)
    await notes.insert({ id: 'x', text: 'same' })
    await notes.insert({ id: 'y', text: 'same' })
    const { fields } = first
    const changes: readonly Model[] = [
      model('note', { fields, key: ['text'] }),
      model('note', { fields, key: ['id', 'text'] }),
      model('note', { fields: { ...fields, text: field.int() }, key: ['id'] }),
      model('note', { fields: { ...fields, rank: field.int() }, key: ['id'] }),
      model('note', { fields, key: ['id'], unique: [['text']] }),
    ]
    const other = model('other', { fields: { id: field.id() }, key: ['id'] })
    for (const change of changes) {
      const refused = { code: 'STORAGE_MODEL_CHANGED', message: /suite\.note/ }
      await t.throwsAsync(storage.prepare(owned(other, change), []), refused)
    }
    await storage.prepare(owned(first), [])
    t.deepEqual((await notes.page({ id: { gte: '' } })).rows.length, 2)
    t.is(await notes.insert({ id: 'z', text: 'same' }), 'inserted')
  })

  test('a required field may come while there are no rows, and when all rows have it', async (t) => {
    const storage = await open(t, { models: owned(first) })
    const ranked = model('note', { fields: { ...first.fields, rank: field.int() }, key: ['id'] })
    await storage.prepare(owned(ranked), [])
    await storage.records('suite', ranked).insert({ id: 'x', text: 'a', rank: 1 })
    await storage.prepare(owned(first), [])
    await storage.prepare(owned(ranked), [])
    t.deepEqual(await storage.records('suite', ranked).get({ id: 'x' }), { id: 'x', text: 'a', rank: 1 })
    await storage.prepare(owned(first), [])
    await storage.records('suite', first).insert({ id: 'y', text: 'b' })
    await t.throwsAsync(storage.prepare(owned(ranked), []), { code: 'STORAGE_MODEL_CHANGED', message: /rank/ })
  })

  test('a plugin that is gone keeps its rows for the day it returns', async (t) => {
    const storage = await open(t, { models: owned(first) })
    await storage.records('suite', first).insert({ id: 'x', text: 'hello' })
    await storage.prepare([], [])
    await storage.prepare(owned(first), [])
    t.deepEqual(await storage.records('suite', first).get({ id: 'x' }), { id: 'x', text: 'hello' })
  })

  test('a model that cannot be stored anywhere is refused, naming what is wrong', async (t) => {
    const storage = await open(t)
    const id = field.id()
    const untyped = model as unknown as (name: string, spec: object) => Model
    const wrong: readonly (readonly [model: Model, problem: RegExp])[] = [
      [untyped('note; drop', { fields: { id }, key: ['id'] }), /named/],
      [untyped('Note', { fields: { id }, key: ['id'] }), /named/],
      [untyped('note', { fields: { id, 'x"y': id }, key: ['id'] }), /x"y/],
      [untyped('note', { fields: { id, ID: id }, key: ['id'] }), /ID/],
      [untyped('note', { fields: { id, idea: id, ideA: id }, key: ['id'] }), /ideA/],
      [untyped('note', { fields: { id, x: { type: 'date', optional: true } }, key: ['id'] }), /date/],
      [untyped('note', { fields: { id }, key: [] }), /key/],
      [untyped('note', { fields: { id }, key: ['id', 'id'] }), /twice/],
      [untyped('note', { fields: { id }, key: ['nope'] }), /nope/],
      [untyped('note', { fields: { id: field.id({ optional: true }) }, key: ['id'] }), /optional/],
      [untyped('note', { fields: { id, t: field.text() }, key: ['id'], indexes: [['t']] }), /max/],
      [untyped('note', { fields: { id, t: field.text({ max: 513 }) }, key: ['id'], unique: [['t']] }), /512/],
      [untyped('note', { fields: { id, j: field.json() }, key: ['id'], indexes: [['j']] }), /JSON/],
      [
        untyped('note', {
          fields: { id, a: id, b: id, c: id, d: id, e: id },
          key: ['id'],
          indexes: [['a', 'b', 'c', 'd', 'e']],
        }),
        /one to four/,
      ],
    ]
    for (const [each, problem] of wrong) {
      await t.throwsAsync(storage.prepare(owned(each), []), { code: 'STORAGE_MODEL_INVALID', message: problem })
    }
    await t.throwsAsync(storage.prepare([{ plugin: "x'", model: first }], []), { code: 'STORAGE_MODEL_INVALID' })
  })

  test('data steps run once, in order, with the store at hand; one that fails is tried again', async (t) => {
    const storage = await open(t, { models: owned(first) })
    const ran: string[] = []
    let broken = true
    const step = (id: string, also?: () => void) => ({
      plugin: 'suite',
      step: {
        id,
        async up(inside: typeof storage) {
          ran.push(id)
          const notes = inside.records('suite', first)
          await notes.insert({ id, text: 'made' })
          t.is((await notes.get({ id }))?.text, 'made')
          also?.()
        },
      },
    })
    await storage.prepare(owned(first), [step('one'), step('two')])
    await storage.prepare(owned(first), [step('one'), step('two')])
    t.deepEqual(ran, ['one', 'two'])
    const failing = step('three', () => {
      if (broken) throw new Error('not yet')
    })
    await t.throwsAsync(storage.prepare(owned(first), [step('one'), failing]), {
      code: 'STORAGE_STEP_FAILED',
      message: /"three" of suite.*not yet/s,
    })
    broken = false
    await storage.prepare(owned(first), [failing, step('four')])
    await storage.prepare(owned(first), [failing, step('four'), { ...step('four'), plugin: 'other' }])
    t.deepEqual(ran, ['one', 'two', 'three', 'three', 'four', 'four'])
    t.is((await storage.records('suite', first).page({ id: { gte: '' } })).rows.length, 4)
  })
}
