import type { Suite } from './suite.js'
import { group, message, range } from './suite.js'

export function logRewrite({ test, open }: Suite): void {
  test('a rewritten entry keeps its place and names the entry that changed it; the highest wins', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, open: group('a') }))
    await log.append(message('c', 'a', '2'))
    t.is(await log.rewrite('c', 1, { body: 'second', by: 7 }), true)
    t.is(await log.rewrite('c', 1, { body: 'first', by: 4 }), false)
    t.is(await log.rewrite('c', 1, { body: 'second', by: 7 }), true)
    const entry = { conversation: 'c', seq: 1, n: 1, from: 'a', clientId: '1', at: 5 }
    t.deepEqual((await log.range('c', range(1, 1)))[0], { ...entry, body: 'second', changedBy: 7 })
    t.is(await log.rewrite('c', 1, { body: '', by: 9 }), true)
    t.deepEqual((await log.range('c', range(1, 1)))[0], { ...entry, body: '', changedBy: 9 })
    t.is((await log.head('c'))?.seq, 2)
    t.is(await log.rewrite('c', 3, { body: 'x', by: 9 }), false)
    t.is(await log.rewrite('x', 1, { body: 'x', by: 9 }), false)
  })

  test('a retry after a change still gets the original ack, and another body is still a conflict', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, open: group('a') }))
    await log.rewrite('c', 1, { body: 'edited', by: 2 })
    t.deepEqual(await log.append(message('c', 'a', '1')), { status: 'duplicate', seq: 1, n: 1, at: 5 })
    t.is((await log.append(message('c', 'a', '1', { digest: 'x' }))).status, 'conflict')
  })

  test('forgotten content takes its digest along: any retry gets the original ack', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, open: group('a') }))
    t.is(await log.rewrite('c', 1, { body: '', by: 2, forget: 'content' }), true)
    t.is((await log.find('c', 'a', '1'))?.digest, '')
    t.deepEqual(await log.append(message('c', 'a', '1', { digest: 'x' })), { status: 'duplicate', seq: 1, n: 1, at: 5 })
    t.is((await log.range('c', range(1, 1)))[0]?.from, 'a')
  })

  test('a forgotten author leaves an entry without a name, also where two had the same client id', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'same', { open: group('a', 'b') }))
    await log.append(message('c', 'b', 'same'))
    t.is(await log.rewrite('c', 1, { body: '', by: 3, forget: 'author' }), true)
    t.is(await log.rewrite('c', 2, { body: 'kept', by: 3, forget: 'author' }), true)
    t.deepEqual(
      (await log.range('c', range(1, 2))).map(({ from, clientId, body, seq }) => [seq, from, clientId, body]),
      [
        [1, '', 'same', ''],
        [2, '', 'same', 'kept'],
      ],
    )
    t.is(await log.find('c', 'a', 'same'), undefined)
  })

  test('a rewrite is reported as a change', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    const before = await log.latest()
    await log.rewrite('c', 1, { body: 'x', by: 2 })
    t.deepEqual(
      (await log.changed(before, 10)).map(({ conversation }) => conversation),
      ['c'],
    )
    t.deepEqual(
      (await log.states('a', { after: before, limit: 10 })).map(({ conversation }) => conversation),
      ['c'],
    )
  })

  test('a rewrite that is none is refused', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    for (const change of [
      { body: 'a\0', by: 2 },
      { body: '\ud800', by: 2 },
      { body: 5, by: 2 },
      { body: 'x', by: 0 },
      { body: 'x', by: 2, forget: 'all' },
    ]) {
      await t.throwsAsync(log.rewrite('c', 1, change as { body: string; by: number }), { code: 'STORAGE_INVALID' })
    }
    await t.throwsAsync(log.rewrite('c', 0, { body: 'x', by: 2 }), { code: 'STORAGE_INVALID' })
    t.is((await log.range('c', range(1, 1)))[0]?.body, '{"text":"1"}')
  })
}
