import type { Suite } from './suite.js'
import { direct, group, message, numbers } from './suite.js'

export function logMembers({ test, open }: Suite): void {
  test('a send judged at another membership version is stale, and stored nowhere', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    const { version } = (await log.membership('c'))!
    t.is((await log.append(message('c', 'a', '2', { judgedAt: version }))).status, 'appended')
    await log.append(message('c', 'system', 'leave', { counts: false, members: { leave: ['b'] } }))
    t.deepEqual(await log.append(message('c', 'b', '3', { judgedAt: version })), { status: 'stale' })
    t.is((await log.head('c'))?.seq, 3)
    t.is((await log.append(message('c', 'a', '4', { judgedAt: (await log.head('c'))!.version }))).status, 'appended')
  })

  test('the retry of a stored send is a duplicate also when it would now be stale', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    const { version } = (await log.membership('c'))!
    await log.append(message('c', 'a', '2', { judgedAt: version }))
    await log.append(message('c', 'system', 'leave', { members: { leave: ['a'] } }))
    t.is((await log.append(message('c', 'a', '2', { judgedAt: version }))).status, 'duplicate')
    t.is((await log.append(message('c', 'a', '2', { judgedAt: version, digest: 'x' }))).status, 'conflict')
  })

  test('every join and leave raises the version in the commit of its entry', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'open', { open: group('a') }))
    const versions = [(await log.membership('c'))!.version]
    for (const [id, members] of [
      ['1', { join: [{ user: 'b' }] }],
      ['2', { leave: ['b'] }],
      ['3', { join: [{ user: 'b' }, { user: 'd' }] }],
      // Who is there already: nothing but the version changes, so that what was judged before is judged again.
      ['4', { join: [{ user: 'b' }] }],
    ] as const) {
      await log.append(message('c', 'system', id, { counts: false, members }))
      versions.push((await log.membership('c'))!.version)
    }
    // By one for each: who knows the version before and the change knows the version behind it.
    t.deepEqual(
      versions.map((version) => version - versions[0]!),
      [0, 1, 2, 4, 5],
    )
    await log.append(message('c', 'a', 'plain'))
    t.is((await log.head('c'))?.version, versions.at(-1))
  })

  test('of many who were judged at one version, none is stored behind a change of members', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', 'open', { open: group('a', 'b') }))
    const { version } = (await log.membership('c'))!
    const answers = await Promise.all(
      numbers(1, 30).map((i) =>
        i === 15
          ? log.append(message('c', 'system', 'out', { members: { leave: ['b'] } }))
          : log.append(message('c', 'b', `m${i}`, { judgedAt: version })),
      ),
    )
    const out = answers[14]!
    const stored = answers.filter((answer) => answer.status === 'appended' && answer !== out)
    t.true('seq' in out && stored.every((answer) => 'seq' in answer && answer.seq < out.seq))
    t.is(answers.filter(({ status }) => status === 'stale').length, 29 - stored.length)
  })

  test('who joins reads from their entry on unless a floor is given, and who rejoins gets a new one', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a') }))
    await log.append(message('c', 'a', '2'))
    await log.append(message('c', 'system', '3', { members: { join: [{ user: 'b' }, { user: 'd', floor: 1 }] } }))
    const floorOf = async (user: string) => (await log.state(user, 'c'))?.me.floor
    t.is(await floorOf('b'), 2)
    t.is(await floorOf('d'), 1)
    t.is((await log.state('b', 'c'))?.unread, 1)
    t.is((await log.state('d', 'c'))?.unread, 2)
    await log.append(message('c', 'system', '4', { members: { join: [{ user: 'd' }] } }))
    t.is(await floorOf('d'), 1, 'who is in stays as they are')
    await log.append(message('c', 'system', '5', { members: { leave: ['b'] } }))
    await log.append(message('c', 'a', '6'))
    await log.append(message('c', 'system', '7', { members: { join: [{ user: 'b' }] } }))
    t.is(await floorOf('b'), 6)
    const me = (await log.state('b', 'c'))!.me
    t.deepEqual(me, { user: 'b', floor: 6, left: false, read: 0, received: 0 })
  })

  test('who left sees the conversation as it was then, and nothing of it is readable', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { at: 1, open: group('a', 'b') }))
    await log.append(message('c', 'system', '2', { at: 2, counts: false, members: { leave: ['b'] } }))
    const left = (await log.state('b', 'c'))!
    await log.append(message('c', 'a', '3', { at: 3 }))
    t.deepEqual(await log.state('b', 'c'), left)
    t.deepEqual(left.me, { user: 'b', floor: 0, left: true, read: 0, received: 0 })
    t.deepEqual([left.seq, left.n, left.at, left.unread, left.last], [2, 1, 2, 0, undefined])
    t.is(await log.mark('c', 'b', { read: 3 }), undefined)
    t.is((await log.state('a', 'c'))?.seq, 3)
    t.deepEqual(
      (await log.membership('c'))?.members.map(({ user, left: out }) => [user, out]),
      [
        ['a', false],
        ['b', true],
      ],
    )
  })

  test('only a direct conversation lists its members in a state', async (t) => {
    const { log } = await open(t)
    await log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    await log.append(message('d', 'b', '1', { open: direct('b', 'a') }))
    t.deepEqual((await log.state('a', 'c'))?.members, [])
    t.deepEqual((await log.state('a', 'd'))?.members, [
      { user: 'a', floor: 0, left: false, read: 0, received: 0 },
      { user: 'b', floor: 0, left: false, read: 1, received: 1 },
    ])
    t.is(await log.state('x', 'c'), undefined)
    t.is(await log.state('a', 'x'), undefined)
  })
}
