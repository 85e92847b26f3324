import test from 'ava'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'

async function start(t: TestContext, ...tokens: string[]) {
  const bench = new Bench(t)
  const server = new FakeServer(bench.wire, () => bench.clock.now())
  server.plugins = { auth: 1 }
  const chats = tokens.map((token) => bench.client({ token, user: token.split(':')[0]! }))
  await Promise.all(chats.map((chat) => chat.connect()))
  await settle()
  return { bench, server, chats }
}
const texts = (messages: readonly object[]) => messages.map((message) => (message as { text: string }).text)

test('without a store messages go from device to device, and the ack says so', async (t) => {
  const { bench, chats } = await start(t, 'alice', 'alice:phone', 'bob')
  const [alice, phone, bob] = chats as [(typeof chats)[0], (typeof chats)[0], (typeof chats)[0]]
  const seen: unknown[] = []
  bob.on('message', ({ from, seq, conversation }) => seen.push([from, seq, conversation]))
  const { id } = alice.direct('bob')
  const sent = await alice.direct('bob').send({ text: 'hello' }).sent
  t.deepEqual(sent, { durability: 'relayed', conversation: id, devices: 2, at: bench.clock.now() })
  await settle()
  t.deepEqual(seen, [['alice', 0, id]])
  for (const chat of [alice, phone, bob]) t.deepEqual(texts(chat.conversation(id).messages.get()), ['hello'])
  t.is(bob.conversations.get()[0]?.peer, 'alice')
  t.is(bob.conversations.get()[0]?.unread, 1)
  bob.direct('alice').read()
  t.is(bob.conversations.get()[0]?.unread, 0)
  t.is(alice.direct('bob').messages.get()[0]?.state, 'sent')
  t.is(alice.status.get().link, 'online')
})

test('nobody is connected: the message waits and is tried again', async (t) => {
  const { bench, chats, server } = await start(t, 'alice')
  const sending = chats[0]!.direct('bob').send({ text: 'hello' })
  await settle(20)
  t.is(sending.state, 'queued')
  t.is(sending.error?.code, 'NATTER_NOBODY_ONLINE')
  const bob = bench.client({ token: 'bob', user: 'bob' })
  await bob.connect()
  await bench.advance(2_000, 100)
  t.is((await sending.sent).durability, 'relayed')
  t.deepEqual(texts(bob.direct('alice').messages.get()), ['hello'])
  t.true(server.sends.every(([, , address]) => address.user === 'bob'))
})

test('a relayed message that comes twice is shown once', async (t) => {
  const { bench, chats } = await start(t, 'bob')
  const seen: unknown[] = []
  chats[0]!.on('message', ({ clientId }) => seen.push(clientId))
  const { id } = chats[0]!.direct('alice')
  for (const clientId of ['a', 'b', 'a'])
    bench.wire.lines[0]!.send('m', id, 0, 0, 'alice', 1, clientId, { text: clientId })
  await settle()
  t.deepEqual(seen, ['a', 'b'])
})

test('history is not there without a store, and says so', async (t) => {
  const { chats } = await start(t, 'alice')
  t.false(await chats[0]!.direct('bob').loadOlder())
  await t.throwsAsync(chats[0]!.direct('bob').history(), { code: 'NATTER_PLUGIN_ABSENT' } as never)
})
