import test from 'ava'
import { createTestServer, until } from '@natter/testkit'
import type { MessageView } from '@natter/client'
import { offline } from '@natter/offline'
import { offline as offlineClient } from '@natter/offline/client'

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

test('what who is erased wrote leaves the devices of others, live and behind an absence', async (t) => {
  const { client, chat, clock } = await createTestServer(t, { plugins: [offline()] })
  const plugins = [offlineClient()] as const
  const gone = await client('gone', { plugins })
  const [here, away] = [await client('bob:here', { plugins }), await client('bob:away', { plugins })]
  await gone.direct('bob').send({ text: '1' }).sent
  await here.direct('gone').send({ text: '2' }).sent
  await gone.direct('bob').send({ text: '3' }).sent
  const conversation = chat.conversations.direct('gone', 'bob')
  const shown = (who: typeof here) => texts(who.conversation(conversation).messages.get()).filter(Boolean)
  await until(clock, () => shown(here).length === 3 && shown(away).length === 3)
  away.disconnect()
  await chat.users.erase('gone')
  await until(clock, () => shown(here).length === 1 && shown(away).length === 1)
  const now = (who: typeof here) =>
    who
      .conversation(conversation)
      .messages.get()
      .filter(({ from }) => from !== 'system')
      .map(({ seq, from }) => [seq, from])
  t.deepEqual(now(here), [
    [1, ''],
    [2, 'bob'],
    [3, ''],
  ])
  t.deepEqual(now(away), now(here))
  t.deepEqual(shown(here), ['2'])
  const { messages } = await here.conversation(conversation).history({ limit: 50 })
  t.deepEqual(
    messages.map(({ seq, from, type }) => [seq, from, type]),
    here
      .conversation(conversation)
      .messages.get()
      .map(({ seq, from, type }) => [seq, from, type]),
    'as a fresh fetch gives it',
  )
  await here.conversation(conversation).send({ text: '4' }).sent
  // What of theirs is still under way is judged again, and comes in nowhere.
  await t.throwsAsync(chat.as('gone').send({ user: 'bob' }, { text: '5' }), { code: 'NATTER_NOT_AVAILABLE' })
  await t.throwsAsync(chat.as('gone').send(conversation, { text: '5' }), { code: 'NATTER_NOT_FOUND' })
  await t.throwsAsync(here.direct('bob').send({ type: 'erased', seqs: [] } as never).sent, { code: 'NATTER_FORBIDDEN' })
})
