import test from 'ava'
import { codeOf, eventsOf, groupOf, rolesIn, serve } from './serve.js'
import type { Person } from './serve.js'

type Act = () => Promise<unknown>

/** Many at once, in an order that is another each time. */
const race = (acts: readonly Act[]) => Promise.all(acts.toSorted(() => Math.random() - 0.5).map((act) => codeOf(act())))
const times = (count: number, act: Act): Act[] => Array.from({ length: count }, () => act)
const count = (codes: readonly string[], code: string) => codes.filter((each) => each === code).length
const say = (who: Person, group: string, text = 'x') => who.conversation(group).send({ text }).sent

const rounds = Array.from({ length: 5 }, (_, round) => round)

test('of two admins who put each other out one goes, and the other stays what they are', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  for (const _ of rounds) {
    // What a device may ask in a second is not the matter here.
    await server.clock.advance(10_000)
    const group = await groupOf(alice, [bob, carol])
    for (const user of ['bob', 'carol']) await alice.groups.giveRole({ group, user, role: 'admin' })
    const codes = await race([
      ...times(4, () => bob.groups.kick({ group, user: 'carol' })),
      ...times(4, () => carol.groups.kick({ group, user: 'bob' })),
    ])
    const roles = await rolesIn(alice, group)
    t.is(Object.keys(roles).length, 2)
    t.true(Object.values(roles).includes('admin'))
    // Who is out is no member any more, and so gets the answer of a stranger.
    t.deepEqual([count(codes, 'ok'), count(codes, 'NATTER_NOT_FOUND')], [4, 4])
    t.is((await eventsOf(alice, group)).filter((what) => what === 'kicked').length, 1)
  }
})

test('the last use of a link, which many want at once, lets one in', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7')
  for (const uses of [1, 3]) {
    const group = await groupOf(alice, [], { door: 'invite' })
    const { url } = await alice.groups.makeLink({ group, key: 'k', uses })
    const codes = await race(crowd.map((each) => () => each.groups.join({ link: url })))
    t.is(count(codes, 'ok'), uses)
    t.is(count(codes, 'NATTER_NOT_FOUND'), crowd.length - uses)
    t.is((await alice.groups.get({ group })).size, 1 + uses)
    t.deepEqual((await alice.groups.links({ group })).links, [])
  }
})

test('the last place in a group is taken by one', async (t) => {
  const server = await serve(t, { members: 3 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4', 'u5', 'u6')
  const group = await groupOf(alice, [bob])
  const codes = await race(crowd.map((each) => () => each.groups.join({ group })))
  t.deepEqual([count(codes, 'ok'), count(codes, 'GROUPS_FULL')], [1, 5])
  t.is((await alice.groups.get({ group })).size, 3)
})

test('a group that is handed to one who goes has an owner who is in it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const ends = new Set<string>()
  for (const _ of rounds) {
    // What a device may ask in a second is not the matter here.
    await server.clock.advance(10_000)
    const group = await groupOf(alice, [bob])
    const [handed, gone] = await Promise.all([
      codeOf(alice.groups.transfer({ group, user: 'bob' })),
      codeOf(bob.groups.leave({ group })),
    ])
    const roles = await rolesIn(alice, group)
    t.is(Object.values(roles).filter((role) => role === 'owner').length, 1)
    t.deepEqual([handed, gone], roles['alice'] === 'owner' ? ['GROUPS_NO_MEMBER', 'ok'] : ['ok', 'GROUPS_OWNER'])
    ends.add(handed)
  }
  t.log(...ends)
})

test('who is banned while they write, come and come again is out, and nothing of theirs stands behind it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  // A client would wait and try again where too much changes at once.
  const device = await server.device('bob:raw')
  for (const _ of rounds) {
    // What a device may ask in a second is not the matter here.
    await server.clock.advance(10_000)
    const group = await groupOf(alice, [bob])
    await race([
      ...times(6, () => device.message(group, { text: 'x' })),
      ...times(3, () => bob.groups.leave({ group })),
      ...times(3, () => bob.groups.join({ group })),
      () => alice.groups.ban({ group, user: 'bob' }),
    ])
    t.deepEqual(await rolesIn(alice, group), { alice: 'owner' })
    const { messages } = await alice.conversation(group).history({ limit: 200 })
    const end = messages.findLastIndex(({ from }) => from === 'bob')
    const out = messages.findIndex((message) => JSON.stringify(message).includes('"banned"'))
    t.true(out > end)
  }
})

test('what is written while its writer is muted stands before the mute or nowhere', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  for (const _ of rounds) {
    // What a device may ask in a second is not the matter here.
    await server.clock.advance(10_000)
    const group = await groupOf(alice, [bob])
    const codes = await race([
      ...times(12, () => say(bob, group)),
      () => alice.groups.mute({ group, user: 'bob', forMs: 60_000 }),
    ])
    const { messages } = await alice.conversation(group).history({ limit: 200 })
    const muted = messages.findIndex((message) => JSON.stringify(message).includes('"muted","by"'))
    t.true(muted > messages.findLastIndex(({ from }) => from === 'bob'))
    t.is(count(codes, 'GROUPS_MUTED') + messages.filter(({ from }) => from === 'bob').length, 12)
  }
})

test('in slow mode of many that are written at once one is stored', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const devices = await server.friends('bob:1', 'bob:2', 'bob:3', 'bob:4')
  const group = await groupOf(alice, [devices[0]], { slowMs: 60_000 })
  const codes = await race(devices.flatMap((device) => times(3, () => say(device, group))))
  t.deepEqual([count(codes, 'ok'), count(codes, 'GROUPS_SLOW')], [1, 11])
})

test('many who come and go at once: the list, the size and the log say the same', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('u1', 'u2', 'u3', 'u4', 'u5', 'u6', 'u7')
  const group = await groupOf(alice)
  await race(
    crowd.flatMap((each) => [
      () => each.groups.join({ group }),
      () => each.groups.leave({ group }),
      () => each.groups.join({ group }),
    ]),
  )
  const inside = new Set(['alice'])
  for (const message of (await alice.conversation(group).history({ limit: 200 })).messages) {
    const { event } = message as unknown as { readonly event: { readonly what: string; readonly user: string } }
    if (event.what === 'joined') inside.add(event.user)
    if (event.what === 'left') inside.delete(event.user)
  }
  t.deepEqual(Object.keys(await rolesIn(alice, group)), [...inside].toSorted())
  t.is((await alice.groups.get({ group })).size, inside.size)
})
