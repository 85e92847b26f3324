import test from 'ava'
import { serve } from './serve.js'
import type { Person } from './serve.js'

const marksOf = async (person: Person, conversation: string, user: string) => {
  const { members } = await person.offline.state({ conversation })
  const { read, received } = members!.find((member) => member.user === user)!
  return { read, received }
}
const bySync = async (person: Person, conversation: string, user: string) => {
  const { conversations } = await person.offline.sync({})
  const { read, received } = conversations
    .find(({ id }) => id === conversation)!
    .members!.find((member) => member.user === user)!
  return { read, received }
}

test('who reads in private is read on their own devices, and for others has at most received', async (t) => {
  const { friends, client } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  const phone = await client('alice:phone')
  const conversation = bob.direct('alice').id
  for (const text of ['1', '2', '3', '4']) await bob.direct('alice').send({ text }).sent
  await alice.offline.mark({ conversation, read: 1 })
  t.deepEqual(await alice.offline.privacy({ privateRead: true }), { version: 1, privateRead: true })

  const forBob: object[] = []
  bob.on('offline.marked', (moved) => void forBob.push(moved))
  const own = new Promise((resolve) => phone.on('offline.marked', (moved) => moved.read === 3 && resolve(moved)))
  const standing = { read: 3, received: 4, n: 4, unread: 1 }
  t.deepEqual(await alice.offline.mark({ conversation, read: 3, received: 4 }), standing)
  t.deepEqual(await own, { conversation, user: 'alice', ...standing })

  t.deepEqual(await marksOf(alice, conversation, 'alice'), { read: 3, received: 4 })
  t.deepEqual(await bySync(phone, conversation, 'alice'), { read: 3, received: 4 })
  t.like(await phone.offline.state({ conversation }), { unread: 1, me: { read: 3, received: 4 } })
  t.deepEqual(await marksOf(bob, conversation, 'alice'), { read: 1, received: 4 })
  t.deepEqual(await bySync(bob, conversation, 'alice'), { read: 1, received: 4 })
  t.true(
    forBob.every((moved) => (moved as { read: number }).read === 1),
    JSON.stringify(forBob),
  )

  // Marks never move back, whatever is asked.
  t.like(await alice.offline.mark({ conversation, read: 2 }), { read: 3, unread: 1 })
  t.like(await alice.offline.mark({ conversation, read: 99 }), { read: 4, unread: 0 })
  t.deepEqual(await marksOf(bob, conversation, 'alice'), { read: 1, received: 4 })
})

test('what was read in private stays so until its reader reads on openly', async (t) => {
  const { friends } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  for (const text of ['1', '2']) await bob.direct('alice').send({ text }).sent
  await alice.offline.privacy({ privateRead: true })
  await alice.offline.mark({ conversation, read: 2 })
  await alice.offline.privacy({ privateRead: false })
  t.like(await marksOf(bob, conversation, 'alice'), { read: 0 })
  t.like(await alice.offline.state({ conversation }), { me: { read: 2 }, unread: 0 })
  await bob.direct('alice').send({ text: '3' }).sent
  t.like(await alice.offline.mark({ conversation, received: 3 }), { read: 2, received: 3, unread: 1 })
  await alice.offline.mark({ conversation, read: 3 })
  t.deepEqual(await marksOf(bob, conversation, 'alice'), { read: 3, received: 3 })
})

test('a device that was away finds what was read in private, though nothing moved in the log', async (t) => {
  const { friends } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  await bob.direct('alice').send({ text: '1' }).sent
  await alice.offline.privacy({ privateRead: true })
  await alice.offline.mark({ conversation, received: 1 })
  const { cursor } = await alice.offline.sync({})
  await alice.offline.mark({ conversation, read: 1 })
  const { conversations } = await alice.offline.sync({ cursor })
  t.like(conversations[0], { id: conversation, unread: 0, me: { read: 1 } })
  t.deepEqual((await bob.offline.sync({ cursor: (await bob.offline.sync({})).cursor })).conversations, [])
})

test('in a group too, and one who is not in it has no marks there', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob')
  const [alice, bob, mallory] = await server.friends('alice', 'bob', 'mallory')
  await bob.conversation('g1').send({ text: 'hello' }).sent
  await alice.offline.privacy({ privateRead: true })
  await mallory.offline.privacy({ privateRead: true })
  t.deepEqual(await alice.offline.mark({ conversation: 'g1', read: 2 }), { read: 2, received: 2, n: 1, unread: 0 })
  const { members } = (await server.log().membership('g1'))!
  t.like(
    members.find(({ user }) => user === 'alice'),
    { read: 0, received: 2 },
  )
  await t.throwsAsync(mallory.offline.mark({ conversation: 'g1', read: 2 }), { code: 'NATTER_NOT_FOUND' })
  await server.leave('alice')
  await t.throwsAsync(alice.offline.mark({ conversation: 'g1', read: 2 }), { code: 'NATTER_NOT_FOUND' })
})

test('whoever may not see a person is told neither what they read nor what they received', async (t) => {
  const { friends, part, meet } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  await bob.direct('alice').send({ text: '1' }).sent
  const before = await marksOf(bob, conversation, 'alice')
  part('alice', 'bob')
  bob.on('offline.marked', () => t.fail('bob heard of it'))
  t.like(await alice.offline.mark({ conversation, read: 1 }), { read: 1, received: 1, unread: 0 })
  t.deepEqual(await marksOf(bob, conversation, 'alice'), before)
  t.deepEqual(await bySync(bob, conversation, 'alice'), before)
  t.deepEqual(await marksOf(alice, conversation, 'alice'), { read: 1, received: 1 })
  meet('alice', 'bob')
})
