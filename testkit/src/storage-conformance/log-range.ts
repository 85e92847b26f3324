import type { Log } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { group, message, numbers, range } from './suite.js'

type Options = Parameters<Log['range']>[1]

export function logRange({ test, open }: Suite): void {
  test('an entry comes back as it was sent', async (t) => {
    const { log } = await open(t)
    const body = '{"type":"poll", "text":"\\u00e9 \\ud83d\\ude42 🙂 \u2028 \\"","n":1.0}'
    await log.append(message('c:1@x.y_-', 'a', 'id-1', { at: 42, body, open: group('a') }))
    t.deepEqual(await log.range('c:1@x.y_-', range(1, 1)), [
      { conversation: 'c:1@x.y_-', seq: 1, n: 1, from: 'a', clientId: 'id-1', at: 42, body },
    ])
  })

  test('a range is ascending, cut by limit from the side that is asked for', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'm1', { open: group('a') }))
    for (const i of numbers(2, 12)) await log.append(message('c', 'a', `m${i}`))
    const seqs = async (options: Partial<Options>) =>
      (await log.range('c', { ...range(1, 12), ...options })).map(({ seq }) => seq)
    t.deepEqual(await seqs({}), numbers(1, 12))
    t.deepEqual(await seqs({ from: 3, to: 6 }), [3, 4, 5, 6])
    t.deepEqual(await seqs({ from: 3, limit: 2 }), [3, 4])
    t.deepEqual(await seqs({ from: 3, to: 9, limit: 2, dir: 'desc' }), [8, 9])
    t.deepEqual(await seqs({ from: -5, to: 2 }), [1, 2])
    t.deepEqual(await seqs({ from: 11, to: 1_000_000 }), [11, 12])
    t.deepEqual(await seqs({ from: 13, to: 20 }), [])
    t.deepEqual(await seqs({ from: 6, to: 5 }), [])
    t.deepEqual(await seqs({ from: 0, to: 0 }), [])
  })

  test('bytes of the bodies bound a range, which has its first entry all the same', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'm1', { body: 'é'.repeat(50), open: group('a') }))
    for (const i of numbers(2, 6)) await log.append(message('c', 'a', `m${i}`, { body: 'x'.repeat(100) }))
    // a store may read few entries another way than many
    for (const limit of [10, 500]) {
      const seqs = async (bytes: number, dir: 'asc' | 'desc') =>
        (await log.range('c', { ...range(1, 6), limit, bytes, dir })).map(({ seq }) => seq)
      t.deepEqual(await seqs(300, 'asc'), [1, 2, 3])
      t.deepEqual(await seqs(299, 'asc'), [1, 2])
      t.deepEqual(await seqs(0, 'asc'), [1])
      t.deepEqual(await seqs(250, 'desc'), [5, 6])
      t.deepEqual(await seqs(1, 'desc'), [6])
    }
  })

  test('limits beyond the allowed are refused', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    const hostile: readonly object[] = [
      { limit: 0 },
      { limit: 501 },
      { limit: 1.5 },
      { bytes: -1 },
      { from: NaN },
      { to: '9' },
      { dir: 'up' },
    ]
    for (const more of hostile) {
      await t.throwsAsync(log.range('c', { ...range(1, 9), ...more } as Options), { code: 'STORAGE_INVALID' })
    }
  })
}
