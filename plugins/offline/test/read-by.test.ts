import test from 'ava'
import { codeOf, serve } from './serve.js'

test('who is in a small group learns who has read and who has received, and no more than each lets others know', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob', 'carol', 'dave', 'erin')
  const [alice, bob, carol, dave] = await server.friends('alice', 'bob', 'carol', 'dave')
  await alice.conversation('g1').send({ text: 'hello' }).sent
  const conversation = 'g1'
  await dave.offline.privacy({ privateRead: true })
  await bob.offline.mark({ conversation, read: 2 })
  await carol.offline.mark({ conversation, received: 2 })
  await dave.offline.mark({ conversation, read: 2 })
  t.deepEqual(await alice.offline.readBy({ conversation, seq: 2 }), { read: ['bob'], received: ['carol', 'dave'] })
  // Neither the author nor who asks is named.
  t.deepEqual(await bob.offline.readBy({ conversation, seq: 2 }), { read: [], received: ['carol', 'dave'] })
  server.part('alice', 'carol')
  t.deepEqual(await alice.offline.readBy({ conversation, seq: 2 }), { read: ['bob'], received: ['dave'] })
})

test('who came after an entry and who has left are not among its readers, and whoever may not read it learns nothing', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob', 'carol')
  const [alice, bob, carol, dave, mallory] = await server.friends('alice', 'bob', 'carol', 'dave', 'mallory')
  const conversation = 'g1'
  await alice.conversation('g1').send({ text: 'hello' }).sent
  for (const reader of [bob, carol]) await reader.offline.mark({ conversation, read: 2 })
  await server.leave('bob')
  await server.join('dave')
  await dave.offline.mark({ conversation, read: 4 })
  await server.note()
  t.deepEqual(await alice.offline.readBy({ conversation, seq: 2 }), { read: ['carol'], received: [] })
  const refused = [
    dave.offline.readBy({ conversation, seq: 2 }),
    bob.offline.readBy({ conversation, seq: 2 }),
    mallory.offline.readBy({ conversation, seq: 2 }),
    mallory.offline.readBy({ conversation: 'nowhere', seq: 2 }),
    alice.offline.readBy({ conversation, seq: 99 }),
  ]
  for (const each of refused) t.is(await codeOf(each), 'NATTER_NOT_FOUND')
  t.is(await codeOf(alice.offline.readBy({ conversation, seq: 0 })), 'NATTER_INVALID')
})

test('in a group of more than a hundred nobody is told of single readers', async (t) => {
  const server = await serve(t)
  const crowd = Array.from({ length: 100 }, (_, i) => `u${i}`)
  await server.group('alice', ...crowd)
  const [alice] = await server.friends('alice')
  t.is(await codeOf(alice.offline.readBy({ conversation: 'g1', seq: 1 })), 'OFFLINE_GROUP_LARGE')
  const other = await serve(t)
  await other.group(...crowd.slice(1), 'alice')
  const [again] = await other.friends('alice')
  t.deepEqual(await again.offline.readBy({ conversation: 'g1', seq: 1 }), { read: [], received: [] })
})

test('marks in a group are pushed to nobody but own devices', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob')
  const [alice, bob] = await server.friends('alice', 'bob')
  const phone = await server.client('bob:phone')
  alice.on('offline.marked', ({ user }) => t.is(user, 'alice'))
  const own = new Promise((resolve) => phone.on('offline.marked', resolve))
  await alice.conversation('g1').send({ text: 'hello' }).sent
  await bob.offline.mark({ conversation: 'g1', read: 2 })
  t.like(await own, { user: 'bob', read: 2 })
  t.is((await alice.offline.state({ conversation: 'g1' })).members, undefined)
})
