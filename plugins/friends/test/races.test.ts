import test from 'ava'
import type { ExecutionContext } from 'ava'
import { befriend, codeOf, crowdOf, people, serve } from './serve.js'
import type { Person } from './serve.js'

const sixteen = Array.from({ length: 16 }, (_, i) => i)
type Act = () => Promise<unknown>

/** Many at once, in an order that is another each time. */
const race = (acts: readonly Act[]) => Promise.all(acts.toSorted(() => Math.random() - 0.5).map((act) => codeOf(act())))
const times = (act: Act): Act[] => sixteen.map(() => act)

/** People of a server, two for each round; of every other two the smaller id is the other's. */
async function pairs(t: ExecutionContext, rounds = 5): Promise<{ alice: Person; bob: Person }[]> {
  const server = await serve(t, { requests: { points: 1_000 }, requestAgainMs: 0 })
  const name = (round: number, one: boolean) => `${one === (round % 2 === 0) ? 'alice' : 'bob'}${round}`
  return Promise.all(
    Array.from({ length: rounds }, async (_, round) => {
      const [alice, bob] = await server.friends(name(round, true), name(round, false))
      return { alice, bob }
    }),
  )
}

/** Both lists say the same, and a device that follows has what a new one has. */
async function agree(t: ExecutionContext, alice: Person, bob: Person): Promise<string> {
  const opposite: Record<string, string> = { friend: 'friend', incoming: 'outgoing', outgoing: 'incoming' }
  const [a = 'none', b = 'none'] = [(await people(alice))[bob.id], (await people(bob))[alice.id]]
  t.is(b, opposite[a] ?? 'none')
  for (const [me, other] of [
    [alice, bob.id],
    [bob, alice.id],
  ] as const) {
    const { contacts, gone } = await me.friends.sync({ after: 0 })
    const told = contacts.find(({ user }) => user === other)?.is ?? (gone.includes(other) ? 'none' : 'untold')
    t.is(told, me === alice ? a : b)
  }
  return a
}

test('requests that cross become one friendship', async (t) => {
  for (const { alice, bob } of await pairs(t)) {
    const codes = await race([
      ...times(() => alice.friends.request({ user: bob.id })),
      ...times(() => bob.friends.request({ user: alice.id })),
    ])
    t.deepEqual([...new Set(codes)], ['ok'])
    t.is(await agree(t, alice, bob), 'friend')
  }
})

test('a request is taken, or turned down, or taken back: one of them, for both', async (t) => {
  const ends = new Set<string>()
  for (const { alice, bob } of await pairs(t)) {
    await alice.friends.request({ user: bob.id })
    const codes = await race([
      ...times(() => bob.friends.accept({ user: alice.id })),
      ...times(() => bob.friends.reject({ user: alice.id })),
      ...times(() => alice.friends.cancel({ user: bob.id })),
    ])
    const end = await agree(t, alice, bob)
    ends.add(end)
    t.true(end === 'friend' || end === 'none')
    // Whoever was told that it was taken is right, and whoever was told that there is none too.
    t.is(codes.includes('NATTER_NOT_FOUND'), end === 'none')
  }
  t.log(...ends)
})

test('a friendship that both end while one asks again is ended or asked, for both alike', async (t) => {
  for (const { alice, bob } of await pairs(t)) {
    await befriend(alice, bob)
    const codes = await race([
      ...times(() => alice.friends.remove({ user: bob.id })),
      ...times(() => bob.friends.remove({ user: alice.id })),
      ...times(() => bob.friends.request({ user: alice.id })),
    ])
    t.deepEqual([...new Set(codes)], ['ok'])
    t.true(['none', 'incoming'].includes(await agree(t, alice, bob)))
  }
})

test('a block wins over everything that goes on', async (t) => {
  for (const { alice, bob } of await pairs(t)) {
    await bob.friends.request({ user: alice.id })
    await race([
      ...times(() => alice.friends.accept({ user: bob.id })),
      ...times(() => alice.friends.request({ user: bob.id })),
      ...times(() => bob.friends.request({ user: alice.id })),
      ...times(() => bob.friends.cancel({ user: alice.id })),
      ...times(() => alice.friends.block({ user: bob.id })),
    ])
    t.deepEqual(await people(alice), { [bob.id]: 'blocked' })
    t.deepEqual(await people(bob), {})
  }
})

test('two who block each other both have, and one who takes it back leaves the other’s', async (t) => {
  const { alice, bob } = (await pairs(t, 1))[0]!
  await befriend(alice, bob)
  await race([
    ...times(() => alice.friends.block({ user: bob.id })),
    ...times(() => bob.friends.block({ user: alice.id })),
  ])
  t.deepEqual([await people(alice), await people(bob)], [{ [bob.id]: 'blocked' }, { [alice.id]: 'blocked' }])
  await race(times(() => alice.friends.unblock({ user: bob.id })))
  t.deepEqual([await people(alice), await people(bob)], [{}, { [alice.id]: 'blocked' }])
  t.is(await codeOf(alice.friends.request({ user: bob.id })), 'NATTER_NOT_AVAILABLE')
})

test('many who ask one person at once are all in that list, each told once', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await crowdOf(server, 40, (i) => `u${i}`)
  await Promise.all(crowd.map((each) => each.friends.request({ user: 'alice' })))
  const { version, contacts } = await alice.friends.sync({ after: 0 })
  t.is(version, 40)
  t.deepEqual(contacts.map(({ user }) => user).toSorted(), crowd.map(({ id }) => id).toSorted())
})

test('groups that are made, renamed and deleted at once are each whole', async (t) => {
  const { alice } = (await pairs(t, 1))[0]!
  const made = await Promise.all(sixteen.map((i) => alice.friends.createGroup({ name: `g${i % 8}` })))
  t.is(new Set(made.map(({ id }) => id)).size, 8)
  await race(
    made.map(
      ({ id }, i) =>
        () =>
          i % 2 ? alice.friends.deleteGroup({ group: id }) : alice.friends.renameGroup({ group: id, name: `r${id}` }),
    ),
  )
  const { groups } = await alice.friends.sync({})
  t.deepEqual(
    groups!.map(({ name }) => name).toSorted(),
    made
      .filter((_, i) => i < 8 && i % 2 === 0)
      .map(({ id }) => `r${id}`)
      .toSorted(),
  )
})

test('of requests that race no more get through than the window allows', async (t) => {
  const server = await serve(t, { requests: { points: 5 } })
  const alice = await server.client('alice')
  const codes = await race(sixteen.map((i) => () => alice.friends.request({ user: `u${i}` })))
  t.deepEqual(codes.toSorted(), [...Array(11).fill('NATTER_RATE_LIMITED'), ...Array(5).fill('ok')])
})
