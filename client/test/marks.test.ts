import test from 'ava'
import { directId } from '#src/direct-id.js'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'

const id = directId('alice', 'bob')

async function start(t: TestContext) {
  const bench = new Bench(t)
  const server = new FakeServer(bench.wire, () => bench.clock.now())
  const alice = bench.client({ token: 'alice', user: 'alice' })
  const bob = bench.client({ token: 'bob', user: 'bob' })
  await Promise.all([alice.connect(), bob.connect()])
  await settle()
  const marks = (user: string) =>
    server.requests.filter(([, , name, input]) => name === 'offline.mark' && input.conversation === id && user)
  return { bench, server, alice, bob, marks }
}

test('a message goes from queued over sent and delivered to read, and its sender is told of each', async (t) => {
  const { bench, alice, bob } = await start(t)
  const sending = alice.direct('bob').send({ text: 'hello' })
  const states: string[] = [sending.state]
  sending.subscribe(() => states.at(-1) !== sending.state && states.push(sending.state))
  await sending.sent
  await bench.advance(1_000, 100)
  bob.direct('alice').read()
  await bench.advance(1_000, 100)
  t.deepEqual(states, ['queued', 'sent', 'delivered', 'read'])
  t.is(alice.direct('bob').messages.get()[0]?.state, 'read')
  t.deepEqual(alice.direct('bob').info.get().marks, { bob: { read: 1, received: 1 } })
})

test('whoever answers has read what came before, without a mark of their own', async (t) => {
  const { server, alice } = await start(t)
  const sending = alice.direct('bob').send({ text: 'hello' })
  await sending.sent
  server.post('bob', 'alice', 'hi')
  await settle(40)
  t.is(sending.state, 'read')
  t.deepEqual(alice.direct('bob').info.get().marks['bob'], { read: 2, received: 2 })
})

test('what comes together is acknowledged together, a moment later', async (t) => {
  const { bench, server, alice } = await start(t)
  for (const text of ['1', '2', '3']) server.post('bob', 'alice', text)
  await settle(40)
  const sent = () => server.requests.filter(([, , name]) => name === 'offline.mark').map(([, , , input]) => input)
  t.deepEqual(sent(), [])
  await bench.advance(400, 100)
  t.deepEqual(sent(), [{ conversation: id, read: 0, received: 3 }])
  alice.direct('bob').read(2)
  alice.direct('bob').read()
  alice.direct('bob').read(1)
  await bench.advance(400, 100)
  t.deepEqual(sent().slice(1), [{ conversation: id, read: 3, received: 3 }])
})

test('a subscription may read what it shows: it is called again for what changed, and no more', async (t) => {
  const { server, bob } = await start(t)
  const conversation = bob.direct('alice')
  let calls = 0
  const show = () => {
    if (++calls > 20) return
    conversation.messages.get()
    conversation.read()
  }
  conversation.messages.subscribe(show)
  bob.conversations.subscribe(show)
  server.post('alice', 'bob', 'hello')
  await settle(40)
  t.true(calls > 0 && calls <= 8, `${calls} calls`)
  t.is(conversation.info.get().unread, 0)
})

test('unread counts what was not read, here and on another device', async (t) => {
  const { bench, server, alice } = await start(t)
  const phone = bench.client({ token: 'alice:phone', user: 'alice' })
  await phone.connect()
  for (const text of ['1', '2', '3']) server.post('bob', 'alice', text)
  await settle(40)
  const unread = () => [alice, phone].map((chat) => chat.conversations.get()[0]?.unread)
  t.deepEqual(unread(), [3, 3])
  phone.direct('bob').read(2)
  t.deepEqual(unread(), [3, 1])
  await bench.advance(1_000, 100)
  t.deepEqual(unread(), [1, 1])
  server.post('bob', 'alice', '4')
  await settle(30)
  t.deepEqual(unread(), [2, 2])
  alice.direct('bob').send({ text: 'who writes has read' })
  await settle(40)
  t.deepEqual(unread(), [0, 0])
})

test('a mark never moves back and names no entry that is not here', async (t) => {
  const { bench, server, alice } = await start(t)
  for (const text of ['1', '2', '3']) server.post('bob', 'alice', text)
  await settle(40)
  alice.direct('bob').read(99)
  alice.direct('bob').read(1)
  t.deepEqual(alice.direct('bob').info.get().me, { read: 3, received: 3 })
  await bench.advance(1_000, 100)
  t.is(server.logs.get(id)?.members.get('alice')?.read, 3)
  bench.wire.lines[0]!.send('e', 'offline.marked', {
    conversation: id,
    user: 'alice',
    read: 1,
    received: 1,
    n: 3,
    unread: 2,
  })
  bench.wire.lines[0]!.send('e', 'offline.marked', { conversation: id, user: 'bob', read: 0, received: 0 })
  await settle()
  t.deepEqual(alice.direct('bob').info.get().me, { read: 3, received: 3 })
  t.is(alice.direct('bob').info.get().unread, 0)
  t.is(alice.direct('bob').info.get().marks['bob']?.received, 3)
})

test('an answer about marks that comes after newer messages hides none of them', async (t) => {
  const { bench, server, alice } = await start(t)
  for (const text of ['1', '2', '3']) server.post('bob', 'alice', text)
  await settle(40)
  // As of the second message, and late.
  const late = { conversation: id, user: 'alice', read: 0, received: 2, n: 2, unread: 2 }
  bench.wire.lines[0]!.send('e', 'offline.marked', late)
  await settle()
  t.is(alice.conversations.get()[0]?.unread, 3)
})

test('marks that were made offline are sent when there is a connection', async (t) => {
  const { bench, server, alice } = await start(t)
  server.post('bob', 'alice', '1')
  await settle(40)
  bench.change('offline')
  server.cutAll()
  alice.direct('bob').read()
  await bench.clock.advance(400)
  t.is(server.logs.get(id)?.members.get('alice')?.read, 0)
  bench.change('online')
  await settle(40)
  await bench.advance(1_000, 100)
  t.is(server.logs.get(id)?.members.get('alice')?.read, 1)
})

test('a note to oneself is read by oneself', async (t) => {
  const { bench, alice } = await start(t)
  const self = alice.direct('alice')
  await self.send({ text: 'milk' }).sent
  await bench.advance(1_000, 100)
  t.is(self.info.get().peer, 'alice')
  t.is(self.info.get().unread, 0)
  t.is(self.messages.get().length, 1)
})
