import type { Log } from '@natter/core/contract'
import type { Suite } from './suite.js'
import { direct, group, message, numbers, turn } from './suite.js'

/** Follows the change lists as resume and search do: from the last mark seen, a few at a time. */
export async function follow(
  log: Log,
  user: string | undefined,
  after: number,
  seen: Map<string, number>,
): Promise<number> {
  for (;;) {
    const page = user === undefined ? await log.changed(after, 3) : await log.states(user, { after, limit: 3 })
    if (page.length === 0) return after
    for (const { conversation, seq, mark } of page) {
      if (mark <= after) throw new Error(`the change order is broken: ${mark} behind ${after}`)
      after = mark
      seen.set(conversation, Math.max(seq, seen.get(conversation) ?? 0))
    }
  }
}

export function logChanges({ test, open }: Suite): void {
  test('a conversation is reported once, at its newest change, in the order of changes', async (t) => {
    const { log } = await open(t)
    t.is(await log.latest(), 0)
    t.deepEqual(await log.changed(0, 10), [])
    for (const id of ['x', 'y', 'z']) await log.append(message(id, 'a', '1', { open: group('a') }))
    await log.append(message('x', 'a', '2'))
    const changed = await log.changed(0, 10)
    t.deepEqual(
      changed.map(({ conversation, seq }) => [conversation, seq]),
      [
        ['y', 1],
        ['z', 1],
        ['x', 2],
      ],
    )
    t.is(changed.at(-1)?.mark, await log.latest())
    t.deepEqual(
      (await log.changed(changed[0]!.mark, 1)).map(({ conversation }) => conversation),
      ['z'],
    )
    t.deepEqual(await log.changed(changed[2]!.mark, 10), [])
  })

  test('states give a user their own conversations that changed, as state gives each', async (t) => {
    const { log } = await open(t)
    await log.append(message('x', 'a', '1', { open: group('a', 'b') }))
    await log.append(message('y', 'a', '1', { open: group('a') }))
    await log.append(message('z', 'c', '1', { open: direct('c', 'b') }))
    const states = await log.states('b', { after: 0, limit: 10 })
    t.deepEqual(
      states.map(({ conversation }) => conversation),
      ['x', 'z'],
    )
    t.deepEqual(states, [await log.state('b', 'x'), await log.state('b', 'z')])
    t.deepEqual(states[0]?.last?.clientId, '1')
    t.deepEqual(await log.states('b', { after: states[0]!.mark, limit: 10 }), [states[1]])
    t.deepEqual(await log.states('b', { after: 0, limit: 1 }), [states[0]])
    t.deepEqual(await log.states('nobody', { after: 0, limit: 10 }), [])
  })

  test('marks are a change for oneself, and for both in a direct conversation', async (t) => {
    const { log } = await open(t)
    await log.append(message('d', 'a', '1', { open: direct('a', 'b') }))
    await log.append(message('g', 'a', '1', { open: group('a', 'b') }))
    const changedFor = async (user: string, after: number) =>
      (await log.states(user, { after, limit: 10 })).map(({ conversation }) => conversation)
    const start = await log.latest()
    await log.mark('g', 'b', { read: 1 })
    t.deepEqual(await changedFor('b', start), ['g'])
    t.deepEqual(await changedFor('a', start), [])
    const then = await log.latest()
    await log.mark('d', 'b', { received: 1 })
    t.deepEqual(await changedFor('b', then), ['d'])
    t.deepEqual(await changedFor('a', then), ['d'])
    const [state] = await log.states('a', { after: then, limit: 10 })
    t.deepEqual(
      state?.members.map(({ received }) => received),
      [1, 1],
    )
  })

  test('leaving is a change for who leaves, and later entries are none for them', async (t) => {
    const { log } = await open(t)
    await log.append(message('g', 'a', '1', { open: group('a', 'b') }))
    const before = await log.latest()
    await log.append(message('g', 'system', '2', { counts: false, members: { leave: ['b'] } }))
    const [left] = await log.states('b', { after: before, limit: 10 })
    t.is(left?.me.left, true)
    await log.append(message('g', 'a', '3'))
    t.deepEqual(await log.states('b', { after: left!.mark, limit: 10 }), [])
    await log.append(message('g', 'system', '4', { members: { join: [{ user: 'b' }] } }))
    t.is((await log.states('b', { after: left!.mark, limit: 10 }))[0]?.me.left, false)
  })

  test('who follows the changes while fifty people write misses nothing', async (t) => {
    const { log } = await open(t)
    const writers = numbers(1, 50).map(async (writer) => {
      for (const i of numbers(1, 4)) {
        await log.append(message(`c${(writer * i) % 13}`, `u${writer}`, `m${i}`, { open: group('reader') }))
        if (i === 2) await log.mark(`c${writer % 13}`, 'reader', { received: i })
      }
    })
    const all = new Map<string, number>()
    const mine = new Map<string, number>()
    const places = { all: 0, mine: 0 }
    let writing = true
    const done = Promise.all(writers).finally(() => (writing = false))
    while (writing) {
      await turn()
      places.all = await follow(log, undefined, places.all, all)
      places.mine = await follow(log, 'reader', places.mine, mine)
    }
    await done
    await follow(log, undefined, places.all, all)
    await follow(log, 'reader', places.mine, mine)
    const heads = new Map<string, number>()
    for (const { conversation, seq } of await log.changed(0, 1_000)) heads.set(conversation, seq)
    t.is(heads.size, 13)
    t.deepEqual([...all].sort(), [...heads].sort())
    t.deepEqual([...mine].sort(), [...heads].sort())
  })

  test('limits and places that are none are refused', async (t) => {
    const { log } = await open(t)
    for (const [after, limit] of [
      [-1, 10],
      [0.5, 10],
      [0, 0],
      [0, 1_001],
      [NaN, 10],
      [0, NaN],
    ] as const) {
      await t.throwsAsync(log.changed(after, limit), { code: 'STORAGE_INVALID' })
      await t.throwsAsync(log.states('a', { after, limit }), { code: 'STORAGE_INVALID' })
    }
    t.deepEqual(await log.changed(0, 1_000), [])
  })
}
