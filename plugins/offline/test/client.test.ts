import test from 'ava'
import { createTestServer } from '@natter/testkit'
import type { MessageView } from '@natter/client'
import { offline } from '@natter/offline'

const texts = (messages: readonly MessageView[]) => messages.map((message) => (message as { text?: string }).text)
const settle = async () => {
  for (let i = 0; i < 20; i++) await new Promise(setImmediate)
}

test('two clients talk; states go from queued to read', async (t) => {
  const { friends, clock } = await createTestServer(t, { plugins: [offline()] })
  const [alice, bob] = await friends('alice', 'bob')
  const received: string[] = []
  bob.on('message', (message) => void received.push((message as { text: string }).text))
  const sending = alice.direct('bob').send({ text: 'hello' })
  const sent = await sending.sent
  t.like(sent, { durability: 'committed', seq: 1 })
  await settle()
  t.deepEqual(received, ['hello'])
  await clock.advance(1_000)
  await settle()
  t.is(sending.state, 'delivered')
  bob.direct('alice').read()
  await clock.advance(1_000)
  await settle()
  t.is(sending.state, 'read')
})

test('who was disconnected sends and receives what it missed, once and in order', async (t) => {
  const { friends, clock } = await createTestServer(t, { plugins: [offline()] })
  const [alice, bob] = await friends('alice', 'bob')
  const received: string[] = []
  bob.on('message', (message) => void received.push((message as { text: string }).text))
  await alice.direct('bob').send({ text: '1' }).sent
  await settle()
  bob.disconnect()
  await settle()
  await alice.direct('bob').send({ text: '2' }).sent
  await alice.direct('bob').send({ text: '3' }).sent
  const mine = bob.direct('alice').send({ text: '4' })
  t.is(mine.state, 'queued')
  await clock.advance(30_000)
  await settle()
  await mine.sent
  await settle()
  t.deepEqual(received.toSorted(), ['1', '2', '3', '4'])
  t.deepEqual(texts(bob.direct('alice').messages.get()), ['1', '2', '3', '4'])
  t.deepEqual(texts(alice.direct('bob').messages.get()), ['1', '2', '3', '4'])
})
