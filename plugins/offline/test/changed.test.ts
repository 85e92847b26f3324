import test from 'ava'
import { definePlugin, messageChange } from '@natter/core'
import { offline } from '@natter/offline'
import { createTestServer, until } from '@natter/testkit'

/** Writes what is whispered in capitals. */
const loud = definePlugin({
  name: 'loud',
  setup(api) {
    api.hook(messageChange, (draft) =>
      draft.type === 'text' && draft.text.startsWith('loud') ? { ...draft, text: draft.text.toUpperCase() } : undefined,
    )
  },
})

test('the device that sent a message has it as the server changed it, once, behind its ack', async (t) => {
  const server = await createTestServer(t, { plugins: [offline(), loud()] })
  const [alice, bob] = [await server.client('alice'), await server.client('bob')]
  const raw = await server.device('alice:raw')
  const mine = alice.direct('bob')
  const stop = mine.messages.subscribe(() => undefined)
  let told = 0
  alice.on('message', () => told++)
  await mine.send({ text: 'soft' }).sent
  await mine.send({ text: 'loud' }).sent
  await until(server.clock, () => mine.messages.get().some((message) => 'text' in message && message.text === 'LOUD'))
  const texts = () => mine.messages.get().map((message) => ('text' in message ? message.text : message.type))
  t.deepEqual(texts(), ['soft', 'LOUD'])
  t.is(told, 2)
  const theirs = await bob.offline.page({ conversation: mine.id, limit: 10 })
  t.deepEqual(
    theirs.entries.map(([, , , , , body]) => body['text']),
    texts(),
  )

  const ack = await raw.message(mine.id, { text: 'loud again' }, 'again')
  t.is(ack[0], 'a')
  t.deepEqual((await raw.next((frame) => frame[0] === 'm' && frame[6] === 'again'))[7], { text: 'LOUD AGAIN' })
  const at = (kind: string) => raw.frames.findIndex((frame) => frame[0] === kind && frame.includes(ack[2]))
  t.true(at('a') < at('m'))
  await raw.message(mine.id, { text: 'soft again' }, 'soft')
  await raw.request('offline.state', { conversation: mine.id })
  t.false(
    raw.frames.some((frame) => frame[0] === 'm' && frame[6] === 'soft'),
    'what it has it does not get',
  )
  stop()
})
