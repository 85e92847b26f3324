import test from 'ava'
import { codeOf, groupOf, serve } from './serve.js'

test('people who are called like what every object has are people like others', async (t) => {
  const server = await serve(t)
  const [alice, made, proto] = await server.friends('alice', 'constructor', '__proto__')
  const group = await groupOf(alice, [made, proto])
  await alice.groups.giveRole({ group, user: '__proto__', role: 'reader' })
  t.deepEqual(
    (await alice.groups.members({ group })).members.map(({ user, role }) => [user, role]),
    [
      ['__proto__', 'reader'],
      ['alice', 'owner'],
      ['constructor', 'member'],
    ],
  )
  t.is(await codeOf(made.conversation(group).send({ text: 'x' }).sent), 'ok')
  t.is(await codeOf(proto.conversation(group).send({ text: 'x' }).sent), 'GROUPS_READ_ONLY')
  await alice.groups.ban({ group, user: 'constructor' })
  t.is(await codeOf(made.groups.join({ group })), 'NATTER_NOT_FOUND')
})

test('who is banned without ever having been there hears nothing of it', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await server.client('alice'), await server.client('bob')]
  const [eve, out] = [await server.device('eve'), await server.device('bob:raw')]
  const group = await groupOf(alice, [bob])
  await alice.groups.ban({ group, user: 'eve' })
  await alice.groups.ban({ group, user: 'bob' })
  t.deepEqual(await out.next('e'), ['e', 'groups.out', { group }])
  t.deepEqual(
    eve.frames.filter((frame) => JSON.stringify(frame).includes(group)),
    [],
  )
})

test('members are found by the beginning of their name, page by page', async (t) => {
  const server = await serve(t)
  const alice = await server.client('alice')
  const crowd = await server.friends('bea', 'ben', 'berta', 'carl')
  const group = await groupOf(alice, crowd)
  const found = async (text: string) => (await alice.groups.members({ group, text })).members.map(({ user }) => user)
  t.deepEqual(await found('BE'), ['bea', 'ben', 'berta'])
  t.deepEqual(await found('x'), [])
  const first = await alice.groups.members({ group, limit: 3 })
  const rest = await alice.groups.members({ group, limit: 3, page: first.next! })
  t.deepEqual(
    [...first.members, ...rest.members].map(({ user }) => user),
    ['alice', 'bea', 'ben', 'berta', 'carl'],
  )
  t.is(rest.next, undefined)
  await crowd[0].groups.leave({ group })
  t.deepEqual(await found('be'), ['ben', 'berta'])
})
