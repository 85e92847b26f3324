import test from 'ava'
import { codeOf, eventsOf, groupOf, rolesIn, serve } from './serve.js'

const none = 'NATTER_NOT_FOUND'
const no = 'GROUPS_NOT_ALLOWED'

test('who makes a group owns it, and made again under the same key it is the same one', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const input = { key: 'hike', settings: { name: 'Hikers' } }
  const group = await alice.groups.create(input)
  t.like(group, { kind: 'group', owner: 'alice', size: 1, seq: 1, me: { role: 'owner' } })
  t.like(group.settings, { name: 'Hikers', door: 'invite', history: 'join', standard: 'member', slowMs: 0 })
  t.deepEqual(await alice.groups.create(input), group)
  t.is(await codeOf(alice.groups.create({ key: 'hike', settings: { name: 'Other' } })), 'NATTER_CONFLICT')
  t.deepEqual(await eventsOf(alice, group.group), ['created'])
})

test('who is invited comes in, and reads from then on', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [], { door: 'invite' })
  await alice.conversation(group).send({ text: 'before' }).sent
  t.is(await codeOf(bob.groups.join({ group })), none)
  await alice.groups.invite({ group, user: 'bob' })
  const { invitations } = await bob.groups.invitations({})
  t.like(invitations[0], { group, name: 'Team', by: 'alice', kind: 'group' })
  t.like(await bob.groups.join({ group }), { asked: false, group: { size: 2, me: { role: 'member' } } })
  t.deepEqual((await bob.groups.invitations({})).invitations, [])
  await alice.conversation(group).send({ text: 'behind' }).sent
  const { messages } = await bob.conversation(group).history({})
  t.deepEqual(
    messages.map((message) => (message as unknown as { text?: string }).text ?? 'joined'),
    ['joined', 'behind'],
  )
  t.deepEqual(await eventsOf(alice, group), ['created', 'invited', 'joined'])
})

test('an invitation to a group that is no more is in no list and in no export', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [], { door: 'invite' })
  await alice.groups.invite({ group, user: 'bob' })
  const exported = async () => {
    const parts: string[] = []
    for await (const { part } of server.chat.users.export('bob')) parts.push(part)
    return parts.includes('groups.invitations')
  }
  t.true(await exported())
  await alice.groups.dissolve({ group })
  t.deepEqual((await bob.groups.invitations({})).invitations, [])
  t.false(await exported())
})

test('an invitation is turned down, taken back, or over', async (t) => {
  const server = await serve(t, { invitationMs: 60_000 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [], { door: 'invite' })
  const list = async () => (await bob.groups.invitations({})).invitations.length
  const invite = () => alice.groups.invite({ group, user: 'bob' })
  await invite()
  await bob.groups.leave({ group })
  t.is(await list(), 0)
  await invite()
  await alice.groups.uninvite({ group, user: 'bob' })
  t.is(await list(), 0)
  await invite()
  t.is(await list(), 1)
  await server.clock.advance(60_000)
  t.is(await list(), 0)
  t.is(await codeOf(bob.groups.join({ group })), none)
  await invite()
  t.is(await codeOf(bob.groups.join({ group })), 'ok')
  t.is(await codeOf(alice.groups.invite({ group, user: 'nobody' })), 'NATTER_NOT_AVAILABLE')
})

test('who leaves reads nothing more, and who comes again reads from then on', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  await bob.groups.leave({ group })
  t.is(await codeOf(bob.groups.leave({ group })), 'ok')
  t.is(await codeOf(bob.groups.get({ group })), none)
  t.is(await codeOf(bob.conversation(group).history({})), none)
  await alice.conversation(group).send({ text: 'without bob' }).sent
  await bob.groups.join({ group })
  t.deepEqual(
    (await bob.conversation(group).history({})).messages.map(({ seq }) => seq),
    [5],
  )
  t.is(await codeOf(alice.groups.leave({ group })), 'GROUPS_OWNER')
})

test('with history from the start who comes in reads all of it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [], { history: 'start' })
  await alice.conversation(group).send({ text: 'old' }).sent
  await bob.groups.join({ group })
  t.deepEqual(
    (await bob.conversation(group).history({})).messages.map(({ seq }) => seq),
    [1, 2, 3],
  )
})

test('roles are given by who stands above, and what they let do holds at once', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol, dave] = await server.friends('alice', 'bob', 'carol', 'dave')
  const group = await groupOf(alice, [bob, carol, dave])
  const give = (from: typeof alice, user: string, role: 'admin' | 'member' | 'reader') =>
    codeOf(from.groups.giveRole({ group, user, role }))
  t.is(await give(bob, 'carol', 'reader'), no)
  t.is(await give(alice, 'bob', 'admin'), 'ok')
  t.is(await give(bob, 'carol', 'admin'), no)
  t.is(await give(bob, 'alice', 'member'), no)
  t.is(await give(bob, 'bob', 'member'), no)
  t.is(await give(bob, 'carol', 'reader'), 'ok')
  t.is(await give(alice, 'nobody', 'reader'), 'GROUPS_NO_MEMBER')
  t.deepEqual(await rolesIn(alice, group), { alice: 'owner', bob: 'admin', carol: 'reader', dave: 'member' })
  t.is(await codeOf(carol.conversation(group).send({ text: 'x' }).sent), 'GROUPS_READ_ONLY')
  t.is(await codeOf(dave.conversation(group).send({ text: 'x' }).sent), 'ok')
  t.is(await codeOf(dave.groups.set({ group, settings: { name: 'Mine' } })), no)
  t.is(await codeOf(bob.groups.set({ group, settings: { name: 'Ours', topic: 'Hills' } })), 'ok')
  t.like((await carol.groups.get({ group })).settings, { name: 'Ours', topic: 'Hills' })
})

test('who is kicked may come again, who is banned may not, by no way, until they may', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob, carol])
  const { url } = await alice.groups.makeLink({ group, key: 'k' })
  t.is(await codeOf(bob.groups.kick({ group, user: 'carol' })), no)
  await alice.groups.kick({ group, user: 'bob' })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), none)
  t.is(await codeOf(bob.groups.join({ group })), 'ok')
  await alice.groups.ban({ group, user: 'bob' })
  for (const input of [{ group }, { link: url }]) t.is(await codeOf(bob.groups.join(input)), none)
  t.is(await codeOf(alice.groups.invite({ group, user: 'bob' })), 'GROUPS_BANNED')
  t.like((await alice.groups.banned({ group })).banned, [{ user: 'bob', by: 'alice' }])
  t.is(await codeOf(alice.groups.ban({ group, user: 'eve' })), 'ok', 'also who was never there')
  await alice.groups.unban({ group, user: 'bob' })
  t.is(await codeOf(bob.groups.join({ link: url })), 'ok')
})

test('a mute of one, a mute of all, and slow mode, each for as long as it holds', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const say = (who: typeof alice) => codeOf(who.conversation(group).send({ text: 'x' }).sent)
  await alice.groups.mute({ group, user: 'bob', forMs: 60_000 })
  t.is(await say(bob), 'GROUPS_MUTED')
  await bob.groups.leave({ group })
  await bob.groups.join({ group })
  t.is(await say(bob), 'GROUPS_MUTED', 'who goes and comes is muted still')
  await server.clock.advance(60_000)
  t.is(await say(bob), 'ok')
  await alice.groups.mute({ group, user: 'bob', forMs: 60_000 })
  await alice.groups.unmute({ group, user: 'bob' })
  t.is(await say(bob), 'ok')
  await alice.groups.set({ group, settings: { muted: true } })
  t.is(await say(bob), 'GROUPS_MUTED')
  t.is(await say(alice), 'ok')
  await alice.groups.set({ group, settings: { muted: false, slowMs: 30_000 } })
  t.is(await say(bob), 'ok')
  t.is(await say(bob), 'GROUPS_SLOW')
  t.is(await say(alice), 'ok')
  t.is(await say(alice), 'ok')
  await server.clock.advance(30_000)
  t.is(await say(bob), 'ok')
})

test('a group is handed over, and its first owner may go then', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  t.is(await codeOf(bob.groups.transfer({ group, user: 'bob' })), no)
  t.is(await codeOf(alice.groups.transfer({ group, user: 'carol' })), 'GROUPS_NO_MEMBER')
  t.like(await alice.groups.transfer({ group, user: 'bob' }), { owner: 'bob', me: { role: 'admin' } })
  t.is(await codeOf(alice.groups.dissolve({ group })), no)
  t.is(await codeOf(alice.groups.leave({ group })), 'ok')
  t.deepEqual(await rolesIn(bob, group), { bob: 'owner' })
})

test('a dissolved group is gone for all, and nobody comes in', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob])
  t.is(await codeOf(bob.groups.dissolve({ group })), no)
  await alice.groups.dissolve({ group })
  t.is(await codeOf(alice.groups.dissolve({ group })), 'ok')
  for (const who of [alice, bob, carol]) {
    t.is(await codeOf(who.groups.get({ group })), none)
    t.is(await codeOf(who.groups.join({ group })), none)
    t.is(await codeOf(who.conversation(group).history({})), none)
    t.is(await codeOf(who.conversation(group).send({ text: 'x' }).sent), none)
  }
})

test('a link lets in for so long and so many, and its secret is in no log', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol, dave] = await server.friends('alice', 'bob', 'carol', 'dave')
  const group = await groupOf(alice, [], { door: 'invite', history: 'start' })
  const once = await alice.groups.makeLink({ group, key: 'once', uses: 1 })
  t.deepEqual(await alice.groups.makeLink({ group, key: 'once', uses: 1 }), once)
  t.is(await codeOf(bob.groups.join({ link: once.url })), 'ok')
  t.is(await codeOf(bob.groups.join({ link: once.url })), 'ok')
  t.is(await codeOf(carol.groups.join({ link: once.url })), none)
  const short = await alice.groups.makeLink({ group, key: 'short', forMs: 60_000 })
  t.is((await alice.groups.links({ group })).links.length, 1)
  t.is(await codeOf(carol.groups.join({ link: short.url })), 'ok')
  await server.clock.advance(60_000)
  t.is(await codeOf(dave.groups.join({ link: short.url })), none)
  const taken = await alice.groups.makeLink({ group, key: 'taken' })
  await alice.groups.dropLink({ group, link: taken.link })
  t.is(await codeOf(dave.groups.join({ link: taken.url })), none)
  t.is(await codeOf(dave.groups.join({ link: `${group}~nothing` })), none)
  t.is(await codeOf(dave.groups.join({ link: 'no link' })), none)
  const { messages } = await bob.conversation(group).history({ limit: 200 })
  for (const { url } of [once, short, taken])
    t.false(JSON.stringify(messages).includes(url.slice(url.indexOf('~') + 1)))
})

test('where one has to ask, somebody lets in or does not', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [], { door: 'ask' })
  t.deepEqual(await bob.groups.join({ group, note: 'It is me' }), { asked: true })
  t.deepEqual(await bob.groups.join({ group }), { asked: true })
  t.is(await codeOf(bob.groups.get({ group })), none)
  t.like(await alice.groups.waiting({ group }), { asked: [{ user: 'bob', note: 'It is me' }], invited: [] })
  await alice.groups.admit({ group, user: 'bob' })
  t.is((await bob.groups.get({ group })).size, 2)
  t.is(await codeOf(bob.groups.waiting({ group })), no)
  t.is(await codeOf(bob.groups.admit({ group, user: 'carol' })), no)
  t.is(await codeOf(alice.groups.admit({ group, user: 'carol' })), 'GROUPS_NOT_ASKED')
  await carol.groups.join({ group })
  await alice.groups.refuse({ group, user: 'carol' })
  t.is((await alice.groups.waiting({ group })).asked.length, 0)
  await carol.groups.join({ group })
  await carol.groups.leave({ group })
  t.is((await alice.groups.waiting({ group })).asked.length, 0)
})

test('in a channel who comes in reads, all of it, and only who was given the right writes', async (t) => {
  const server = await serve(t)
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const { group } = await alice.groups.create({
    key: 'news',
    kind: 'channel',
    settings: { name: 'News', door: 'open' },
  })
  await alice.conversation(group).send({ text: 'first' }).sent
  for (const who of [bob, carol]) await who.groups.join({ group })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'GROUPS_READ_ONLY')
  await alice.groups.giveRole({ group, user: 'bob', role: 'member' })
  t.is(await codeOf(bob.conversation(group).send({ text: 'x' }).sent), 'ok')
  t.is((await carol.conversation(group).history({})).messages[0]?.seq, 1)
  t.is(await codeOf(bob.groups.invite({ group, user: 'dave' })), no)
})

test('only who may call all writes @all', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  t.is(await codeOf(bob.conversation(group).send({ text: 'hey @all' }).sent), 'GROUPS_MENTION_ALL')
  t.is(await codeOf(bob.conversation(group).send({ text: 'me@all.com, @alley' }).sent), 'ok')
  t.is(await codeOf(alice.conversation(group).send({ text: '@all come' }).sent), 'ok')
})

test('nobody says what happened but the system', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const body = {
    type: 'group',
    event: { what: 'transferred', by: 'alice', user: 'bob' },
    version: 9,
    before: 1,
  } as never
  t.is(await codeOf(bob.conversation(group).send(body).sent), 'NATTER_FORBIDDEN')
  t.is(await codeOf(bob.direct('alice').send(body).sent), 'NATTER_FORBIDDEN')
  t.is((await bob.groups.get({ group })).owner, 'alice')
})

test('a group is full at its bound, and so are its lists', async (t) => {
  const server = await serve(t, { members: 2, listed: 1, links: 1 })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const group = await groupOf(alice, [bob])
  t.is(await codeOf(carol.groups.join({ group })), 'GROUPS_FULL')
  await alice.groups.ban({ group, user: 'eve' })
  t.is(await codeOf(alice.groups.ban({ group, user: 'mallory' })), 'GROUPS_TOO_MANY')
  await alice.groups.makeLink({ group, key: 'a' })
  t.is(await codeOf(alice.groups.makeLink({ group, key: 'b' })), 'GROUPS_TOO_MANY')
})
