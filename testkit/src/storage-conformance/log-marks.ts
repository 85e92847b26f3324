import type { Suite } from './suite.js'
import { direct, group, message, numbers } from './suite.js'

/** The same numbers in another order, always the same. */
const shuffled = (list: readonly number[]) => list.toSorted((a, b) => ((a * 7919) % 101) - ((b * 7919) % 101))

export function logMarks({ test, open }: Suite): void {
  test('who sends has received and read up to their entry, in the same commit', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    await log.append(message('c', 'a', '2'))
    t.deepEqual(
      await log.state('a', 'c').then((state) => [state?.me.read, state?.me.received, state?.unread]),
      [2, 2, 0],
    )
    await log.append(message('c', 'b', '3'))
    t.deepEqual(
      await log.state('b', 'c').then((state) => [state?.me.read, state?.me.received, state?.unread]),
      [3, 3, 0],
    )
    t.deepEqual(
      await log.state('a', 'c').then((state) => [state?.me.read, state?.me.received, state?.unread]),
      [2, 2, 1],
    )
    await log.append(message('c', 'system', '4', { counts: false }))
    t.is((await log.state('a', 'c'))?.unread, 1)
  })

  test('marks only go up, received follows read, and both are cut at the head', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'm1', { open: direct('a', 'b') }))
    for (const i of numbers(2, 9)) await log.append(message('c', 'a', `m${i}`))
    const me = (read: number, received: number) => ({ user: 'b', floor: 0, left: false, read, received })
    const steps = [
      [{ received: 4 }, { moved: true, member: me(0, 4), n: 9, unread: 9 }],
      [{ read: 2 }, { moved: true, member: me(2, 4), n: 9, unread: 7 }],
      [
        { read: 1, received: 3 },
        { moved: false, member: me(2, 4), n: 9, unread: 7 },
      ],
      [{ read: 6 }, { moved: true, member: me(6, 6), n: 9, unread: 3 }],
      [{}, { moved: false, member: me(6, 6), n: 9, unread: 3 }],
      [
        { read: 7, received: 5 },
        { moved: true, member: me(7, 7), n: 9, unread: 2 },
      ],
      [
        { read: 1e12, received: 1e15 },
        { moved: true, member: me(9, 9), n: 9, unread: 0 },
      ],
      [{ read: 9 }, { moved: false, member: me(9, 9), n: 9, unread: 0 }],
    ] as const
    for (const [marks, expected] of steps) t.deepEqual(await log.mark('c', 'b', marks), expected)
    t.is(await log.mark('c', 'x', { read: 1 }), undefined)
    t.is(await log.mark('x', 'b', { read: 1 }), undefined)
  })

  test('shuffled and repeated marks beside new entries never move back', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'm1', { open: group('a', 'b') }))
    const marked = await Promise.all(
      shuffled(numbers(1, 80)).flatMap((i) => [
        log.append(message('c', 'a', `n${i}`)),
        log.mark('c', 'b', { received: i }),
        log.mark('c', 'b', { read: i % 40 }),
        log.mark('c', 'b', { received: i }),
      ]),
    )
    let last = { read: 0, received: 0 }
    for (const answer of marked) {
      if (!answer || !('member' in answer)) continue
      const { read, received } = answer.member
      t.true(read >= last.read && received >= last.received && read <= received)
      last = answer.member
    }
    const end = await log.mark('c', 'b', { read: 39, received: 80 })
    t.deepEqual(end?.member, { user: 'b', floor: 0, left: false, read: 39, received: 80 })
  })

  test('messages above the floor and not below are unread', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    await log.append(message('c', 'a', '2'))
    await log.append(message('c', 'system', '3', { counts: false, members: { join: [{ user: 'b' }] } }))
    await log.append(message('c', 'a', '4'))
    await log.append(message('c', 'a', '5'))
    t.is((await log.state('b', 'c'))?.unread, 2)
    t.is((await log.mark('c', 'b', { read: 1 }))?.unread, 2)
    t.is((await log.mark('c', 'b', { read: 4 }))?.unread, 1)
  })

  test('marks that are no marks are refused', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    for (const read of [-1, 0.5, NaN, '1', null, {}]) {
      await t.throwsAsync(log.mark('c', 'b', { read: read as number }), { code: 'STORAGE_INVALID' })
      await t.throwsAsync(log.mark('c', 'b', { received: read as number }), { code: 'STORAGE_INVALID' })
    }
    await t.throwsAsync(log.mark('c', "b'", { read: 1 }), { code: 'STORAGE_INVALID' })
    t.is((await log.state('b', 'c'))?.me.received, 0)
  })
}
