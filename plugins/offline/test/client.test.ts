import test from 'ava'
import { createTestServer, until } from '@natter/testkit'
import type { MessageView } from '@natter/client'
import { offline } from '@natter/offline'

const texts = (messages: readonly MessageView[]) => messages.map((message) => (message as { text?: string }).text)

test('two clients talk; states go from queued to read', async (t) => {
  const { friends, clock } = await createTestServer(t, { plugins: [offline()] })
  const [alice, bob] = await friends('alice', 'bob')
  const received: string[] = []
  bob.on('message', (message) => void received.push((message as { text: string }).text))
  const sending = alice.direct('bob').send({ text: 'hello' })
  const sent = await sending.sent
  t.like(sent, { durability: 'committed', seq: 1 })
  await until(clock, () => sending.state === 'delivered')
  t.deepEqual(received, ['hello'])
  bob.direct('alice').read()
  await until(clock, () => sending.state === 'read')
  t.deepEqual(received, ['hello'])
})

test('who was disconnected sends and receives what it missed, once and in order', async (t) => {
  const { friends, clock } = await createTestServer(t, { plugins: [offline()] })
  const [alice, bob] = await friends('alice', 'bob')
  const received: string[] = []
  bob.on('message', (message) => void received.push((message as { text: string }).text))
  await alice.direct('bob').send({ text: '1' }).sent
  await until(clock, () => received.length === 1)
  bob.disconnect()
  await alice.direct('bob').send({ text: '2' }).sent
  await alice.direct('bob').send({ text: '3' }).sent
  const mine = bob.direct('alice').send({ text: '4' })
  t.is(mine.state, 'queued')
  await until(clock, () => received.length === 4 && alice.direct('bob').messages.get().length === 4)
  await mine.sent
  t.deepEqual(received.toSorted(), ['1', '2', '3', '4'])
  t.deepEqual(texts(bob.direct('alice').messages.get()), ['1', '2', '3', '4'])
  t.deepEqual(texts(alice.direct('bob').messages.get()), ['1', '2', '3', '4'])
})
