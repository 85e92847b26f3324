import type { EntryPageOptions } from '@natter/core/contract'
import { pageByVerbs } from '@natter/core/storage'
import type { Suite } from './suite.js'
import { group, message, numbers } from './suite.js'

const whole = { limit: 50, bytes: 1_000_000 }

/** Every combination of these, for each reader. */
function* questions(): Iterable<EntryPageOptions> {
  for (const limit of [1, 3, 50, 101, 500]) {
    for (const before of [undefined, -1, 0, 1, 4, 9, 10, 99]) {
      yield { limit, bytes: whole.bytes, ...(before !== undefined && { before }) }
    }
    for (const after of [0, 1, 3, 4, 8, 9, 10, 99]) {
      for (const holds of [undefined, `m${after}`, 'another']) {
        yield { limit, bytes: whole.bytes, after, ...(holds !== undefined && { holds }) }
      }
    }
  }
}

export function logPage({ test, open }: Suite): void {
  test('a page is what state and range give together, for whom and from wherever it is asked', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'm1', { open: group('a', 'b', 'gone') }))
    for (const i of numbers(2, 4)) await log.append(message('c', 'a', `m${i}`))
    await log.append(message('c', 'system', 'm5', { body: '{"type":"join"}', members: { join: [{ user: 'late' }] } }))
    await log.append(message('c', 'system', 'm6', { members: { leave: ['gone'] } }))
    for (const i of numbers(7, 9)) await log.append(message('c', 'b', `m${i}`, { body: '{"text":"é 🙂 \\" \\\\ "}' }))
    await log.rewrite('c', 2, { body: '{"text":"edited"}', by: 7 })
    await log.rewrite('c', 8, { body: '', by: 9, forget: 'author' })
    if (log.page) {
      for (const user of ['a', 'b', 'late', 'gone', 'stranger']) {
        for (const question of questions()) {
          const asked = `${user} ${JSON.stringify(question)}`
          t.deepEqual(await log.page(user, 'c', question), await pageByVerbs(log, user, 'c', question), asked)
        }
      }
      t.is(await log.page('a', 'absent', whole), undefined)
      for (const more of [
        { limit: 0 },
        { limit: 501 },
        { bytes: -1 },
        { after: -1 },
        { after: 0.5 },
        { holds: 'a b' },
      ]) {
        await t.throwsAsync(log.page('a', 'c', { ...whole, ...more }), { code: 'STORAGE_INVALID' })
      }
    }
    const page = await pageByVerbs(log, 'late', 'c', whole)
    t.deepEqual([page?.head, page?.first, page?.reset], [9, 5, false])
    const entries = JSON.parse(`[${page?.entries}]`) as readonly (readonly unknown[])[]
    t.deepEqual(
      entries.map(([seq]) => seq),
      numbers(5, 9),
    )
    t.deepEqual(
      entries[3],
      [8, 8, '', 1_000, '', {}, 9].map((value, i) => (i === 4 ? entries[3]![4] : value)),
    )
    t.is(await pageByVerbs(log, 'gone', 'c', whole), undefined)
  })

  test('bytes of the bodies bound a page, which has its first entry all the same', async (t) => {
    const { log } = await open(t)
    const body = (length: number) => JSON.stringify({ text: 'x'.repeat(length - 11) })
    await log.append(message('c', 'a', 'm1', { body: body(100), open: group('a') }))
    for (const i of numbers(2, 6)) await log.append(message('c', 'a', `m${i}`, { body: body(100) }))
    for (const limit of [6, 200]) {
      const seqs = async (options: Omit<EntryPageOptions, 'limit'>) => {
        const page = await (log.page?.('a', 'c', { limit, ...options }) ??
          pageByVerbs(log, 'a', 'c', { limit, ...options }))
        return (JSON.parse(`[${page?.entries}]`) as readonly [number][]).map(([seq]) => seq)
      }
      t.deepEqual(await seqs({ after: 0, bytes: 299 }), [1, 2])
      t.deepEqual(await seqs({ after: 0, bytes: 300 }), [1, 2, 3])
      t.deepEqual(await seqs({ after: 2, bytes: 1 }), [3])
      t.deepEqual(await seqs({ bytes: 250 }), [5, 6])
      t.deepEqual(await seqs({ before: 5, bytes: 0 }), [4])
    }
  })
}
