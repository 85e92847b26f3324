import test from 'ava'
import { Conversations } from '@natter/core'
import { StorageErrors } from '@natter/core/contract'
import type { RawRefusal } from '@natter/testkit'
import { befriend, codeOf, listOf, people, serve, serveTogether } from './serve.js'

const text = { text: 'hello' }

test('a block ends what was there, for both, and comes before the next message in every path', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await befriend(alice, bob)
  const { seq } = (await bob.direct('alice').send(text).sent) as { seq: number }
  t.is(seq, 1)
  await alice.friends.block({ user: 'bob' })
  t.deepEqual([await people(alice), await people(bob)], [{ bob: 'blocked' }, {}])

  const { chat } = server
  const conversation = bob.direct('alice').id
  const conversations = chat.get(Conversations)
  const paths: [string, Promise<unknown>][] = [
    ['a client', bob.direct('alice').send(text).sent],
    ['the conversation by its id', bob.conversation(conversation).send(text).sent],
    ['the other way round', alice.direct('bob').send(text).sent],
    ['the host', chat.as('bob').send({ user: 'alice' }, text)],
    ['the host, by the conversation', chat.as('bob').send(conversation, text)],
    ['a plugin', conversations.send('bob', { user: 'alice' }, text)],
  ]
  for (const [path, sent] of paths) t.is(await codeOf(sent), 'NATTER_NOT_AVAILABLE', path)
  t.is((await alice.direct('bob').history()).messages.length, 1)

  await alice.friends.unblock({ user: 'bob' })
  t.like(await bob.direct('alice').send(text).sent, { seq: 2 })
  t.deepEqual([await people(alice), await people(bob)], [{}, {}])
})

test('nobody who is blocked begins a conversation, in neither direction', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.block({ user: 'bob' })
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.direct('bob').send(text).sent), 'NATTER_NOT_AVAILABLE')
  t.is(await server.chat.get(Conversations).members(alice.direct('bob').id), undefined)
})

test('what was stored before a block and is sent again gets its ack', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await server.device('alice'), await server.client('bob')]
  const first = await alice.message({ user: 'bob' }, text, 'one')
  await bob.friends.block({ user: 'alice' })
  t.deepEqual((await alice.message({ user: 'bob' }, text, 'one')).slice(2), first.slice(2))
  t.is(await codeOf(alice.message({ user: 'bob' }, text, 'two')), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.message({ user: 'bob' }, { text: 'another' }, 'one')), 'NATTER_NOT_AVAILABLE')
})

test('oneself is never kept away', async (t) => {
  const [alice] = await (await serve(t, { privacy: { message: 'nobody' } })).friends('alice')
  t.like(await alice.direct('alice').send(text).sent, { seq: 1 })
})

test('the host may leave these vetoes out, by name, also for a first message', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.block({ user: 'bob' })
  await server.chat.system.as('bob', { without: ['friends'] }).send({ user: 'alice' }, text)
  t.is((await alice.direct('bob').history()).messages.length, 1)
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
})

test('a block, a removal and a setting count on another node within a second', async (t) => {
  const { clock, servers } = await serveTogether(t, 2)
  const [here, there] = servers
  const [alice, bob] = [await here.client('alice'), await there!.client('bob')]
  const send = () => codeOf(bob.direct('alice').send(text).sent)
  t.is(await send(), 'ok')

  await alice.friends.block({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
  await alice.friends.unblock({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'ok')

  await alice.friends.privacy({ message: 'friends' })
  await clock.advance(1_000)
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
  await bob.friends.request({ user: 'alice' })
  await alice.friends.accept({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'ok')
  await alice.friends.remove({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
})

test('while it cannot be known what other nodes did, each message asks the store', async (t) => {
  const { clock, servers } = await serveTogether(t, 2)
  const [here, there] = servers
  const [alice, bob] = [await here.client('alice'), await there!.client('bob')]
  const send = () => codeOf(bob.direct('alice').send(text).sent)
  t.is(await send(), 'ok')
  there!.weather.before = (model, verb) => {
    if (model === 'mark' && verb === 'page') throw StorageErrors.UNAVAILABLE()
  }
  await alice.friends.block({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
  await alice.friends.unblock({ user: 'bob' })
  t.is(await send(), 'ok')
  there!.weather.before = undefined
  await alice.friends.block({ user: 'bob' })
  await clock.advance(1_000)
  t.is(await send(), 'NATTER_NOT_AVAILABLE')
})

test('what cannot be known is refused as the fault that it is, and may be tried again', async (t) => {
  const { servers } = await serveTogether(t, 1)
  const [{ client, device, weather }] = servers
  const [alice, bob] = [await device('alice'), await client('bob')]
  weather.before = (model, verb) => {
    if (model === 'pair' && verb === 'get') throw StorageErrors.UNAVAILABLE()
  }
  const refused = await t.throwsAsync<RawRefusal>(alice.message({ user: 'bob' }, text))
  t.like(refused!.shape, { code: 'STORAGE_UNAVAILABLE', retryable: true })
  t.is(await codeOf(bob.friends.block({ user: 'alice' })), 'STORAGE_UNAVAILABLE')
  weather.before = undefined
  t.is((await alice.message({ user: 'bob' }, text))[0], 'a')
})

test('a removed friend is a stranger', async (t) => {
  const server = await serve(t, { privacy: { message: 'friends' } })
  const [alice, bob] = await server.friends('alice', 'bob')
  await befriend(alice, bob)
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'ok')
  await alice.friends.remove({ user: 'bob' })
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
})

test('who writes to a stranger lets them answer, until they block them', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.privacy({ message: 'nobody' })
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
  await alice.direct('bob').send(text).sent
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'ok')
  await alice.friends.block({ user: 'bob' })
  await alice.friends.unblock({ user: 'bob' })
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
})

test('who wrote to a friend and then ends it is not answered any more', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.friends.privacy({ message: 'nobody' })
  await befriend(alice, bob)
  await alice.direct('bob').send(text).sent
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'ok')
  await alice.friends.remove({ user: 'bob' })
  t.is(await codeOf(bob.direct('alice').send(text).sent), 'NATTER_NOT_AVAILABLE')
})

test('a setting is kept, and follows to one’s other devices', async (t) => {
  const server = await serve(t, { privacy: { add: 'nobody' } })
  const alice = await server.client('alice')
  const standard = {
    message: 'everyone',
    add: 'nobody',
    call: 'friends',
    presence: 'friends',
    find: 'everyone',
  } as const
  t.deepEqual(await alice.friends.privacy({}), standard)
  const { version } = await listOf(alice)
  t.deepEqual(await alice.friends.privacy({ find: 'friends' }), { ...standard, find: 'friends' })
  t.deepEqual((await alice.friends.sync({ after: version })).privacy, { ...standard, find: 'friends' })
  await Promise.all([alice.friends.privacy({ call: 'nobody' }), alice.friends.privacy({ presence: 'nobody' })])
  t.deepEqual(await alice.friends.privacy({}), { ...standard, find: 'friends', call: 'nobody', presence: 'nobody' })
})

test('of two apart neither learns how far the other reads or receives, and own devices do', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  for (const each of ['1', '2']) await bob.direct('alice').send({ text: each }).sent
  await bob.friends.block({ user: 'alice' })
  const deaf = bob.on('offline.marked', ({ user }) => t.not(user, 'alice'))
  t.like(await alice.offline.mark({ conversation, read: 1, received: 2 }), { read: 1, received: 2, unread: 1 })
  const { members } = await bob.offline.state({ conversation })
  t.like(
    members!.find(({ user }) => user === 'alice'),
    { read: 0, received: 0 },
  )
  t.like((await alice.offline.state({ conversation })).me, { read: 1, received: 2 })
  deaf()
  await bob.friends.unblock({ user: 'alice' })
  await bob.direct('alice').send({ text: '3' }).sent
  await alice.offline.mark({ conversation, read: 3 })
  const after = (await bob.offline.state({ conversation })).members!
  t.like(
    after.find(({ user }) => user === 'alice'),
    { read: 3, received: 3 },
  )
})
