import test from 'ava'
import { actions } from '@natter/actions/client'
import type { ActedMessage } from '@natter/actions/client'
import { until } from '@natter/testkit'
import { answer, askAll, groupOf, say, serve, talk } from './serve.js'
import type { Served } from './serve.js'

const connect = (server: Served, token: string) => server.client(token, { plugins: [actions()] })
type Device = Awaited<ReturnType<typeof connect>>
type Act = (place: { readonly conversation: string; readonly seq: number }) => Promise<unknown>

/** What a device shows, as far as it does not depend on the device. */
function shown(device: Device, conversation: string) {
  const all = device.actions.acted(device.conversation(conversation).messages.get())
  return all.map(plain)
}
function plain({ message, quote, ...rest }: ActedMessage<{ readonly seq: number; readonly type: string }>): object {
  const { text, by, from } = message as unknown as Record<string, unknown>
  const quoted = quote && { ...quote, message: quote.message && (quote.message as unknown as { text?: string }).text }
  return { ...rest, quote: quoted, seq: message.seq, type: message.type, text, by, from }
}
/** Everything that a device holds of what people said. */
const rawTexts = (device: Device, conversation: string) =>
  JSON.stringify(
    device
      .conversation(conversation)
      .messages.get()
      .filter(({ from }) => from !== 'system'),
  )

/** Holds the conversation up to its head, with what messages say now. */
async function caughtUp(server: Served, device: Device, conversation: string, head: number) {
  await until(server.clock, () => device.conversation(conversation).messages.get().at(-1)?.seq === head)
}

const acts: Record<string, (people: { alice: Device; bob: Device }) => Act> = {
  edit:
    ({ alice }) =>
    (at) =>
      alice.actions.edit({ ...at, text: 'edited' }),
  'edit twice':
    ({ alice }) =>
    async (at) => {
      await alice.actions.edit({ ...at, text: 'edited' })
      await alice.actions.edit({ ...at, text: 'edited again', mentions: ['bob'] })
    },
  delete:
    ({ alice }) =>
    (at) =>
      alice.actions.deleteForAll(at),
  'edit and delete':
    ({ alice }) =>
    async (at) => {
      await alice.actions.edit({ ...at, text: 'edited' })
      await alice.actions.deleteForAll(at)
    },
  react:
    ({ alice, bob }) =>
    async (at) => {
      for (const who of [bob, alice]) await who.actions.react({ ...at, emoji: '👍' })
      await bob.actions.react({ ...at, emoji: '🦀' })
    },
  unreact:
    ({ bob }) =>
    async (at) => {
      await bob.actions.react({ ...at, emoji: '👍' })
      await bob.actions.react({ ...at, emoji: '🦀' })
      await bob.actions.unreact({ ...at, emoji: '👍' })
    },
  'react and delete':
    ({ alice, bob }) =>
    async (at) => {
      await bob.actions.react({ ...at, emoji: '👍' })
      await alice.actions.deleteForAll(at)
    },
  pin:
    ({ bob }) =>
    (at) =>
      bob.actions.pin(at),
  unpin:
    ({ alice, bob }) =>
    async (at) => {
      await bob.actions.pin(at)
      await alice.actions.unpin(at)
    },
  reply:
    ({ bob }) =>
    async (at) => {
      await answer(bob as never, at.conversation, at.seq, 'quoted')
    },
  'reply, and the quoted is deleted':
    ({ alice, bob }) =>
    async (at) => {
      await answer(bob as never, at.conversation, at.seq, 'quoted')
      await alice.actions.deleteForAll(at)
    },
  thread:
    ({ alice, bob }) =>
    async (at) => {
      const first = await answer(bob as never, at.conversation, at.seq, 'one', at.seq)
      await answer(alice as never, at.conversation, first.seq, 'two', at.seq)
      await alice.actions.react({ ...at, emoji: '👍' })
      await answer(bob as never, at.conversation, first.seq, 'three', at.seq)
      await bob.actions.deleteForAll(first)
    },
  vote:
    ({ alice, bob }) =>
    async ({ conversation }) => {
      const { seq } = await askAll(alice as never, conversation, { multi: true })
      await bob.actions.vote({ conversation, seq, choices: [0, 1] })
      await alice.actions.vote({ conversation, seq, choices: [1] })
      await bob.actions.vote({ conversation, seq, choices: [1] })
    },
  'vote for nobody to know, and close':
    ({ alice, bob }) =>
    async ({ conversation }) => {
      const { seq } = await askAll(alice as never, conversation, { anonymous: true })
      await bob.actions.vote({ conversation, seq, choices: [0] })
      await alice.actions.vote({ conversation, seq, choices: [1] })
      await bob.actions.vote({ conversation, seq, choices: [] })
      await alice.actions.closePoll({ conversation, seq })
    },
  forward:
    ({ bob }) =>
    (at) =>
      bob.actions.forward({ ...at, to: [at.conversation], key: 'k', named: true }),
}

/** Each alone, and all in one conversation, each on a message of its own; on a real store the latter, which has all of it. */
const cases: readonly (readonly [string, readonly (typeof acts)[string][]])[] = [
  ...(process.env['TEST_STORAGE'] ? [] : Object.entries(acts).map(([name, act]) => [name, [act]] as const)),
  ['all of it', Object.values(acts)],
]
for (const [name, done] of cases) {
  test(`${name}: a device that was away, one that was there, and a new one show the same`, async (t) => {
    const server = await serve(t)
    const [alice, bob] = [await connect(server, 'alice'), await connect(server, 'bob')]
    const [there, away] = [await connect(server, 'bob:there'), await connect(server, 'bob:away')]
    const conversation = await talk(alice as never, bob as never)
    const places: { readonly conversation: string; readonly seq: number }[] = []
    for (const _ of done) places.push(await say(alice as never, conversation, 'the text'))
    const { seq: last } = await say(bob as never, conversation, 'another')
    for (const device of [there, away]) {
      device.conversation(conversation).messages.subscribe(() => undefined)
      await caughtUp(server, device, conversation, last)
    }
    away.disconnect()
    for (const [i, actOf] of done.entries()) await actOf({ alice, bob })(places[i]!)
    const head = (await alice.conversation(conversation).history({ limit: 1 })).messages[0]!.seq
    const fresh = await connect(server, 'bob:fresh')
    fresh.conversation(conversation).messages.subscribe(() => undefined)
    await caughtUp(server, fresh, conversation, head)
    while (await fresh.conversation(conversation).loadOlder());
    const expected = shown(fresh, conversation)
    for (const device of [there, away]) {
      await caughtUp(server, device, conversation, head)
      const same = () => JSON.stringify(shown(device, conversation)) === JSON.stringify(expected)
      await until(server.clock, same)
      t.deepEqual(shown(device, conversation), expected)
      // What was deleted leaves the device, and not only what it shows.
      if (done.length === 1 && name.includes('delete')) {
        await until(server.clock, () => !/the text|edited/.test(rawTexts(device, conversation)))
      }
    }
  })
}

test('who came in later shows what they may read, and an edit of what they may not tells them nothing', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice)
  const hidden = await say(alice, group, 'hidden')
  await bob.groups.join({ group })
  const device = await connect(server, 'bob:phone')
  device.conversation(group).messages.subscribe(() => undefined)
  const raw = await server.device('bob:raw')
  await alice.actions.edit({ ...hidden, text: 'still hidden' })
  await alice.actions.deleteForAll(hidden)
  const shownAt = await say(alice, group, 'shown')
  await caughtUp(server, device, group, shownAt.seq)
  t.deepEqual(
    shown(device, group).map((each) => (each as { text?: string }).text),
    [undefined, 'shown'],
  )
  await raw.next((frame) => frame[0] === 'm' && frame[2] === shownAt.seq)
  t.false(JSON.stringify(raw.frames).includes('hidden'))
})

test('what I delete for myself is not shown on any of my devices, also on one that was away', async (t) => {
  const server = await serve(t)
  const [alice, phone] = [await connect(server, 'alice'), await connect(server, 'alice:phone')]
  const bob = await connect(server, 'bob')
  const conversation = await talk(alice as never, bob as never)
  await say(alice as never, conversation, 'mine')
  const [here, there] = [alice.actions.removedIn(conversation), phone.actions.removedIn(conversation)]
  t.is(alice.actions.removedIn(conversation), here)
  phone.disconnect()
  await alice.actions.remove({ conversation, seqs: [2] })
  await until(server.clock, () => here.get().has(2) && there.get().has(2))
  const { messages } = await phone.conversation(conversation).history()
  t.deepEqual(
    phone.actions.acted(messages, there.get()).map(({ message }) => message.seq),
    [1],
  )
})
