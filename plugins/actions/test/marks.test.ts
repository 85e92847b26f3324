import test from 'ava'
import { actsIn, answer, codeOf, groupOf, read, say, serve, talk } from './serve.js'

const none = 'NATTER_NOT_FOUND'

test('a deleted message keeps its place and nothing of what it said, whatever is done again', async (t) => {
  const server = await serve(t, { deleteMs: 60_000 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'secret')
  await bob.actions.react({ ...at, emoji: '👍' })
  t.is(await codeOf(bob.actions.deleteForAll(at)), 'ACTIONS_NOT_ALLOWED')
  await alice.actions.deleteForAll(at)
  await alice.actions.deleteForAll(at)
  t.deepEqual(await read(bob, at), { from: 'alice', body: { type: 'deleted', by: 'alice' }, changed: 4 })
  t.deepEqual(await actsIn(bob, conversation), ['bob reacted 2', 'alice deleted 2'])
  t.like(await bob.offline.state({ conversation }), { n: 2, head: 4 })
  const late = await say(alice, conversation, 'late')
  await server.clock.advance(60_001)
  t.is(await codeOf(alice.actions.deleteForAll(late)), 'ACTIONS_TOO_LATE')
})

test('a retry of a message that was deleted since gets its first answer, and the text does not come back', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const device = await server.device('alice:raw')
  const first = await device.message(conversation, { text: 'secret' }, 'm1')
  await alice.actions.deleteForAll({ conversation, seq: 2 })
  const again = await device.message(conversation, { text: 'secret' }, 'm1')
  t.deepEqual(again.slice(2), first.slice(2))
  // Also with another text: nothing is kept by which the first could be told.
  const other = await device.message(conversation, { text: 'another' }, 'm1')
  t.deepEqual(other.slice(2), first.slice(2))
  t.deepEqual((await read(bob, { conversation, seq: 2 })).body, { type: 'deleted', by: 'alice' })
})

test('in a group who leads deletes what others wrote, at any time, but not what is of who stands above', async (t) => {
  const server = await serve(t, { deleteMs: 60_000 })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob, carol])
  await alice.groups.giveRole({ group, user: 'bob', role: 'admin' })
  const [hers, his, of] = [await say(carol, group, 'c'), await say(bob, group, 'b'), await say(alice, group, 'a')]
  await server.clock.advance(60_001)
  t.is(await codeOf(carol.actions.deleteForAll(his)), 'ACTIONS_NOT_ALLOWED')
  t.is(await codeOf(carol.actions.deleteForAll(hers)), 'ACTIONS_TOO_LATE')
  t.is(await codeOf(bob.actions.deleteForAll(hers)), 'ok')
  t.is(await codeOf(bob.actions.deleteForAll(of)), 'ACTIONS_NOT_ALLOWED')
  t.is(await codeOf(bob.actions.deleteForAll(his)), 'ok')
  t.deepEqual((await read(carol, hers)).body, { type: 'deleted', by: 'bob' })
  await carol.groups.leave({ group })
  t.is(await codeOf(carol.actions.deleteForAll(hers)), none)
  t.is(await codeOf(carol.actions.pins({ conversation: group })), none)
})

test('each person reacts with each emoji once, takes it back, and only so many fit', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'x')
  const react = (who: typeof alice, emoji: string) => codeOf(who.actions.react({ ...at, emoji }))
  for (const who of [bob, alice, bob]) t.is(await react(who, '👍'), 'ok')
  t.is(await react(bob, '👩‍👩‍👧'), 'ok')
  t.deepEqual((await read(alice, at)).body['acts'], {
    reactions: [
      ['👍', ['bob', 'alice']],
      ['👩‍👩‍👧', ['bob']],
    ],
  })
  await bob.actions.unreact({ ...at, emoji: '👍' })
  await bob.actions.unreact({ ...at, emoji: '👍' })
  await bob.actions.unreact({ ...at, emoji: '🦀' })
  t.deepEqual((await read(alice, at)).body['acts'], {
    reactions: [
      ['👍', ['alice']],
      ['👩‍👩‍👧', ['bob']],
    ],
  })
  t.is((await actsIn(alice, conversation)).length, 4)
  for (const emoji of ['', 'x', '👍👍', '👍 ', 'smile', '<b>', '👍'.repeat(20)]) {
    t.is(await react(bob, emoji), 'NATTER_INVALID', emoji)
  }
  for (const emoji of '😀 😁 😂 😃 😄 😅 😆 😇 😈 😉 😊 😋 😌 😍 😎 😏 😐 😑'.split(' '))
    t.is(await react(alice, emoji), 'ok')
  const { head } = await alice.offline.state({ conversation })
  t.is(await react(alice, '😒'), 'ACTIONS_TOO_MANY')
  t.is((await alice.offline.state({ conversation })).head, head, 'nothing is stored')
  t.is(await react(bob, '😀'), 'ok', 'of a kind that is there already')
  t.is((await read(alice, { conversation, seq: 1 })).changed, undefined)
})

test('a pinned message is found, until it is taken off or deleted, and only so many are', async (t) => {
  const server = await serve(t, { pins: 2 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const [one, two, three] = [
    await say(alice, conversation, 'one'),
    await say(alice, conversation, 'two'),
    await say(alice, conversation, 'three'),
  ]
  const pinned = async () =>
    (await bob.actions.pins({ conversation })).pins.map(({ by, entry }) => [by, entry.body['text']])
  for (const [who, at] of [
    [bob, two],
    [alice, one],
    [bob, one],
  ] as const) {
    await who.actions.pin(at)
  }
  t.is(await codeOf(bob.actions.pin(three)), 'ACTIONS_TOO_MANY')
  t.deepEqual(await pinned(), [
    ['alice', 'one'],
    ['bob', 'two'],
  ])
  t.deepEqual((await read(bob, one)).body, { text: 'one', acts: { pinned: true } })
  await alice.actions.unpin(two)
  await alice.actions.unpin(two)
  t.deepEqual((await read(bob, two)).body, { text: 'two' })
  await alice.actions.deleteForAll(one)
  t.deepEqual(await pinned(), [])
  await bob.actions.pin(three)
  await bob.actions.pin(two)
  t.deepEqual(
    (await pinned()).map(([, text]) => text),
    ['two', 'three'],
  )
})

test('pins of before one came in are not shown, and in a group pinning is for who leads', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob])
  const at = await say(alice, group, 'secret')
  t.is(await codeOf(bob.actions.pin(at)), 'ACTIONS_NOT_ALLOWED')
  await alice.actions.pin(at)
  t.is(await codeOf(bob.actions.unpin(at)), 'ACTIONS_NOT_ALLOWED')
  await carol.groups.join({ group })
  t.deepEqual((await carol.actions.pins({ conversation: group })).pins, [])
  t.is((await bob.actions.pins({ conversation: group })).pins.length, 1)
})

test('a reply names what it answers, and a thread has its answers, page by page', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob])
  const root = await say(alice, group, 'root')
  const plain = await answer(bob, group, root.seq, 'plain')
  t.deepEqual((await read(alice, plain)).body, { type: 'reply', to: root.seq, text: 'plain' })
  const first = await answer(bob, group, root.seq, 'first', root.seq)
  const second = await answer(alice, group, first.seq, 'second', root.seq)
  const third = await answer(bob, group, root.seq, 'third', root.seq)
  const texts = async (input: object, who = bob) => {
    const { entries, more } = await who.actions.thread({ ...root, ...input })
    return [entries.map(({ body }) => body['text']), more]
  }
  t.deepEqual(await texts({}), [['first', 'second', 'third'], false])
  t.deepEqual(await texts({ limit: 2 }), [['second', 'third'], true])
  t.deepEqual(await texts({ limit: 2, before: second.seq }), [['first'], false])
  t.deepEqual((await read(alice, root)).body, { text: 'root', acts: { thread: { count: 3, last: third.seq } } })
  t.is((await alice.offline.state({ conversation: group })).n, 5, 'a reply is a message')
  // An answer outside of the thread, a thread within a thread, and a root that is none.
  for (const [to, thread] of [
    [plain.seq, root.seq],
    [first.seq, first.seq],
    [root.seq, plain.seq],
    [1, 1],
  ] as const) {
    t.not(await codeOf(answer(bob, group, to, 'x', thread)), 'ok')
  }
  await alice.actions.edit({ ...second, text: 'second!' })
  t.deepEqual((await read(bob, second)).body, {
    type: 'reply',
    to: first.seq,
    thread: root.seq,
    text: 'second!',
    acts: { edited: server.clock.now() },
  })
  await alice.actions.deleteForAll(root)
  t.deepEqual((await read(bob, root)).body, {
    type: 'deleted',
    by: 'alice',
    acts: { thread: { count: 3, last: third.seq } },
  })
  t.deepEqual(await texts({}), [['first', 'second!', 'third'], false])
  await carol.groups.join({ group })
  t.is(await codeOf(carol.actions.thread(root)), none)
})

test('who came in since reads of a thread what is theirs, and the root is not', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice)
  const root = await say(alice, group, 'root')
  await bob.groups.join({ group })
  const seen = await answer(alice, group, root.seq, 'seen', root.seq)
  t.is(await codeOf(bob.actions.thread(root)), none)
  t.is((await bob.actions.entries({ conversation: group, seqs: [root.seq, seen.seq] })).entries.length, 1)
  t.is(await codeOf(answer(bob, group, seen.seq, 'x', root.seq)), none)
  t.is(await codeOf(answer(bob, group, seen.seq, 'x')), 'ok')
})

test('a text is passed on as a copy, and carries no right to where it comes from', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const conversation = await talk(alice, bob)
  const group = await groupOf(bob, [carol])
  const at = await say(alice, conversation, 'news', { mentions: ['bob'] })
  const input = { ...at, to: [group, { user: 'carol' }, 'nowhere'], key: 'k' }
  const { sent } = await bob.actions.forward(input)
  t.deepEqual(sent.at(-1), { error: none })
  t.deepEqual((await bob.actions.forward(input)).sent, sent, 'asked again nothing goes twice')
  const copy = { conversation: group, seq: sent[0]!.seq! }
  t.deepEqual(await read(carol, copy), {
    from: 'bob',
    body: { type: 'forward', text: 'news', hops: 1 },
    changed: undefined,
  })
  t.is(await codeOf(carol.actions.forward({ ...at, to: [group], key: 'k' })), none)
  const named = await bob.actions.forward({ ...at, to: [group], key: 'l', named: true })
  const second = { conversation: group, seq: named.sent[0]!.seq! }
  t.deepEqual((await read(carol, second)).body, { type: 'forward', text: 'news', hops: 1, author: 'alice' })
  const passed = await carol.actions.forward({ ...second, to: [{ user: 'alice' }], key: 'm', named: true })
  const third = { conversation: passed.sent[0]!.conversation!, seq: passed.sent[0]!.seq! }
  t.deepEqual((await read(alice, third)).body, { type: 'forward', text: 'news', hops: 2, author: 'alice' })
  // What becomes of the source is not what becomes of the copy, and the other way round.
  await alice.actions.deleteForAll(at)
  t.like(await read(carol, copy), { body: { text: 'news' } })
  t.is(await codeOf(alice.actions.deleteForAll(third)), 'ACTIONS_NOT_ALLOWED')
})

test('forwards are bounded: in one go, and round and round', async (t) => {
  const server = await serve(t, { forwardHops: 3, forwardTo: 2 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  let at = await say(alice, conversation, 'chain')
  const codes: string[] = []
  for (let i = 0; i < 4; i++) {
    const passed = alice.actions.forward({ ...at, to: [conversation], key: `k${i}` })
    codes.push(await codeOf(passed))
    if (codes.at(-1) === 'ok') at = { conversation, seq: (await passed).sent[0]!.seq! }
  }
  t.deepEqual(codes, ['ok', 'ok', 'ok', 'ACTIONS_TOO_FAR'])
  const to = [conversation, conversation, conversation]
  t.is(await codeOf(alice.actions.forward({ conversation, seq: 1, to, key: 'x' })), 'ACTIONS_TOO_MANY')
})

test('a forward passes what a message passes: blocks and mutes', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const conversation = await talk(alice, bob)
  const group = await groupOf(carol, [alice])
  await talk(carol, alice)
  await carol.friends.block({ user: 'alice' })
  await carol.groups.mute({ group, user: 'alice', forMs: 60_000 })
  const at = await say(bob, conversation, 'news')
  const { sent } = await alice.actions.forward({ ...at, to: [{ user: 'carol' }, group], key: 'k' })
  t.deepEqual(sent, [{ error: 'NATTER_NOT_AVAILABLE' }, { error: 'GROUPS_MUTED' }])
})

test('what one deletes for oneself is gone on all of one’s devices, and for nobody else', async (t) => {
  const server = await serve(t, { removed: 3 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  for (const text of ['a', 'b', 'c', 'd']) await say(alice, conversation, text)
  const [phone, other] = [await server.device('alice:phone'), await server.device('bob:phone')]
  await alice.actions.remove({ conversation, seqs: [3, 2, 2] })
  t.deepEqual(await phone.next('e'), ['e', 'actions.removed', { conversation, seqs: [3, 2, 2] }])
  await alice.actions.remove({ conversation, seqs: [2] })
  t.deepEqual(await alice.actions.removals({ conversation }), { seqs: [2, 3] })
  t.deepEqual(await bob.actions.removals({ conversation }), { seqs: [] })
  t.is(await codeOf(alice.actions.remove({ conversation, seqs: [1, 4] })), 'ACTIONS_TOO_MANY')
  t.is(await codeOf(alice.actions.remove({ conversation, seqs: [1, 6] })), none)
  t.deepEqual(await alice.actions.removals({ conversation }), { seqs: [2, 3] })
  t.false(other.frames.some(([kind, name]) => kind === 'e' && name === 'actions.removed'))
  t.like(await read(bob, { conversation, seq: 2 }), { body: { text: 'a' } })
})

test('many devices that delete for themselves at once lose nothing', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  for (let i = 0; i < 20; i++) await say(alice, conversation, `${i}`)
  const phone = await server.client('alice:phone')
  const seqs = Array.from({ length: 20 }, (_, i) => i + 1)
  await Promise.all(seqs.map((seq) => (seq % 2 ? alice : phone).actions.remove({ conversation, seqs: [seq] })))
  t.deepEqual(await alice.actions.removals({ conversation }), { seqs })
})
