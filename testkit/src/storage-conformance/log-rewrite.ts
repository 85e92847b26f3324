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

  test('with the body it was made from, a change is made only where that is still there', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 5, body: '{"text":"é"}', open: group('a') }))
    const now = async () => {
      const [entry] = await log.range('c', range(1, 1))
      return [entry?.body, entry?.changedBy]
    }
    t.is(await log.rewrite('c', 1, { body: 'x', by: 2, was: '{"text":"e"}' }), false)
    t.is(await log.rewrite('c', 1, { body: 'x', by: 2, was: '{"text":"É"}' }), false)
    t.is(await log.rewrite('c', 1, { body: 'x', by: 2, was: '' }), false)
    t.deepEqual(await now(), ['{"text":"é"}', undefined])
    t.is(await log.rewrite('c', 1, { body: 'two', by: 2, was: '{"text":"é"}' }), true)
    // An erasure says the same seq and another body: by its seq alone it would not be known.
    t.is(await log.rewrite('c', 1, { body: 'bare', by: 2, was: 'two' }), true)
    t.is(await log.rewrite('c', 1, { body: 'three', by: 3, was: 'two' }), false)
    t.is(await log.rewrite('c', 1, { body: 'older', by: 1, was: 'bare' }), false)
    t.deepEqual(await now(), ['bare', 2])
    t.is(await log.rewrite('c', 1, { body: '', by: 4, was: 'bare', forget: 'content' }), true)
    t.is(await log.rewrite('c', 1, { body: 'back', by: 5, was: 'bare' }), false)
    t.is(await log.rewrite('c', 1, { body: 'new', by: 5, was: '' }), true)
    t.is(await log.rewrite('c', 2, { body: 'x', by: 9, was: '' }), false)
  })

  test('changes that go together each see the one before', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { body: '0', open: group('a') }))
    const steps = [
      { body: '1', by: 2, was: '0' },
      { body: 'x', by: 2, was: '0' },
      { body: '2', by: 2, was: '1' },
    ]
    t.deepEqual(await Promise.all(steps.map((step) => log.rewrite('c', 1, step))), [true, false, true])
    t.is((await log.range('c', range(1, 1)))[0]?.body, '2')
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
      { body: 'x', by: 2, was: 5 },
      { body: 'x', by: 2, forget: 'all' },
    ]) {
      await t.throwsAsync(log.rewrite('c', 1, change as { body: string; by: number }), { code: 'STORAGE_INVALID' })
    }
    await t.throwsAsync(log.rewrite('c', 0, { body: 'x', by: 2 }), { code: 'STORAGE_INVALID' })
    t.is((await log.range('c', range(1, 1)))[0]?.body, '{"text":"1"}')
  })
}
