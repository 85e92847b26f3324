import test from 'ava'
import { actions as actionsClient } from '@natter/actions/client'
import { until } from '@natter/testkit'
import { codeOf, groupOf, say, serve, talk } from './serve.js'
import type { Person, Served } from './serve.js'

const day = 86_400_000
/** Sooner than a device that says nothing is taken for gone. */
const soon = 20_000
const list = async (person: Person) => (await person.actions.scheduled({})).scheduled
const texts = async (person: Person, conversation: string) =>
  (await person.offline.page({ conversation, limit: 200 })).entries.map(([, , , , , body]) => body['text'])
/** Goes on to this time, and then until what is due is no longer in the list, or is refused. */
async function pass(server: Served, at: number, person: Person, id: string) {
  // On a real store time must not go faster than what is under way.
  for (let left = at - server.clock.now() - 1; left > 0; left -= 1_000) {
    await server.clock.advance(Math.min(left, 1_000))
    await list(person)
  }
  for (;;) {
    const left = (await list(person)).find((each) => each.id === id)
    if (!left || left.state === 'refused') return left
    // As fast as outside, and asked less often than a person may ask.
    const next = server.clock.now() + 50
    await until(server.clock, () => server.clock.now() >= next)
  }
}

test('a message is sent at its time, once, under its id, and nobody else hears of it before', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const phone = await server.device('alice:phone')
  const conversation = await talk(alice, bob)
  const raw = await server.device('bob:raw')
  const at = server.clock.now() + soon
  const message = { to: conversation, body: { text: 'later' }, at, id: 'one' }
  t.deepEqual(await alice.actions.schedule(message), { conversation })
  t.deepEqual(await alice.actions.schedule(message), { conversation }, 'asked again')
  const waiting = { id: 'one', conversation, body: { text: 'later' }, at, state: 'waiting' }
  t.deepEqual(await list(alice), [waiting] as never)
  t.deepEqual(await list(bob), [])
  await server.clock.advance(soon - 1)
  t.deepEqual(await texts(bob, conversation), ['hello'])
  t.is(await pass(server, at, alice, 'one'), undefined)
  const { entries } = await bob.offline.page({ conversation, limit: 200 })
  t.deepEqual(entries.map(([, , from, , id, body]) => [from, id, body['text']]).slice(1), [['alice', 'one', 'later']])
  await raw.next((frame) => frame[0] === 'm' && JSON.stringify(frame).includes('later'))
  t.false(JSON.stringify(raw.frames).includes('scheduled'))
  const told = phone.frames.flatMap((frame) => (frame[1] === 'actions.scheduledChanged' ? [frame[2]] : []))
  t.deepEqual(told, [
    { id: 'one', conversation, what: 'waiting' },
    { id: 'one', conversation, what: 'waiting' },
    { id: 'one', conversation, what: 'sent', seq: 2 },
  ])
  t.deepEqual(await alice.actions.schedule(message), { conversation }, 'asked again after it was sent')
  t.deepEqual(await list(alice), [])
})

test('it follows to every device, also to one that was away', async (t) => {
  const server = await serve(t)
  const bob = await server.client('bob')
  const connect = (token: string) => server.client(token, { plugins: [actionsClient()] })
  const [desk, phone] = [await connect('alice'), await connect('alice:phone')]
  const conversation = await talk(bob, desk as never)
  const [here, there] = [desk.actions.scheduledMessages(), phone.actions.scheduledMessages()]
  t.is(desk.actions.scheduledMessages(), here)
  phone.disconnect()
  const at = server.clock.now() + soon
  for (const [id, ahead] of [
    ['two', 1],
    ['one', 0],
  ] as const) {
    await desk.actions.schedule({ to: conversation, body: { text: id }, at: at + ahead, id })
  }
  await desk.actions.reschedule({ id: 'two', body: { text: 'changed' } })
  const has = (cell: typeof here, ...ids: readonly string[]) =>
    cell
      .get()
      .map(({ id }) => id)
      .join() === ids.join()
  await until(server.clock, () => has(here, 'one', 'two') && has(there, 'one', 'two'))
  t.deepEqual(there.get()[1]?.body, { text: 'changed' })
  await desk.actions.unschedule({ conversation, id: 'one' })
  await until(server.clock, () => has(here, 'two') && has(there, 'two'))
})

test('one that is not due yet can be changed and called off; afterwards it is too late', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = server.clock.now() + soon
  // Behind the other even where a store takes its time.
  const behind = at + 3 * soon
  const schedule = (id: string, when = at) =>
    alice.actions.schedule({ to: conversation, body: { text: id }, at: when, id })
  for (const id of ['a', 'b', 'c']) await schedule(id)
  t.is(
    await codeOf(alice.actions.schedule({ to: conversation, body: { text: 'other' }, at, id: 'a' })),
    'NATTER_CONFLICT',
  )
  await alice.actions.unschedule({ conversation, id: 'a' })
  await alice.actions.reschedule({ id: 'b', at: behind })
  await alice.actions.reschedule({ id: 'c', body: { text: 'changed' } })
  t.is(await codeOf(alice.actions.reschedule({ id: 'c', body: { type: 'unknown' } })), 'NATTER_UNKNOWN_BODY')
  for (const when of [at - soon, server.clock.now() + 4_999, server.clock.now() + 367 * day]) {
    t.is(await codeOf(alice.actions.reschedule({ id: 'c', at: when })), 'ACTIONS_WHEN')
    t.is(await codeOf(schedule('d', when)), 'ACTIONS_WHEN')
  }
  t.is(await codeOf(bob.actions.unschedule({ conversation, id: 'b' })), 'ok', 'his, of which there is none')
  t.is(await codeOf(alice.actions.unschedule({ conversation, id: 'a' })), 'ok', 'asked again')
  await pass(server, at, alice, 'c')
  t.deepEqual(await texts(bob, conversation), ['hello', 'changed'])
  t.is(await codeOf(alice.actions.reschedule({ id: 'c', body: { text: 'x' } })), 'NATTER_NOT_FOUND')
  t.is(await codeOf(alice.actions.unschedule({ conversation, id: 'c' })), 'ACTIONS_TOO_LATE')
  await pass(server, behind, alice, 'b')
  t.deepEqual(await texts(bob, conversation), ['hello', 'changed', 'b'])
})

test('one to a person opens the conversation with them when it is sent, and not before', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await server.client('alice'), await server.client('bob')]
  const at = server.clock.now() + soon
  const { conversation } = await alice.actions.schedule({ to: { user: 'bob' }, body: { text: 'first' }, at, id: 'one' })
  t.is(conversation, alice.direct('bob').id)
  t.is(await codeOf(bob.offline.state({ conversation })), 'NATTER_NOT_FOUND')
  await pass(server, at, alice, 'one')
  t.deepEqual(await texts(bob, conversation), ['first'])
})

/** What happens between, and how the message is refused by it. */
const refusals: Record<string, readonly [(owner: Person, group: string) => Promise<unknown>, string]> = {
  kicked: [(owner, group) => owner.groups.kick({ group, user: 'alice' }), 'NATTER_NOT_FOUND'],
  banned: [(owner, group) => owner.groups.ban({ group, user: 'alice' }), 'NATTER_NOT_FOUND'],
  muted: [(owner, group) => owner.groups.mute({ group, user: 'alice', forMs: day }), 'GROUPS_MUTED'],
  'read-only': [(owner, group) => owner.groups.giveRole({ group, user: 'alice', role: 'reader' }), 'GROUPS_READ_ONLY'],
  dissolved: [(owner, group) => owner.groups.dissolve({ group }), 'NATTER_NOT_FOUND'],
}
for (const [name, [meanwhile, code]] of Object.entries(refusals)) {
  test(`${name} meanwhile: it is refused when it is due, and its author is told why`, async (t) => {
    const server = await serve(t)
    const [alice, olga] = await server.friends('alice', 'olga')
    const group = await groupOf(olga, [alice])
    const device = await server.device('alice:raw')
    const at = server.clock.now() + soon
    await alice.actions.schedule({ to: group, body: { text: 'later' }, at, id: 'one' })
    await meanwhile(olga, group)
    t.like(await pass(server, at, alice, 'one'), { state: 'refused', refused: code })
    await device.next((frame) => JSON.stringify(frame).includes(`"refused":"${code}"`))
    await server.clock.advance(60_000)
    t.is((await list(alice)).length, 1, 'it stays until it is called off')
    await alice.actions.unschedule({ conversation: group, id: 'one' })
    t.deepEqual(await list(alice), [])
  })
}

test('blocked meanwhile it is refused; unblocked and scheduled again it is sent', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = server.clock.now() + soon
  await alice.actions.schedule({ to: conversation, body: { text: 'later' }, at, id: 'one' })
  await bob.friends.block({ user: 'alice' })
  t.like(await pass(server, at, alice, 'one'), { state: 'refused', refused: 'NATTER_NOT_AVAILABLE' })
  t.is(
    await codeOf(alice.actions.schedule({ to: conversation, body: { text: 'x' }, at: at + soon, id: 'two' })),
    'NATTER_NOT_AVAILABLE',
  )
  await bob.friends.unblock({ user: 'alice' })
  await alice.actions.reschedule({ id: 'one', at: at + soon })
  t.like((await list(alice))[0], { state: 'waiting', refused: undefined })
  await pass(server, at + soon, alice, 'one')
  t.deepEqual(await texts(bob, conversation), ['hello', 'later'])
})

test('in slow mode it takes its turn when it is sent, not when it is scheduled', async (t) => {
  const server = await serve(t)
  const [alice, olga] = await server.friends('alice', 'olga')
  const group = await groupOf(olga, [alice], { slowMs: 15_000 })
  const at = server.clock.now() + soon
  for (const [id, ahead] of [
    ['one', 0],
    ['two', 10_000],
  ] as const) {
    await alice.actions.schedule({ to: group, body: { text: id }, at: at + ahead, id })
  }
  t.is((await say(alice, group, 'now')).seq, 3, 'her turn is not taken')
  t.is(await pass(server, at, alice, 'one'), undefined)
  t.like(await pass(server, at + 10_000, alice, 'two'), { state: 'refused', refused: 'GROUPS_SLOW' })
})

test('so many wait for one person, and no more', async (t) => {
  const server = await serve(t, { scheduled: 2 })
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = server.clock.now() + soon
  const codes = await Promise.all(
    ['a', 'b', 'c'].map((id) => codeOf(alice.actions.schedule({ to: conversation, body: { text: id }, at, id }))),
  )
  t.deepEqual(codes.toSorted(), ['ACTIONS_TOO_MANY', 'ok', 'ok'])
})

test('what is no message of mine to send is refused when it is scheduled', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = server.clock.now() + soon
  for (const [body, code] of [
    [{ type: 'act', what: 'deleted', by: 'bob', of: 1 }, 'NATTER_FORBIDDEN'],
    [{ type: 'deleted' }, 'NATTER_FORBIDDEN'],
    [{ type: 'nothing' }, 'NATTER_UNKNOWN_BODY'],
    [{}, 'NATTER_INVALID'],
    [{ type: 'reply', to: 99, text: 'x' }, 'NATTER_NOT_FOUND'],
  ] as const) {
    const input = { to: conversation, body, at, id: 'one' }
    t.is(await codeOf(alice.actions.schedule(input)), code, JSON.stringify(body))
  }
  t.is(await codeOf(alice.actions.schedule({ to: 'nowhere', body: { text: 'x' }, at, id: 'one' })), 'NATTER_NOT_FOUND')
  t.deepEqual(await list(alice), [])
})
