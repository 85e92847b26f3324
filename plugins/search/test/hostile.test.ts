import test from 'ava'
import { eventually, find, groupOf, say, serve } from './serve.js'

const code = (promise: Promise<unknown>) =>
  promise.then(
    () => 'ok',
    (error: { code: string }) => error.code,
  )

test('operators, quotes and stars are words or nothing', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  await say(server, alice, group, 'plain words and or not near')
  const strange = [
    '"plain',
    "'; drop table x; --",
    'plain* words*',
    '+plain -words',
    'plain AND words',
    'plain OR nothing',
    'NOT plain',
  ]
  const further = [
    '(plain',
    'plain & ! |',
    'a:*',
    '{"$gt":""}',
    '%',
    '_',
    '\\',
    '@plain',
    '^plain',
    'terms:plain',
    'NEAR(plain words)',
  ]
  const found: Record<string, number> = {}
  for (const text of [...strange, ...further]) {
    const answer = await bob.search.messages({ text }).then(
      ({ hits }) => hits.length,
      (error: { code: string }) => (t.is(error.code, 'SEARCH_NOTHING', text), -1),
    )
    found[text] = answer
  }
  t.like(found, {
    '"plain': 1,
    'plain* words*': 1,
    '+plain -words': 1,
    'plain AND words': 1,
    'NOT plain': 1,
    '%': -1,
    _: -1,
  })
  t.is(found['plain OR nothing'], 0)
  t.is(found["'; drop table x; --"], 0)
})

test('what cannot be searched for is refused, with what to do', async (t) => {
  const server = await serve(t)
  const alice = await server.device('alice')
  const messages = (input: object) => code(alice.request('search.messages', input))
  // A frame with such text ends its connection.
  for (const text of ['a\0b', '\ud800']) {
    const other = await server.device('alice:other')
    t.not(await code(other.request('search.messages', { text })), 'ok')
  }
  for (const text of ['x'.repeat(10_000), 5, null, {}]) t.is(await messages({ text }), 'NATTER_INVALID')
  for (const input of [{}, { text: '' }, { text: '  !?' }, { since: 5 }, { text: '🙂' }]) {
    t.is(await messages(input), 'SEARCH_NOTHING')
  }
  for (const cursor of ['x', '1.2', '-1.2.c', '1.2.c d', 'NaN.1.c', ''])
    t.is(await messages({ text: 'a', cursor }), 'SEARCH_CURSOR')
  t.is(await messages({ text: 'a', cursor: 'x'.repeat(201) }), 'NATTER_INVALID')
  t.is(await messages({ text: 'a', from: 'no id!' }), 'NATTER_INVALID')
  t.is(await messages({ text: 'a', limit: 51 }), 'NATTER_INVALID')
  t.is(await messages({ text: 'a', in: 'somewhere' }), 'NATTER_NOT_FOUND')
  t.is(await messages({ text: 'a', since: 9, until: 3 }), 'ok')
  t.is(await messages({ text: 'a', cursor: '99.1.somewhere' }), 'ok', 'a cursor gives no right')
  t.is(await code(alice.request('search.people', { text: '?' })), 'SEARCH_NOTHING')
})

test('long messages and long words are found, and so are many words', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const long = `${'x'.repeat(150)}end`
  await alice
    .conversation(group)
    .send({ text: `${long} ${Array.from({ length: 1_000 }, (_, i) => `w${i}`).join(' ')}` }).sent
  await alice.conversation(group).send({ text: '界'.repeat(3_000) }).sent
  await alice.conversation(group).send({ text: Array.from({ length: 3_500 }, (_, i) => i.toString(36)).join(' ') }).sent
  // they come into the index in any order
  const found = async (text: string) => (await find(bob, text)).length === 1
  await eventually(server.clock, async () => (await found('界界')) && (await found(long)))
  t.is((await find(bob, long)).length, 1)
  t.is((await find(bob, `${'x'.repeat(150)}no`)).length, 0, 'also what is longer than a term is told apart')
  t.is((await find(bob, 'w999')).length, 1)
  const many = Array.from({ length: 40 }, (_, i) => `w${i}`).join(' ')
  t.is((await find(bob, many)).length, 1)
  t.is((await find(bob, `${many} nothing`)).length, 0, 'also what the index is not asked for')
})
