import test from 'ava'
import * as contract from '@natter/search/contract'
import { RawDevice } from '@natter/testkit'
import { eventually, find, groupOf, say, serve } from './serve.js'
import type { Person } from './serve.js'

const refusal = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    ({ code, message, status }: { code: string; message: string; status: number }) => ({ code, message, status }),
  )
const inGroup = (person: Person, group: string) => refusal(person.search.messages({ text: 'word', in: group }))

test('who is not in a conversation finds nothing of it, and is not told that it is there', async (t) => {
  const server = await serve(t)
  const [olga, mia, eric, bert, sam] = await server.friends('olga', 'mia', 'eric', 'bert', 'sam')
  const group = await groupOf(olga, [mia, eric, bert])
  await say(server, olga, group, 'word one')
  for (const person of [mia, eric, bert]) t.deepEqual(await find(person, 'word'), ['word one'])
  await eric.groups.leave({ group })
  await olga.groups.ban({ group, user: 'bert' })
  await say(server, olga, group, 'word two')
  t.deepEqual(await find(mia, 'word'), ['word two', 'word one'])
  const absent = await inGroup(sam, 'no-such-conversation')
  t.like(absent, { code: 'NATTER_NOT_FOUND' })
  for (const person of [eric, bert, sam]) {
    t.deepEqual(await person.search.messages({ text: 'word' }), { hits: [], more: false })
    t.deepEqual(await person.search.messages({ from: 'olga' }), { hits: [], more: false })
    t.deepEqual(await inGroup(person, group), absent)
  }
})

test('who came later finds what was said since, unless the history is from the start', async (t) => {
  const server = await serve(t)
  const [olga, late] = await server.friends('olga', 'late')
  const since = await groupOf(olga, [], { history: 'join' })
  const whole = await groupOf(olga, [], { history: 'start' })
  await say(server, olga, since, 'word before')
  await say(server, olga, whole, 'word from the start')
  for (const group of [since, whole]) await late.groups.join({ group })
  t.deepEqual(await find(late, 'word'), ['word from the start'])
  await say(server, olga, since, 'word after')
  t.deepEqual(await find(late, 'word'), ['word after', 'word from the start'])
  await late.groups.leave({ group: since })
  t.deepEqual(await find(late, 'word'), ['word from the start'])
  await late.groups.join({ group: since })
  t.deepEqual(await find(late, 'word'), ['word from the start'], 'who comes back begins anew')
})

test('what may not be read does not show in how a search ends', async (t) => {
  const server = await serve(t, { looked: 50 })
  const [olga, late, gone] = await server.friends('olga', 'late', 'gone')
  const group = await groupOf(olga, [gone], { history: 'join' })
  for (let i = 0; i < 60; i++) await olga.conversation(group).send({ text: `word ${i}` }).sent
  await eventually(server.clock, async () => (await find(olga, 'word 59')).length > 0)
  await late.groups.join({ group })
  t.deepEqual(await late.search.messages({ text: 'word' }), { hits: [], more: false })
  await gone.groups.leave({ group })
  t.deepEqual(await gone.search.messages({ text: 'word' }), { hits: [], more: false })
  t.true((await olga.search.messages({ text: 'word' })).more)
})

test('a block does not take away what was said before, and nothing is found of whom one never met', async (t) => {
  const server = await serve(t)
  const [alice, bob, eve] = await server.friends('alice', 'bob', 'eve')
  const direct = alice.direct('bob')
  await direct.send({ text: 'between us' }).sent
  await eventually(server.clock, async () => (await find(bob, 'between')).length === 1)
  await bob.friends.block({ user: 'alice' })
  t.deepEqual(await find(bob, 'between'), ['between us'])
  t.deepEqual(await find(alice, 'between'), ['between us'])
  t.deepEqual(await find(eve, 'between'), [])
  t.deepEqual(await inGroup(eve, direct.id), await inGroup(eve, eve.direct('nobody').id))
})

/** What each person is in the group, and what they find of what was said in it before and after they became that. */
const people = {
  stranger: ['sam', 'NATTER_NOT_FOUND'],
  blocked: ['bea', 'ok'],
  'ex-member': ['eric', 'NATTER_NOT_FOUND'],
  banned: ['bert', 'NATTER_NOT_FOUND'],
  'read-only': ['rita', 'ok'],
  muted: ['mo', 'ok'],
  member: ['mia', 'ok'],
  admin: ['adam', 'ok'],
  owner: ['olga', 'ok'],
} as const

test('each command has its row: who finds what in a group, and what the others are told', async (t) => {
  const commands = Object.values(contract).flatMap((each) =>
    'kind' in each && each.kind === 'command' ? [each.name] : [],
  )
  t.deepEqual(commands, ['search.messages', 'search.people'], 'a new command needs a row')
  const server = await serve(t)
  const anonymous = RawDevice.connect(server.chat as never)
  anonymous.send(['q', 1, 'search.messages', { text: 'word' }])
  t.not((await anonymous.closed).code, 1000)
  const owner = await server.client('olga')
  const group = await groupOf(owner)
  for (const [role, [name]] of Object.entries(people)) {
    if (role === 'stranger' || role === 'owner') continue
    await (await server.client(name)).groups.join({ group })
  }
  await owner.friends.block({ user: 'bea' })
  await (await server.client('eric')).groups.leave({ group })
  await owner.groups.ban({ group, user: 'bert' })
  await owner.groups.giveRole({ group, user: 'rita', role: 'reader' })
  await owner.groups.giveRole({ group, user: 'adam', role: 'admin' })
  await owner.groups.mute({ group, user: 'mo', forMs: 60_000 })
  await say(server, owner, group, 'word')
  for (const [role, [name, expected]] of Object.entries(people)) {
    const device = await server.device(`${name}:other`)
    const inside = device.request<{ hits: unknown[] }>('search.messages', { text: 'word', in: group })
    t.is(
      await inside.then(
        ({ hits }) => (hits.length === 1 ? 'ok' : 'nothing'),
        ({ code }: { code: string }) => code,
      ),
      expected,
      role,
    )
    const all = await device.request<{ hits: unknown[] }>('search.messages', { text: 'word' })
    t.is(all.hits.length, expected === 'ok' ? 1 : 0, role)
    t.true(Array.isArray((await device.request<{ people: unknown[] }>('search.people', { text: 'olga' })).people), role)
  }
})
