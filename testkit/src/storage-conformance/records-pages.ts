import { field, model } from '@natter/core/contract'
import type { PageOptions, Records } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { numbers, turn, untyped } from './suite.js'

const post = model('post', {
  fields: {
    room: field.id(),
    id: field.int(),
    author: field.id(),
    score: field.int({ optional: true }),
    pinned: field.bool({ optional: true }),
  },
  key: ['room', 'id'],
  indexes: [['author', 'score'], ['score'], ['room', 'pinned', 'score']],
})
const models = [{ plugin: 'suite', model: post }]
type Posts = Records<typeof post>

/** All rows by pages of three, as `room/id`. */
async function walk(posts: Posts, where: Parameters<Posts['page']>[0], dir: 'asc' | 'desc'): Promise<string[]> {
  const seen: string[] = []
  let after: string | undefined
  do {
    const options: PageOptions = after === undefined ? { limit: 3, dir } : { limit: 3, dir, after }
    await turn()
    const page = await posts.page(where, options)
    seen.push(...page.rows.map(({ room, id }) => `${room}/${id}`))
    after = page.next
  } while (after !== undefined)
  return seen
}

export function recordPages({ test, open }: Suite): void {
  test('pages follow the key in both directions, each row once', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    for (const id of [5, 3, 9, 1, 7, 2, 8, 4, 6]) await posts.insert({ room: 'r', id, author: 'a' })
    await posts.insert({ room: 's', id: 1, author: 'a' })
    const all = numbers(1, 9).map((id) => `r/${id}`)
    t.deepEqual(await walk(posts, { room: 'r' }, 'asc'), all)
    t.deepEqual(await walk(posts, { room: 'r' }, 'desc'), all.toReversed())
    t.deepEqual(await walk(posts, { room: 'r', id: { gt: 2, lte: 7 } }, 'asc'), all.slice(2, 7))
    t.deepEqual(await walk(posts, { room: 'r', id: { in: [8, 2, 2, 77] } }, 'desc'), ['r/8', 'r/2'])
    t.deepEqual(await walk(posts, { room: { gte: 'r' } }, 'asc'), [...all, 's/1'])
    t.deepEqual(await walk(posts, { room: 'none' }, 'asc'), [])
  })

  test('rows that are equal in the index are ordered by key and neither lost nor repeated between pages', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    for (const id of numbers(1, 20)) await posts.insert({ room: `r${id % 2}`, id, author: 'a', score: id % 3 })
    const expected = [0, 1, 2].flatMap((score) =>
      ['r0', 'r1'].flatMap((room) =>
        numbers(1, 20)
          .filter((id) => id % 3 === score && `r${id % 2}` === room)
          .map((id) => `${room}/${id}`),
      ),
    )
    t.deepEqual(await walk(posts, { author: 'a' }, 'asc'), expected)
    t.deepEqual(await walk(posts, { author: 'a' }, 'desc'), expected.toReversed())
    t.deepEqual(await walk(posts, { score: { in: [0, 1, 2] } }, 'asc'), expected)
    t.deepEqual(await walk(posts, { author: 'a', score: 1 }, 'asc'), expected.slice(6, 13))
  })

  test('rows without a value of the index come first, and meet no condition on it', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    for (const id of numbers(1, 4)) await posts.insert({ room: 'r', id, author: 'a' })
    for (const id of numbers(5, 8)) await posts.insert({ room: 'r', id, author: 'a', score: 9 - id, pinned: id > 6 })
    const byScore = [1, 2, 3, 4, 8, 7, 6, 5].map((id) => `r/${id}`)
    t.deepEqual(await walk(posts, { author: 'a' }, 'asc'), byScore)
    t.deepEqual(await walk(posts, { author: 'a' }, 'desc'), byScore.toReversed())
    t.deepEqual(await walk(posts, { author: 'a', score: { lt: 99 } }, 'asc'), byScore.slice(4))
    t.deepEqual(await walk(posts, { room: 'r', pinned: true }, 'desc'), ['r/7', 'r/8'])
    t.deepEqual(await walk(posts, { room: 'r', pinned: { in: [true, false] } }, 'asc'), ['r/6', 'r/5', 'r/8', 'r/7'])
  })

  test('a page goes on behind its last row, whatever was stored or removed meanwhile', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    for (const id of numbers(1, 6)) await posts.insert({ room: 'r', id: id * 10, author: 'a' })
    const first = await posts.page({ room: 'r' }, { limit: 3 })
    await posts.insert({ room: 'r', id: 5, author: 'a' })
    await posts.insert({ room: 'r', id: 35, author: 'a' })
    await posts.take({ room: 'r', id: 30 })
    const second = await posts.page({ room: 'r' }, { after: first.next! })
    t.deepEqual(
      second.rows.map(({ id }) => id),
      [35, 40, 50, 60],
    )
    t.is(second.next, undefined)
  })

  test('who walks while others insert, move and remove sees each row that stays once, in order', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    const stays = numbers(1, 60).map((id) => id * 10)
    await Promise.all(stays.map((id) => posts.insert({ room: 'r', id, author: 'a', score: id % 70 })))
    let walking = true
    const others = numbers(1, 8).map(async (writer) => {
      for (let id = writer; walking; id = (id * 7 + 8) % 600) {
        await turn()
        const row = { room: 'r', id: id % 10 === 0 ? id + 1 : id, author: 'a', score: id % 70 }
        await posts.insert(row)
        await posts.updateIf({ room: 'r', id: row.id }, { score: 69 - row.score })
        await posts.take({ room: 'r', id: row.id })
      }
    })
    const seen = []
    for (const dir of ['asc', 'desc'] as const) {
      seen.push(await walk(posts, { room: 'r' }, dir), await walk(posts, { author: 'a', score: { gte: 0 } }, dir))
    }
    walking = false
    await Promise.all(others)
    const scores = stays.toSorted((a, b) => (a % 70) - (b % 70) || a - b)
    const expected = [stays, scores, stays.toReversed(), scores.toReversed()]
    for (const [i, ids] of expected.entries()) {
      t.deepEqual(
        seen[i]!.filter((each) => each.endsWith('0')),
        ids.map((id) => `r/${id}`),
      )
    }
  })

  test('next is given exactly when there is more', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    for (const id of numbers(1, 4)) await posts.insert({ room: 'r', id, author: 'a' })
    t.is((await posts.page({ room: 'r' }, { limit: 4 })).next, undefined)
    const { next } = await posts.page({ room: 'r' }, { limit: 3 })
    t.is((await posts.page({ room: 'r' }, { limit: 3, after: next! })).rows.length, 1)
  })

  test('a page has 100 rows unless told, at most 1,000, and cursors belong to their page', async (t) => {
    const posts = (await open(t, { models })).records('suite', post)
    await Promise.all(numbers(1, 101).map((id) => posts.insert({ room: 'r', id, author: 'a' })))
    const first = await posts.page({ room: 'r' })
    t.is(first.rows.length, 100)
    const refused = { code: 'STORAGE_INVALID' }
    for (const limit of [0, -1, 1_001, 1.5, NaN]) await t.throwsAsync(posts.page({ room: 'r' }, { limit }), refused)
    for (const after of ['', 'x', 'W10', 'bnVsbA', '{}', `${first.next}x`.slice(4)]) {
      await t.throwsAsync(posts.page({ room: 'r' }, { after }), refused)
    }
    await t.throwsAsync(posts.page({ room: 'r' }, { after: first.next!, dir: 'desc' }), refused)
    await t.throwsAsync(posts.page({ author: 'a' }, { after: first.next! }), refused)
    await t.throwsAsync(untyped(posts).page({ room: 'r' }, { dir: 'up' }), refused)
  })

  test('a condition that no index serves is refused, naming model and fields', async (t) => {
    const posts = untyped((await open(t, { models })).records('suite', post))
    for (const where of [
      {},
      { pinned: true },
      { id: 1 },
      { room: { gt: 'a' }, id: 1 },
      { room: 'r', score: 1 },
      { author: 'a', score: 1, id: 2 },
      { author: { in: ['a'] }, score: 1 },
    ]) {
      const refused = {
        code: 'STORAGE_NOT_INDEXED',
        message: new RegExp(`suite\\.post.*${Object.keys(where).join(', ')}`),
      }
      await t.throwsAsync(posts.page(where), refused)
      await t.throwsAsync(posts.remove(where), refused)
    }
  })

  test('a condition with a value of the wrong kind is refused and removes nothing', async (t) => {
    const posts = untyped((await open(t, { models })).records('suite', post))
    await posts.insert({ room: 'r', id: 1, author: 'a' })
    for (const where of [
      { room: undefined },
      { room: null },
      { room: 5 },
      { room: { $gt: '' } },
      { room: { gt: '', $ne: 1 } },
      { room: {} },
      { room: { in: 'r' } },
      { room: { in: ['r', null] } },
      { room: { in: ['r'], gt: 'a' } },
      { room: 'r', id: '1' },
      { room: 'r', id: { gt: 0.5 } },
      { room: ['r'] },
      { nobody: 1 },
      undefined,
      null,
      'r',
    ]) {
      await t.throwsAsync(posts.page(where), { code: 'STORAGE_INVALID' })
      await t.throwsAsync(posts.remove(where), { code: 'STORAGE_INVALID' })
    }
    t.is((await posts.page({ room: 'r' })).rows.length, 1)
  })
}
