import test from 'ava'
import { befriend, codeOf, serve } from './serve.js'

test('a person is found by their exact handle, unless they let nobody, or not me', async (t) => {
  const [alice, bob, carol] = await (await serve(t)).friends('alice', 'bob', 'carol')
  t.deepEqual(await alice.friends.find({ handle: 'bob' }), { id: 'bob', name: 'bob', handle: 'bob' })
  t.like(await alice.friends.find({ handle: 'alice' }), { id: 'alice' })
  await bob.friends.privacy({ find: 'friends' })
  t.is(await codeOf(alice.friends.find({ handle: 'bob' })), 'NATTER_NOT_AVAILABLE')
  t.is(await codeOf(alice.friends.request({ handle: 'bob' })), 'NATTER_NOT_AVAILABLE')
  // Who has the id need not find them.
  await befriend(alice, bob)
  t.like(await alice.friends.find({ handle: 'bob' }), { id: 'bob' })
  await carol.friends.privacy({ find: 'nobody' })
  t.is(await codeOf(bob.friends.find({ handle: 'carol' })), 'NATTER_NOT_AVAILABLE')
})

test('who has asked me can be taken by handle, however hidden they are', async (t) => {
  const [alice, bob] = await (await serve(t)).friends('alice', 'bob')
  await bob.friends.privacy({ find: 'nobody', add: 'nobody' })
  await bob.friends.request({ user: 'alice' })
  t.like(await alice.friends.request({ handle: 'bob' }), { user: 'bob', is: 'friend' })
})

test('search and suggestions are there where the host offers them, and show who may be found', async (t) => {
  const asked: unknown[] = []
  const server = await serve(t, {
    search: (user, text) => {
      asked.push([user, text])
      return ['alice', 'bob', 'carol', 'dave', 'bob', 'nobody-1']
    },
    suggest: async (user) => (user === 'alice' ? ['dave', 'bob'] : []),
  })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol', 'dave')
  await bob.friends.block({ user: 'alice' })
  await carol.friends.privacy({ find: 'nobody' })
  const ids = ({ people }: { people: { id: string }[] }) => people.map(({ id }) => id)
  t.deepEqual(ids(await alice.friends.search({ text: 'smith' })), ['dave'])
  t.deepEqual(asked, [['alice', 'smith']])
  t.deepEqual(ids(await alice.friends.suggest({})), ['dave'])
  t.deepEqual(ids(await bob.friends.suggest({})), [])
})

test('without the host’s word there is neither', async (t) => {
  const [alice] = await (await serve(t)).friends('alice')
  t.is(await codeOf(alice.friends.search({ text: 'smith' })), 'FRIENDS_NOT_OFFERED')
  t.is(await codeOf(alice.friends.suggest({})), 'FRIENDS_NOT_OFFERED')
})
