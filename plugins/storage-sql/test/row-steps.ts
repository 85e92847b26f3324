import fc from 'fast-check'
import { field, model } from '@natter/core/contract'
import type { Storage } from '@natter/core/contract'

const post = model('post', {
  fields: {
    room: field.id(),
    id: field.int(),
    author: field.id({ optional: true }),
    score: field.int({ optional: true }),
    text: field.text({ optional: true }),
  },
  key: ['room', 'id'],
  indexes: [['author', 'score']],
  unique: [['room', 'score']],
})
export const models = [{ plugin: 'suite', model: post }]

export interface Step {
  readonly name: string
  /** Asked behind the writes of its round, because it may come before or behind what it is asked together with. */
  readonly reads: boolean
  run(storage: Storage): Promise<unknown>
}
const step =
  <X>(verb: string, reads: boolean, run: (storage: Storage, input: X) => Promise<unknown>) =>
  (input: X): Step => ({
    name: `${verb} ${JSON.stringify(input)}`,
    reads,
    run: (storage) =>
      run(storage, input).then(
        (value) => value,
        (error: { code?: string }) => ({ refused: error.code ?? error }),
      ),
  })
const posts = (storage: Storage) => storage.records('suite', post)
const kv = (storage: Storage) => storage.kv('suite')

type PostWhere = Parameters<ReturnType<typeof posts>['page']>[0]

/** All pages, one behind the other. */
async function pages(storage: Storage, where: PostWhere, dir: 'asc' | 'desc', limit: number): Promise<unknown> {
  const all: unknown[] = []
  for (let after: string | undefined; ;) {
    const { rows, next } = await posts(storage).page(where, { dir, limit, ...(after === undefined ? {} : { after }) })
    all.push(rows)
    if (next === undefined) return all
    after = next
  }
}

const key = fc.record({ room: fc.constantFrom('r', 's'), id: fc.integer({ min: 1, max: 4 }) })
const author = fc.constantFrom('a', 'a', 'C')
const score = fc.integer({ min: -2, max: 2 })
const text = fc.constantFrom('', 'é', 'e\u0301', '𝄞', 'Z', 'a')
const row = fc
  .tuple(key, fc.record({ author, score, text }, { requiredKeys: [] }))
  .map(([of, rest]) => ({ ...of, ...rest }))
const one = fc.tuple(key, fc.record({ author }, { requiredKeys: [] })).map(([of, rest]) => ({ ...of, ...rest }))
const where = fc.oneof(
  fc.record({ room: fc.constantFrom('r', 's') }),
  fc.record({ room: fc.constantFrom('r', 's'), id: fc.record({ gte: fc.integer({ min: 1, max: 4 }) }) }),
  fc.record({ author }),
  fc.record({ author, score: fc.record({ lt: score }) }),
)
const name = fc.constantFrom('k', 'l')
const ttlMs = fc.constantFrom(undefined, 1_000)
const lasting = (ms: number | undefined) => (ms === undefined ? {} : { ttlMs: ms })

const steps: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: row.map(step('insert', false, (storage, each) => posts(storage).insert(each))) },
  { weight: 3, arbitrary: row.map(step('upsert', false, (storage, each) => posts(storage).upsert(each))) },
  fc
    .tuple(one, fc.record({ author, text }, { requiredKeys: ['text'] }), fc.option(score))
    .map(
      step('updateIf', false, (storage, [of, set, add]) =>
        posts(storage).updateIf(of, set, add === null ? {} : { score: add }),
      ),
    ),
  one.map(step('take', false, (storage, of) => posts(storage).take(of))),
  where.map(step('remove', false, (storage, of) => posts(storage).remove(of))),
  key.map(step('get', true, (storage, of) => posts(storage).get(of))),
  fc.tuple(where, fc.constantFrom('asc' as const, 'desc' as const), fc.integer({ min: 1, max: 3 })).map(
    step('pages', true, async (storage, [of, dir, limit]) => {
      const pages: unknown[] = []
      for (let after: string | undefined; ;) {
        const { rows, next } = await posts(storage).page(of, { dir, limit, ...(after === undefined ? {} : { after }) })
        pages.push(rows)
        if (next === undefined) return pages
        after = next
      }
    }),
  ),
  fc
    .tuple(name, text, ttlMs)
    .map(step('set', false, (storage, [of, value, ms]) => kv(storage).set(of, value, lasting(ms)))),
  fc
    .tuple(name, text, ttlMs)
    .map(step('add', false, (storage, [of, value, ms]) => kv(storage).add(of, value, lasting(ms)))),
  name.map(step('take key', false, (storage, of) => kv(storage).take(of))),
  name.map(step('delete key', false, (storage, of) => kv(storage).delete(of))),
  name.map(step('get key', true, (storage, of) => kv(storage).get(of))),
)
export const round = fc.record({
  steps: fc.array(steps, { minLength: 1, maxLength: 6 }),
  pass: fc.constantFrom(0, 0, 500, 1_000),
})

/** Everything that can be seen of rows and keys. */
export async function picture(storage: Storage): Promise<unknown> {
  const lists = [{ room: 'r' }, { room: 's' }, { author: 'a' }, { author: 'C' }]
  return {
    ascending: await Promise.all(lists.map((list) => pages(storage, list, 'asc', 1))),
    descending: await Promise.all(lists.map((list) => pages(storage, list, 'desc', 1))),
    keys: await Promise.all(['k', 'l'].map((each) => kv(storage).get(each))),
  }
}
