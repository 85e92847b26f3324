import { field, model } from '@natter/core/contract'
import type { OwnedModel, Storage, Terms } from '@natter/core/contract'
import { copyStore } from '@natter/core/storage'
import { FakeClock } from '../fake-clock.js'
import { MemoryStore } from '../memory-storage.js'
import type { Suite, SuiteContext } from './suite.js'
import { numbers } from './suite.js'

const page = model('page', {
  fields: { book: field.id(), id: field.int(), at: field.int(), terms: field.text({ optional: true }) },
  key: ['book', 'id'],
  indexes: [['at']],
  terms: 'terms',
})
const models: readonly OwnedModel[] = [{ plugin: 'suite', model: page }]
const pagesOf = (storage: Storage) => storage.records('suite', page)

/** What is found, the newest first, as `book/id`. */
async function found(storage: Storage, terms: Terms, where: { gte?: number; lt?: number } = {}): Promise<string[]> {
  const { rows } = await pagesOf(storage).match!(terms, { at: { gte: 0, ...where } }, { dir: 'desc', limit: 1_000 })
  return rows.map(({ book, id }) => `${book}/${id}`)
}
const untypedMatch = (storage: Storage) =>
  pagesOf(storage).match as unknown as (...args: readonly unknown[]) => Promise<unknown>

async function library(t: SuiteContext, open: Suite['open']): Promise<Storage> {
  const storage = await open(t, { models })
  const pages = pagesOf(storage)
  await pages.insert({ book: 'a', id: 1, at: 10, terms: '_the _quick _brown _fox' })
  await pages.insert({ book: 'a', id: 2, at: 20, terms: '_quicker _fox_ _a1' })
  await pages.insert({ book: 'b', id: 1, at: 30, terms: '_slow _fox _slow' })
  await pages.insert({ book: 'b', id: 2, at: 40, terms: '' })
  await pages.insert({ book: 'b', id: 3, at: 50 })
  return storage
}

export function recordTerms({ test, backend, open, keep, pairs }: Suite): void {
  if (backend.without?.includes('terms')) return

  test('terms are found whole, by how they begin, all of several and one of several', async (t) => {
    const storage = await library(t, open)
    t.deepEqual(await found(storage, [['_fox']]), ['b/1', 'a/1'])
    t.deepEqual(await found(storage, [['_quick']]), ['a/1'], 'whole')
    t.deepEqual(await found(storage, [['_quick*']]), ['a/2', 'a/1'])
    t.deepEqual(await found(storage, [['_q*']]), ['a/2', 'a/1'])
    t.deepEqual(await found(storage, [['_fox*']]), ['b/1', 'a/2', 'a/1'])
    t.deepEqual(await found(storage, [['_fox'], ['_quick*']]), ['a/1'])
    t.deepEqual(await found(storage, [['_fox'], ['_none', '_slow', '_br*']]), ['b/1', 'a/1'])
    t.deepEqual(await found(storage, [['_the']]), ['a/1'], 'no word is left out')
    t.deepEqual(await found(storage, [['_a1']]), ['a/2'])
    t.deepEqual(await found(storage, [['_none*', '_nothing']]), [])
    t.deepEqual(await found(storage, [['_fox']], { gte: 11 }), ['b/1'])
    t.deepEqual(await found(storage, [['_fox*']], { lt: 30 }), ['a/2', 'a/1'])
  })

  test('what is found comes page by page, each row once', async (t) => {
    const storage = await open(t, { models })
    const pages = pagesOf(storage)
    for (const id of numbers(1, 25))
      await pages.insert({ book: 'b', id, at: Math.floor(id / 4), terms: `_all _n${id}` })
    for (const dir of ['asc', 'desc'] as const) {
      const seen: number[] = []
      for (let after: string | undefined; ;) {
        const options = { limit: 4, dir, ...(after === undefined ? {} : { after }) }
        const { rows, next } = await pages.match!([['_all']], { at: { gte: 0 } }, options)
        seen.push(...rows.map(({ id }) => id))
        after = next
        if (after === undefined) break
      }
      t.deepEqual(seen, dir === 'asc' ? numbers(1, 25) : numbers(1, 25).toReversed())
    }
  })

  test('terms that are changed, removed and put again are found as they are now', async (t) => {
    const storage = await library(t, open)
    const pages = pagesOf(storage)
    await pages.updateIf({ book: 'a', id: 1, at: { lte: 10 } }, { terms: '_new _fox' })
    t.deepEqual(await found(storage, [['_brown']]), [])
    t.deepEqual(await found(storage, [['_new'], ['_fox']]), ['a/1'])
    await pages.updateIf({ book: 'a', id: 1, at: { lt: 10 } }, { terms: '_never' })
    t.deepEqual(await found(storage, [['_never']]), [], 'its condition was not met')
    await pages.updateIf({ book: 'a', id: 1 }, { terms: undefined })
    t.deepEqual(await found(storage, [['_new']]), [])
    t.deepEqual(await pages.get({ book: 'a', id: 1 }), { book: 'a', id: 1, at: 10 })
    await pages.upsert({ book: 'a', id: 1, at: 11, terms: '_again' })
    await pages.upsert({ book: 'c', id: 1, at: 12, terms: '_again' })
    t.deepEqual(await found(storage, [['_again']]), ['c/1', 'a/1'])
    await pages.updateIf({ book: 'c', id: 1 }, { at: 9 })
    t.deepEqual(await found(storage, [['_again']]), ['a/1', 'c/1'])
    t.is((await pages.take({ book: 'a', id: 1 }))?.terms, '_again')
    t.is(await pages.remove({ book: 'b' }), 3)
    t.deepEqual(await found(storage, [['_again', '_fox*', '_slow']]), ['a/2', 'c/1'])
    t.is((await pages.get({ book: 'a', id: 2 }))?.terms, '_quicker _fox_ _a1', 'as they were given')
  })

  test('a thousand terms may do, and many rows have the same', async (t) => {
    const storage = await open(t, { models })
    const pages = pagesOf(storage)
    const long = numbers(1, 2_000).map((n) => `_word${n}`)
    await pages.insert({ book: 'long', id: 1, at: 1, terms: long.join(' ') })
    await pages.insert({ book: 'wide', id: 1, at: 2, terms: `_${'x'.repeat(79)}` })
    t.deepEqual(
      await found(storage, [
        numbers(1, 1_000)
          .map((n) => `_other${n}`)
          .concat('_word2000'),
        ['_word7'],
      ]),
      ['long/1'],
    )
    t.deepEqual(await found(storage, [[`_${'x'.repeat(79)}`]]), ['wide/1'])
    t.deepEqual(await found(storage, [[`_${'x'.repeat(78)}`]]), [])
  })

  test('what is no term is refused, as it is stored and as it is asked for', async (t) => {
    const storage = await library(t, open)
    const pages = pagesOf(storage)
    const refused = { code: 'STORAGE_INVALID' }
    const strange = [
      'fox',
      '_f',
      '_Fox',
      '_a b',
      ' _fox',
      '_fox ',
      '_fox  _a1',
      '_fö',
      `_${'x'.repeat(80)}`,
      '_a\0',
      '"_fox"',
      '_fox*',
      '_fox|_a1',
    ]
    for (const terms of strange) {
      await t.throwsAsync(pages.insert({ book: 's', id: 1, at: 1, terms }), refused)
      await t.throwsAsync(pages.updateIf({ book: 'a', id: 1 }, { terms }), refused)
    }
    const match = untypedMatch(storage)
    const where = { at: { gte: 0 } }
    for (const term of [
      ...strange.filter((each) => each !== '_fox*'),
      '',
      '*',
      '_*',
      '_f*x',
      '_fox**',
      '+_fox',
      '_fox" OR "x',
      5,
      null,
    ]) {
      await t.throwsAsync(match([[term]], where), refused)
    }
    for (const terms of [
      undefined,
      [],
      [[]],
      '_fox',
      ['_fox'],
      numbers(1, 33).map(() => ['_fox']),
      [numbers(1, 1_201).map(() => '_fox')],
    ]) {
      await t.throwsAsync(match(terms, where), refused)
    }
    await t.throwsAsync(match([['_fox']], { terms: '_fox' }), { code: 'STORAGE_NOT_INDEXED' })
    await t.throwsAsync(match([['_fox']], {}), { code: 'STORAGE_NOT_INDEXED' })
    const one = { book: 'a', id: 1, terms: '_fox' } as never
    await t.throwsAsync(pages.updateIf(one, {}), refused)
    t.deepEqual(await found(storage, [['_fox']]), ['b/1', 'a/1'])
  })

  test('a model keeps its terms as it keeps its key', async (t) => {
    const storage = await open(t, { models })
    const { terms: _, ...bare } = page
    const changed = { code: 'STORAGE_MODEL_CHANGED' }
    await t.throwsAsync(storage.prepare([{ plugin: 'suite', model: bare }], []), changed)
    const plain = model('plain', { fields: { id: field.id(), terms: field.text() }, key: ['id'], indexes: [['id']] })
    await storage.prepare([{ plugin: 'suite', model: plain }], [])
    await t.throwsAsync(storage.prepare([{ plugin: 'suite', model: { ...plain, terms: 'terms' } }], []), changed)
    await storage.prepare(models, [])
    const invalid = { code: 'STORAGE_MODEL_INVALID' }
    for (const terms of ['at', 'none']) {
      await t.throwsAsync(
        storage.prepare([{ plugin: 'suite', model: { ...page, name: 'odd', terms } as never }], []),
        invalid,
      )
    }
  })

  for (const { of, open: openBoth } of pairs) {
    test(`${of}terms are found where they were not written`, async (t) => {
      const [one, two] = await openBoth(t, models)
      await pagesOf(one).insert({ book: 'a', id: 1, at: 1, terms: '_here' })
      t.is((await pagesOf(two).page({ at: { gte: 0 } })).rows.length, 1)
      await pagesOf(two).updateIf({ book: 'a', id: 1 }, { terms: '_there' })
      t.deepEqual(await found(one, [['_here']]), [])
      t.deepEqual(await found(one, [['_there']]), ['a/1'])
    })
  }

  const { bulk, reopen } = backend
  if (bulk && reopen) {
    test('terms that were copied from another store are found', async (t) => {
      const setting = { models, clock: new FakeClock() }
      const source = new MemoryStore(setting)
      await source.prepare(models, [])
      await pagesOf(source).insert({ book: 'a', id: 1, at: 1, terms: '_fox _hole' })
      const target = keep(t, await bulk())
      await copyStore('memory', source, target.storage)
      await target.close()
      const again = keep(t, await reopen(target, setting))
      t.deepEqual(await found(again.storage, [['_ho*'], ['_fox']]), ['a/1'])
      t.is((await pagesOf(again.storage).get({ book: 'a', id: 1 }))?.terms, '_fox _hole')
    })
  }
}
