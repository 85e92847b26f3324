import test from 'ava'
import { actsIn, answer, codeOf, groupOf, read, say, serve, talk } from './serve.js'

const none = 'NATTER_NOT_FOUND'

test('an edited text is what history gives, with the seq of the entry that says so; what it said before is nowhere', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'helo')
  await alice.actions.edit({ ...at, text: 'hello!' })
  t.deepEqual(await read(bob, at), {
    from: 'alice',
    body: { text: 'hello!', acts: { edited: server.clock.now() } },
    changed: 3,
  })
  await server.clock.advance(1_000)
  await alice.actions.edit({ ...at, text: 'hello?' })
  t.like(await read(bob, at), { body: { text: 'hello?', acts: { edited: server.clock.now() } }, changed: 4 })
  t.deepEqual(await actsIn(bob, conversation), ['alice edited 2', 'alice edited 2'])
  t.deepEqual((await bob.actions.editions(at)).editions, [])
  t.false(JSON.stringify(await bob.offline.page({ conversation })).includes('hello!'))
  t.is((await bob.offline.state({ conversation })).unread, 2, 'an edit is no message')
})

test('the same text again changes nothing, so that an edit may be repeated', async (t) => {
  const server = await serve(t, { editMs: 60_000 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  for (let i = 0; i < 3; i++) await alice.actions.edit({ ...at, text: 'two' })
  await server.clock.advance(60_001)
  await alice.actions.edit({ ...at, text: 'two' })
  t.deepEqual(await actsIn(bob, conversation), ['alice edited 2'])
})

test('with history kept, who may read a message reads what it said before, until it is deleted', async (t) => {
  const server = await serve(t, { history: 'kept' })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  const now = server.clock.now()
  await alice.actions.edit({ ...at, text: 'two' })
  await server.clock.advance(5)
  await alice.actions.edit({ ...at, text: 'three' })
  t.deepEqual((await bob.actions.editions(at)).editions, [
    { text: 'one', until: now },
    { text: 'two', until: now + 5 },
  ])
  t.is(await codeOf(carol.actions.editions(at)), none)
  await alice.actions.deleteForAll(at)
  t.deepEqual((await bob.actions.editions(at)).editions, [])
})

test('only its author edits a text, and only for a while', async (t) => {
  const server = await serve(t, { editMs: 60_000 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  t.is(await codeOf(bob.actions.edit({ ...at, text: 'x' })), 'ACTIONS_NOT_YOURS')
  await server.clock.advance(60_000)
  t.is(await codeOf(alice.actions.edit({ ...at, text: 'two' })), 'ok')
  await server.clock.advance(1)
  t.is(await codeOf(alice.actions.edit({ ...at, text: 'three' })), 'ACTIONS_TOO_LATE')
  t.like(await read(bob, at), { body: { text: 'two' } })
})

test('what is not there and what is not theirs is one answer for every act, and nothing is stored', async (t) => {
  const server = await serve(t)
  const [alice, bob, eve] = await server.friends('alice', 'bob', 'eve')
  const conversation = await talk(alice, bob)
  const group = await groupOf(alice, [bob])
  const at = await say(alice, group, 'secret')
  await bob.groups.leave({ group })
  const later = await say(alice, group, 'later')
  await bob.groups.join({ group })
  // Bob reads neither what he left behind nor what came while he was away.
  const places = [
    [eve, at],
    [eve, { conversation: 'nowhere', seq: 1 }],
    [eve, { conversation, seq: 1 }],
    [bob, at],
    [bob, later],
    [bob, { conversation: group, seq: 999 }],
    [alice, { conversation, seq: 99 }],
  ] as const
  const heads = async () => [
    (await alice.offline.state({ conversation: group })).head,
    (await alice.offline.state({ conversation })).head,
  ]
  const before = await heads()
  for (const [who, target] of places) {
    t.is(await codeOf(who.actions.edit({ ...target, text: 'x' })), none)
    t.is(await codeOf(who.actions.deleteForAll(target)), none)
    t.is(await codeOf(who.actions.react({ ...target, emoji: '👍' })), none)
    t.is(await codeOf(who.actions.unreact({ ...target, emoji: '👍' })), none)
    t.is(await codeOf(who.actions.pin(target)), none)
    t.is(await codeOf(who.actions.unpin(target)), none)
    t.is(await codeOf(who.actions.remove({ conversation: target.conversation, seqs: [target.seq] })), none)
    t.is(await codeOf(who.actions.forward({ ...target, to: [{ user: 'carol' }], key: 'k' })), none)
    t.is(await codeOf(who.actions.editions(target)), none)
    t.is(await codeOf(who.actions.thread(target)), none)
    t.is(await codeOf(answer(who, target.conversation, target.seq, 'x')), none)
    const { conversation: where, seq } = target
    const seen = await who.actions.entries({ conversation: where, seqs: [seq] }).then(
      ({ entries }) => entries,
      (error: { code: string }) => error.code,
    )
    t.true(seen === none || (Array.isArray(seen) && seen.length === 0))
  }
  t.deepEqual(await heads(), before)
})

test('what the system said, a passed on text and what was deleted are not edited', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const system = { conversation: group, seq: 1 }
  t.is(await codeOf(alice.actions.edit({ ...system, text: 'x' })), 'ACTIONS_CANNOT')
  t.is(await codeOf(alice.actions.deleteForAll(system)), 'ACTIONS_CANNOT')
  t.is(await codeOf(alice.actions.react({ ...system, emoji: '👍' })), 'ACTIONS_CANNOT')
  t.is(await codeOf(alice.actions.pin(system)), 'ACTIONS_CANNOT')
  const at = await say(alice, group, 'one')
  const { sent } = await alice.actions.forward({ ...at, to: [group], key: 'k' })
  t.is(await codeOf(alice.actions.edit({ conversation: group, seq: sent[0]!.seq!, text: 'x' })), 'ACTIONS_CANNOT')
  await alice.actions.deleteForAll(at)
  t.is(await codeOf(alice.actions.edit({ ...at, text: 'x' })), 'ACTIONS_DELETED')
  t.is(await codeOf(alice.actions.react({ ...at, emoji: '👍' })), 'ACTIONS_DELETED')
  t.is(await codeOf(alice.actions.pin(at)), 'ACTIONS_DELETED')
  t.is(await codeOf(alice.actions.forward({ ...at, to: [group], key: 'l' })), 'ACTIONS_DELETED')
  t.is(await codeOf(answer(bob, group, at.seq, 'x')), 'ACTIONS_DELETED')
  t.deepEqual((await bob.actions.entries({ conversation: group, seqs: [at.seq] })).entries[0]?.body, {
    type: 'deleted',
    by: 'alice',
  })
})

test('an edit is judged as a message: who is blocked, muted or may only read does not edit, and nobody calls all by it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const direct = await say(alice, conversation, 'one')
  await bob.friends.block({ user: 'alice' })
  t.is(await codeOf(alice.actions.edit({ ...direct, text: 'x' })), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.actions.react({ ...direct, emoji: '👍' })), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.actions.pin(direct)), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(answer(alice, conversation, direct.seq, 'x')), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.actions.deleteForAll(direct)), 'ok', 'who is blocked may take their words back')

  const group = await groupOf(alice, [bob])
  const at = await say(bob, group, 'one')
  t.is(await codeOf(bob.actions.edit({ ...at, text: 'hey @all' })), 'GROUPS_MENTION_ALL')
  await alice.groups.mute({ group, user: 'bob', forMs: 60_000 })
  t.is(await codeOf(bob.actions.edit({ ...at, text: 'two' })), 'GROUPS_MUTED')
  t.is(await codeOf(bob.actions.react({ ...at, emoji: '👍' })), 'GROUPS_MUTED')
  t.is(await codeOf(bob.actions.deleteForAll(at)), 'ok')
  await server.clock.advance(60_000)
  const other = await say(bob, group, 'two')
  await alice.groups.giveRole({ group, user: 'bob', role: 'reader' })
  t.is(await codeOf(bob.actions.edit({ ...other, text: 'three' })), 'GROUPS_READ_ONLY')
  t.is(await codeOf(bob.actions.react({ ...other, emoji: '👍' })), 'GROUPS_READ_ONLY')
  t.is(await codeOf(bob.actions.deleteForAll(other)), 'ok')
  t.deepEqual(await actsIn(alice, group), ['bob deleted 3', 'bob deleted 6'])
})

test('in slow mode one corrects what one wrote last, reacts without a turn, and edits nothing older', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob], { slowMs: 30_000 })
  const first = await say(bob, group, 'one')
  await server.clock.advance(30_000)
  const second = await say(bob, group, 'two')
  t.is(await codeOf(bob.actions.edit({ ...second, text: 'two!' })), 'ok')
  t.is(await codeOf(bob.actions.react({ ...first, emoji: '👍' })), 'ok')
  t.is(await codeOf(bob.actions.edit({ ...first, text: 'one!' })), 'GROUPS_SLOW')
  await server.clock.advance(30_000)
  t.is(await codeOf(bob.actions.edit({ ...first, text: 'one!' })), 'ok')
  t.is(await codeOf(say(bob, group, 'three')), 'GROUPS_SLOW', 'that was a turn')
})

test('whom an edit mentions is mentioned, whom it no longer does is not, and a deleted message mentions nobody', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob, carol])
  const mentioned = async (who: typeof bob) => (await who.offline.state({ conversation: group })).mentions ?? []
  const at = await say(alice, group, 'hi', { mentions: ['bob'] })
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[at.seq], []])
  await alice.actions.edit({ ...at, text: 'hi', mentions: ['carol', 'carol', 'mallory'] })
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[], [at.seq]])
  t.deepEqual((await read(bob, at)).body['mentions'], ['carol', 'mallory'])
  await alice.actions.edit({ ...at, text: 'hi' })
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[], []])
  t.false('mentions' in (await read(bob, at)).body)
  await alice.actions.edit({ ...at, text: 'hi', mentions: ['@all'] })
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[at.seq], [at.seq]])
  await alice.actions.deleteForAll(at)
  t.deepEqual([await mentioned(bob), await mentioned(carol)], [[], []])
  const input = { ...at, text: 'x', mentions: Array.from({ length: 51 }, (_, i) => `u${i}`) }
  t.is(await codeOf(alice.actions.edit(input)), 'NATTER_INVALID')
})

test('nobody says what was done, what is left, or whose words they are, but the server', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'mine')
  for (const body of [
    { type: 'act', what: 'deleted', by: 'alice', of: at.seq },
    { type: 'deleted', by: 'alice' },
    { type: 'forward', text: 'I resign', author: 'alice', hops: 1 },
  ] as const) {
    t.is(await codeOf(bob.conversation(conversation).send(body as never).sent), 'NATTER_FORBIDDEN')
  }
  const sent = await bob.conversation(conversation).send({ text: 'x', acts: { pinned: true } } as never).sent
  t.deepEqual((await read(alice, { conversation, seq: (sent as { seq: number }).seq })).body, { text: 'x' })
  t.deepEqual((await read(bob, at)).body, { text: 'mine' })
})
