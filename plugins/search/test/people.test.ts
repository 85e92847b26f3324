import test from 'ava'
import { serve } from './serve.js'
import type { Person } from './serve.js'

/** In tests somebody exists under every handle. */
const real = ['alice', 'bob', 'bobby', 'carol']
const names = async (person: Person, text: string) =>
  (await person.search.people({ text })).people.flatMap(({ id }) => (real.includes(id) ? [id] : [])).toSorted()

test('people are found among those one talks with, and by their exact handle', async (t) => {
  const server = await serve(t)
  const [alice, bob, bobby, carol] = await server.friends('alice', 'bob', 'bobby', 'carol')
  await alice.direct('bobby').send({ text: 'hello' }).sent
  t.deepEqual(await names(alice, 'bo'), ['bobby'])
  t.deepEqual(await names(alice, '@bob'), ['bob', 'bobby'], 'and who is called just so')
  t.deepEqual(await names(carol, 'bo'), [])
  t.deepEqual(await names(alice, 'alice'), [], 'oneself is not searched for')
  await bob.friends.privacy({ find: 'nobody' })
  await bobby.friends.block({ user: 'alice' })
  t.deepEqual(await names(alice, 'bob'), [], 'who does not let me find them, and who blocked me')
  t.deepEqual(await alice.search.people({ text: 'nobody-of-this-name' }), { people: [] })
})

test('whom the host names is found as far as they let themselves be found', async (t) => {
  const server = await serve(t, { people: (user, text) => (text === 'tall' ? ['bob', 'carol', 'gone', user] : []) })
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  t.deepEqual(await names(alice, 'tall'), ['bob', 'carol'])
  await carol.friends.privacy({ find: 'friends' })
  await bob.friends.block({ user: 'alice' })
  t.deepEqual(await names(alice, 'tall'), [])
  t.is((await alice.search.people({ text: 'tall', limit: 1 })).people.length, 1)
})
