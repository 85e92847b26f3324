import test from 'ava'
import { definePlugin, messageAllow, NatterErrors } from '@natter/core'
import { deny, StorageErrors } from '@natter/core/contract'
import { scheduledRow } from '@natter/actions/contract'
import { createTestServer } from '@natter/testkit'
import { codeOf, plugins, serveTogether, talk } from './serve.js'
import type { Person } from './serve.js'

/** When what is scheduled is due, from the beginning of a test, ms. */
const ahead = 180_000
const down = () => {
  throw StorageErrors.UNAVAILABLE()
}
const turns = async () => {
  for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate)
}
const texts = async (person: Person, conversation: string) =>
  (await person.offline.page({ conversation, limit: 200 })).entries.map(([, , , , , body]) => body['text'])

async function furnish(together: Awaited<ReturnType<typeof serveTogether>>) {
  const [alice, bob] = await together.servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = together.clock.now() + ahead
  const schedule = (id: string, more = 0) =>
    alice.actions.schedule({ to: conversation, body: { text: id }, at: at + more, id })
  const rows = async () => (await together.store.records('actions', scheduledRow).page({ user: 'alice' })).rows
  return { alice, bob, conversation, at, schedule, rows }
}

test('of two servers one sends it', async (t) => {
  const together = await serveTogether(t, 2)
  const { bob, conversation, schedule, rows } = await furnish(together)
  const ids = Array.from({ length: 40 }, (_, i) => `m${i}`)
  let appends = 0
  for (const { weather } of together.servers) {
    weather.before = (model, verb) => {
      if (model === 'log' && verb === 'append') appends++
    }
  }
  for (const id of ids) await schedule(id)
  await together.clock.advance(ahead + 5_000)
  await turns()
  t.deepEqual((await texts(bob, conversation)).slice(1).toSorted(), ids.toSorted())
  t.is(appends, 40, 'the other did not try')
  t.deepEqual(await rows(), [])
})

test('what is refused for the moment is sent again later', async (t) => {
  let refusals = 0
  const moody = definePlugin({
    name: 'moody',
    setup: (api) =>
      api.hook(messageAllow, ({ clientId }) => {
        if (clientId !== 'one' || clock.now() < at || refusals > 0) return undefined
        refusals++
        return deny(NatterErrors.RATE_LIMITED())
      }),
  })
  const server = await createTestServer(t, { plugins: [...plugins({}), moody()] })
  const { clock } = server
  const at = clock.now() + 20_000
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  await alice.actions.schedule({ to: conversation, body: { text: 'one' }, at, id: 'one' })
  await clock.advance(20_000)
  await turns()
  t.is(refusals, 1)
  t.like((await alice.actions.scheduled({})).scheduled[0], { state: 'sending' })
  await clock.advance(35_000)
  await turns()
  t.deepEqual((await alice.actions.scheduled({})).scheduled, [])
  t.deepEqual(await texts(bob, conversation), ['hello', 'one'])
})

test('of a server that dies behind the log it is sent once, by who comes next', async (t) => {
  const together = await serveTogether(t, 1)
  const { conversation, schedule, rows } = await furnish(together)
  await schedule('one')
  together.servers[0].weather.before = (model, verb) => {
    if (model === 'scheduled' && verb === 'take') down()
  }
  await together.clock.advance(ahead)
  await turns()
  t.like((await rows())[0], { state: 'sending' })
  together.servers[0].weather.before = down
  const other = await together.server()
  await together.clock.advance(20_000)
  await turns()
  t.like((await rows())[0], { state: 'sending' }, 'it may be alive still')
  const bob = await other.client('bob:phone')
  const alice = await other.client('alice:phone')
  t.is(await codeOf(alice.actions.unschedule({ conversation, id: 'one' })), 'ACTIONS_TOO_LATE')
  t.is(await codeOf(alice.actions.reschedule({ id: 'one', body: { text: 'x' } })), 'ACTIONS_TOO_LATE')
  await together.clock.advance(15_000)
  await turns()
  t.deepEqual(await rows(), [])
  t.deepEqual(await texts(bob, conversation), ['hello', 'one'])
})

test('of a server that dies before the log it is sent late, and once', async (t) => {
  const together = await serveTogether(t, 1)
  const { bob, conversation, schedule, rows } = await furnish(together)
  await schedule('one')
  together.servers[0].weather.before = (model, verb) => {
    if (model === 'log' && verb === 'append') down()
  }
  await together.clock.advance(ahead)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello'])
  together.servers[0].weather.before = down
  const other = await together.server()
  await together.clock.advance(35_000)
  await turns()
  t.deepEqual(await rows(), [])
  t.deepEqual(await texts(await other.client('bob:phone'), conversation), ['hello', 'one'])
})

test('what became due while no server ran is sent at the next start', async (t) => {
  const together = await serveTogether(t, 1)
  const { conversation, schedule } = await furnish(together)
  await schedule('one')
  await together.servers[0].chat.stop()
  await together.clock.advance(3 * ahead)
  const next = await together.server()
  await turns()
  const bob = await next.client('bob')
  t.deepEqual(await texts(bob, conversation), ['hello', 'one'])
})

test('a clock that jumps ahead sends nothing early, and one that jumps back nothing twice', async (t) => {
  const together = await serveTogether(t, 1)
  const { clock } = together
  const { bob, conversation, schedule } = await furnish(together)
  await schedule('one')
  await schedule('two', ahead)
  clock.jump(2 * ahead)
  await clock.advance(50_000)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello'], 'ahead')
  clock.jump(-2 * ahead)
  await clock.advance(60_000)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello'], 'as it was')
  await clock.advance(ahead - 110_000)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello', 'one'], 'at its time')
  clock.jump(-ahead)
  await clock.advance(ahead)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello', 'one'], 'and once')
  clock.jump(2 * ahead)
  await clock.advance(70_000)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello', 'one', 'two'], 'a clock that stays ahead was set right')
})

/** Does this to the row `one` once, right before a server does that. */
const before = (together: Awaited<ReturnType<typeof serveTogether>>, verb: string, set: object) => {
  let done = false
  together.servers[0].weather.before = (model, each) => {
    if (model !== 'scheduled' || each !== verb || done) return
    done = true
    const rows = together.store.records('actions', scheduledRow)
    void rows.updateIf({ user: 'alice', clientId: 'one' }, set, { version: 1 })
  }
}

test('one that is changed on another server when it becomes due is not sent as it was', async (t) => {
  const together = await serveTogether(t, 1)
  const { bob, conversation, at, schedule } = await furnish(together)
  await schedule('one')
  before(together, 'updateIf', { at: at + ahead, wakeAt: at + ahead, body: { text: 'changed' } })
  await together.clock.advance(ahead)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello'])
  await together.clock.advance(ahead)
  await turns()
  t.deepEqual(await texts(bob, conversation), ['hello', 'changed'])
})

for (const [name, verb] of [
  ['called off', 'take'],
  ['changed', 'updateIf'],
] as const) {
  test(`one that is being sent on another server is not ${name}`, async (t) => {
    const together = await serveTogether(t, 1)
    const { alice, conversation, at, schedule, rows } = await furnish(together)
    await schedule('one')
    before(together, verb, { state: 'sending', wakeAt: at + ahead })
    const { actions } = alice
    const act =
      verb === 'take'
        ? actions.unschedule({ conversation, id: 'one' })
        : actions.reschedule({ id: 'one', body: { text: 'x' } })
    t.is(await codeOf(act), 'ACTIONS_TOO_LATE')
    t.like((await rows())[0], { state: 'sending', body: { text: 'one' } })
  })
}

test('what is to be sent is theirs to have, goes with who wrote it, and is not sent to who is gone', async (t) => {
  const together = await serveTogether(t, 1)
  const server = together.servers[0]
  const { alice, bob, conversation, at, schedule } = await furnish(together)
  const carol = await server.client('carol')
  await talk(carol, bob)
  await schedule('one')
  const { group } = await carol.groups.create({ key: 'k', settings: { name: 'Team', door: 'open' } })
  await carol.actions.schedule({ to: { user: 'alice' }, body: { text: 'to alice' }, at, id: 'a' })
  await carol.actions.schedule({ to: group, body: { text: 'to all', mentions: ['alice', 'bob'] }, at, id: 'b' })
  const parts: object[] = []
  for await (const { part, item } of server.chat.users.export('alice')) {
    if (part === 'actions.scheduled') parts.push(item)
  }
  t.deepEqual(parts, [{ id: 'one', conversation, body: { text: 'one' }, at, state: 'waiting' }])
  await server.chat.users.erase('alice')
  t.is(alice.id, 'alice')
  const rows = (await together.store.records('actions', scheduledRow).page({ at: { gte: 0 } })).rows
  t.false(
    JSON.stringify(rows.map((row) => ({ ...row, body: { ...(row.body as object), text: '' } }))).includes('alice'),
  )
  t.deepEqual(rows.map(({ clientId, state, refused }) => [clientId, state, refused]).toSorted(), [
    ['a', 'refused', 'NATTER_NOT_FOUND'],
    ['b', 'waiting', undefined],
  ])
  await together.clock.advance(ahead + 1_000)
  await turns()
  t.deepEqual((await carol.offline.page({ conversation: group, limit: 9 })).entries.at(-1)?.[5], {
    text: 'to all',
    mentions: ['bob'],
  })
})
