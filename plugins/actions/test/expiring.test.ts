import test from 'ava'
import { actions } from '@natter/actions'
import { actions as actionsClient } from '@natter/actions/client'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { createTestServer, until } from '@natter/testkit'
import { rawStore } from './raw-text.js'
import { answer, codeOf, groupOf, read, say, serve, talk } from './serve.js'
import type { Person, Served } from './serve.js'

const minute = 60_000

/** Waits, as long as it takes outside, until a message is gone for somebody. */
async function gone(server: Served, person: Person, at: { conversation: string; seq: number }) {
  for (;;) {
    const { body } = await read(person, at)
    if (body['type'] === 'deleted') return body
    const next = server.clock.now() + 100
    await until(server.clock, () => server.clock.now() >= next)
  }
}
/** Goes on to a time, no faster than a store answers. */
async function pass(server: Served, person: Person, ms: number) {
  for (let left = ms; left > 0; left -= 1_000) {
    await server.clock.advance(Math.min(left, 1_000))
    await person.offline.state({ conversation: person.direct(person.id).id }).catch(() => undefined)
  }
}
const entriesOf = async (person: Person, conversation: string) =>
  (await person.offline.page({ conversation, limit: 200 })).entries.map(([seq, , from, at, , body]) => ({
    seq,
    from,
    at,
    body,
  }))

test('behind the timer messages disappear at their time, for all and from every table; those before it stay', async (t) => {
  const raw = rawStore()
  const plugins = [offline(), friends(), groups(), actions({ history: 'kept' }), raw.plugin] as const
  const server = await createTestServer(t, { plugins })
  const [alice, bob] = await server.friends('alice', 'bob')
  const phone = await server.client('bob:phone', { plugins: [actionsClient()] })
  const conversation = await talk(alice, bob)
  t.deepEqual(await bob.actions.timer({ conversation }), { afterMs: 0 })
  await bob.actions.setTimer({ conversation, afterMs: minute })
  t.deepEqual(await alice.actions.timer({ conversation }), { afterMs: minute })
  const at = await say(alice, conversation, 'marzipan')
  await alice.actions.edit({ ...at, text: 'praline' })
  await bob.actions.react({ ...at, emoji: '👍' })
  await bob.actions.pin(at)
  const reply = await answer(bob, conversation, at.seq, 'nougat', at.seq)
  const { body, from } = await read(bob, at)
  const sent = (await entriesOf(alice, conversation)).find(({ seq }) => seq === at.seq)!
  t.is(from, 'alice')
  t.is(body['expires'], sent.at + minute, 'it counts from when it was sent, and an edit changes nothing')
  phone.disconnect()
  await pass(server, alice, minute - 5_000)
  t.is((await read(bob, at)).body['text'], 'praline', 'not before')
  await pass(server, alice, 5_000)
  t.deepEqual(await gone(server as never, alice, at), {
    type: 'deleted',
    expired: true,
    acts: { thread: { count: 1, last: reply.seq } },
  })
  t.deepEqual(await gone(server as never, bob, reply), { type: 'deleted', expired: true, thread: at.seq })
  t.deepEqual((await bob.actions.pins({ conversation })).pins, [])
  t.deepEqual((await bob.actions.editions(at)).editions, [])
  const { text } = await raw.text(conversation)
  for (const word of ['marzipan', 'praline', 'nougat']) t.false(text.includes(word), word)
  t.true(text.includes('hello'), 'what was there before the timer')
  const said = (await entriesOf(bob, conversation)).filter((each) => each.body['type'] === 'timer')
  t.deepEqual(
    said.map((each) => [each.from, each.body['by'], each.body['afterMs']]),
    [['system', 'bob', minute]],
  )

  // A device that was away has nothing of it, either.
  const cell = phone.conversation(conversation)
  const stop = cell.messages.subscribe(() => undefined)
  await phone.connect()
  await until(server.clock, () => cell.messages.get().some(({ type, seq }) => type === 'deleted' && seq === reply.seq))
  t.false(JSON.stringify(cell.messages.get()).includes('praline'))
  t.deepEqual(
    phone.actions.acted(cell.messages.get()).map(({ message }) => message.type),
    ['text', 'timer'],
  )
  stop()
})

test('a device lets it disappear by itself, and the timer ends with 0', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.setTimer({ conversation, afterMs: minute })
  await alice.actions.setTimer({ conversation, afterMs: minute })
  const at = await say(alice, conversation, 'soon gone')
  await bob.actions.setTimer({ conversation, afterMs: 0 })
  const stays = await say(alice, conversation, 'stays')
  const phone = await server.client('bob:phone', { plugins: [actionsClient()] })
  const { messages } = phone.conversation(conversation)
  const stop = messages.subscribe(() => undefined)
  await until(server.clock, () => messages.get().some(({ seq }) => seq === stays.seq))
  const expires = (await read(bob, at)).body['expires'] as number
  const shown = (now: number) =>
    phone.actions
      .acted(messages.get(), undefined, now)
      .flatMap(({ message, expires: when }) => ('text' in message ? [[message.text, when]] : []))
  t.deepEqual(shown(expires - 1), [
    ['hello', undefined],
    ['soon gone', expires],
    ['stays', undefined],
  ])
  t.deepEqual(shown(expires), [
    ['hello', undefined],
    ['stays', undefined],
  ])
  stop()
  await pass(server, alice, minute)
  await gone(server, bob, at)
  t.is((await read(bob, stays)).body['text'], 'stays')
  const said = (await entriesOf(bob, conversation)).filter((each) => each.body['type'] === 'timer')
  t.deepEqual(
    said.map((each) => each.body['afterMs']),
    [minute, 0],
    'set again to what it is nothing is said',
  )
})

test('who may set it: those who may write, in groups those who govern; others learn nothing', async (t) => {
  const server = await serve(t)
  const [olga, adam, mia] = await server.friends('olga', 'adam', 'mia')
  const sam = await server.client('sam')
  const group = await groupOf(olga, [adam, mia])
  await olga.groups.giveRole({ group, user: 'adam', role: 'admin' })
  const set = (person: Person, conversation: string, afterMs: number) =>
    codeOf(person.actions.setTimer({ conversation, afterMs }))
  t.is(await set(mia, group, minute), 'ACTIONS_NOT_ALLOWED')
  t.is(await set(adam, group, minute), 'ok')
  t.is(await set(olga, group, 2 * minute), 'ok')
  t.is(await set(sam, group, minute), 'NATTER_NOT_FOUND')
  t.is(await set(sam, 'absent', minute), 'NATTER_NOT_FOUND')
  t.is(await codeOf(sam.actions.timer({ conversation: group })), 'NATTER_NOT_FOUND')
  t.is(await set(olga, olga.direct('sam').id, minute), 'NATTER_NOT_FOUND', 'nothing was said there yet')
  for (const wrong of [-1, 1, 9_999, 1.5, 367 * 86_400_000]) t.is(await set(olga, group, wrong), 'NATTER_INVALID')
  const conversation = await talk(olga, mia)
  await mia.friends.block({ user: 'olga' })
  t.not(await set(olga, conversation, minute), 'ok')
  t.is((await mia.actions.timer({ conversation })).afterMs, 0)
  t.is(
    await codeOf(mia.conversation(group).send({ type: 'timer', by: 'mia', afterMs: 0 } as never).sent),
    'NATTER_FORBIDDEN',
  )
  const at = await say(mia, group, 'by the timer of the last')
  const { body } = await read(olga, at)
  t.is((body['expires'] as number) - (await entriesOf(olga, group)).find(({ seq }) => seq === at.seq)!.at, 2 * minute)
})

test('set while others write: every message behind the entry has its time, none before it has', async (t) => {
  const server = await serve(t)
  const people = await server.friends('alice', 'bob')
  const [alice, bob] = people
  const conversation = await talk(alice, bob)
  let n = 0
  const burst = () => people.flatMap((person) => [0, 1, 2].map(() => say(person, conversation, `m${n++}`)))
  const first = burst()
  const setting = bob.actions.setTimer({ conversation, afterMs: minute })
  const second = burst()
  await setting
  await Promise.all([...first, ...second, ...burst()])
  const entries = await entriesOf(alice, conversation)
  const from = entries.find(({ body }) => body['type'] === 'timer')!.seq
  for (const { seq, body } of entries.filter(({ body }) => 'text' in body)) {
    t.is(body['expires'] !== undefined, seq > from, `${seq} of ${from}`)
  }
})

test('what is sent again is one message with one time, and what was passed on has that of where it goes', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const group = await groupOf(alice, [bob])
  await alice.actions.setTimer({ conversation, afterMs: minute })
  const send = () => alice.conversation(conversation).send({ text: 'once' }, { id: 'once' }).sent
  const { seq } = (await send()) as { readonly seq: number }
  const before = (await read(bob, { conversation, seq })).body['expires']
  await pass(server, alice, 5_000)
  const raw = await server.device('alice:raw')
  t.is((await raw.message(conversation, { text: 'once' }, 'once'))[2], seq)
  t.is((await read(bob, { conversation, seq })).body['expires'], before)
  await bob.actions.forward({ conversation, seq, to: [group], key: 'k' })
  const copy = (await entriesOf(alice, group)).find(({ body }) => body['type'] === 'forward')!
  t.is(copy.body['expires'], undefined)
  await pass(server, alice, minute)
  await gone(server, bob, { conversation, seq })
  t.is((await read(bob, { conversation: group, seq: copy.seq })).body['text'], 'once')
})
