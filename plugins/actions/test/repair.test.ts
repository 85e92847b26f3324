import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { edition, pending } from '@natter/actions/contract'
import { actsIn, answer, codeOf, groupOf, read, say, serveTogether, talk } from './serve.js'
import type { Person } from './serve.js'

type At = { readonly conversation: string; readonly seq: number }
const down = () => {
  throw StorageErrors.UNAVAILABLE()
}

/** Acts whose projection is broken off, and what the message says when it is made up for. */
const acts: Record<string, { readonly act: (alice: Person, at: At) => Promise<unknown>; readonly body: object }> = {
  edit: { act: (alice, at) => alice.actions.edit({ ...at, text: 'two' }), body: { text: 'two' } },
  delete: { act: (alice, at) => alice.actions.deleteForAll(at), body: { type: 'deleted', by: 'alice' } },
  react: {
    act: (alice, at) => alice.actions.react({ ...at, emoji: '👍' }),
    body: { acts: { reactions: [['👍', ['alice']]] } },
  },
  pin: { act: (alice, at) => alice.actions.pin(at), body: { acts: { pinned: true } } },
  answer: {
    act: (alice, at) => answer(alice, at.conversation, at.seq, 'x', at.seq),
    body: { acts: { thread: { count: 1, last: 3 } } },
  },
}

for (const [name, { act, body }] of Object.entries(acts)) {
  test(`${name}: a server that dies behind the log is made up for by who reads`, async (t) => {
    const together = await serveTogether(t, 2)
    const [one, other] = [together.servers[0], together.servers[1]!]
    const [alice, bob] = [await one.client('alice'), await other.client('bob')]
    const conversation = await talk(alice, bob)
    const at = await say(alice, conversation, 'one')
    // All that is behind the entry in the log fails: it dies there.
    one.weather.before = (model, verb) => {
      if (verb === 'rewrite' || (model === 'pin' && verb !== 'page') || model === 'answer') down()
    }
    t.is(await codeOf(act(alice, at)), 'ok', 'the log has it')
    const rows = together.store.records('actions', pending)
    t.is((await rows.page({ conversation })).rows.length, 1)
    t.like(await read(bob, at), { body, changed: 3 })
    t.is((await rows.page({ conversation })).rows.length, 0)
    t.is((await bob.actions.pins({ conversation })).pins.length, name === 'pin' ? 1 : 0)
    t.is((await bob.actions.thread(at)).entries.length, name === 'answer' ? 1 : 0)
  })

  test(`${name}: a server that dies behind the log is made up for at the next start`, async (t) => {
    const together = await serveTogether(t, 1)
    const one = together.servers[0]
    const [alice, bob] = [await one.client('alice'), await one.client('bob')]
    const conversation = await talk(alice, bob)
    const at = await say(alice, conversation, 'one')
    one.weather.before = (_model, verb) => {
      if (verb === 'rewrite') down()
    }
    t.is(await codeOf(act(alice, at)), 'ok')
    await together.server()
    const [entry] = await together.store.log.range(conversation, { from: 2, to: 2, limit: 1, bytes: 1 })
    t.like(JSON.parse(entry!.body), body)
    t.is(entry!.changedBy, 3)
  })
}

test('what another server left is made up for while one runs, and before anybody asks', async (t) => {
  const together = await serveTogether(t, 2)
  const [one, other] = [together.servers[0], together.servers[1]!]
  const [alice, bob] = [await one.client('alice'), await other.client('bob')]
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  one.weather.before = (_model, verb) => {
    if (verb === 'rewrite') down()
  }
  await alice.actions.deleteForAll(at)
  const body = async () =>
    (await together.store.log.range(conversation, { from: 2, to: 2, limit: 1, bytes: 1 }))[0]!.body
  t.is(await body(), '{"text":"one"}')
  // Two looks of the sweep: what is younger than ten seconds may be under way still.
  await together.clock.advance(60_000)
  while ((await body()).includes('one')) await new Promise(setImmediate)
  t.like(JSON.parse(await body()), { type: 'deleted' })
})

test('an act that the log refused leaves nothing behind, and one whose fate is unknown is found out', async (t) => {
  const together = await serveTogether(t, 1)
  const one = together.servers[0]
  const [alice, bob] = [await one.client('alice'), await one.client('bob')]
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  const rows = together.store.records('actions', pending)
  const noted = async () => (await rows.page({ conversation })).rows.length
  one.weather.before = (_model, verb) => {
    if (verb === 'append') down()
  }
  const device = await one.device('alice:raw')
  const edit = () => codeOf(device.request('actions.edit', { ...at, text: 'two' }))
  t.is(await edit(), 'STORAGE_UNAVAILABLE')
  t.is(await noted(), 1)
  one.weather.before = undefined
  t.like(await read(bob, at), { body: { text: 'one' }, changed: undefined })
  t.is(await edit(), 'ok')
  t.like(await read(bob, at), { body: { text: 'two' }, changed: 3 })
  t.is(await noted(), 1, 'of the first nobody knows yet')
  for (let i = 0; i < 60 && (await noted()) > 0; i++) {
    await together.clock.advance(30_000)
    for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate)
  }
  t.is(await noted(), 0)
  t.deepEqual(await actsIn(bob, conversation), ['alice edited 2'])
})

test('a storage that fails is a typed error that can be tried again, and nothing is stored', async (t) => {
  const together = await serveTogether(t, 1)
  const one = together.servers[0]
  const [alice, bob] = [await one.client('alice'), await one.client('bob')]
  const conversation = await talk(alice, bob)
  await say(alice, conversation, 'one')
  const device = await one.device('alice:raw')
  const place = { conversation, seq: 2 }
  one.weather.before = down
  for (const [name, input] of Object.entries({
    'actions.edit': { ...place, text: 'two' },
    'actions.deleteForAll': place,
    'actions.react': { ...place, emoji: '👍' },
    'actions.unreact': { ...place, emoji: '👍' },
    'actions.pin': place,
    'actions.unpin': place,
    'actions.pins': { conversation },
    'actions.remove': { conversation, seqs: [2] },
    'actions.removals': { conversation },
    'actions.entries': { conversation, seqs: [2] },
    'actions.thread': place,
    'actions.editions': place,
    'actions.forward': { ...place, to: [conversation], key: 'k' },
  })) {
    t.is(await codeOf(device.request(name, input)), 'STORAGE_UNAVAILABLE', name)
  }
  one.weather.before = undefined
  t.is((await bob.offline.state({ conversation })).head, 2)
  t.is(await codeOf(device.request('actions.edit', { ...place, text: 'two' })), 'ok')
})

test('acts on two servers at once are all made of the message, in the order of the log', async (t) => {
  const together = await serveTogether(t, 2)
  const servers = [together.servers[0], together.servers[1]!] as const
  const alice = await servers[0].client('alice')
  const people = await Promise.all(['u1', 'u2', 'u3', 'u4'].map((name, i) => servers[i % 2]!.client(name)))
  const group = await groupOf(alice, people)
  for (let round = 0; round < 5; round++) {
    const at = await say(alice, group, 'x')
    await Promise.all(people.map((each) => each.actions.react({ ...at, emoji: '👍' })))
    const { reactions } = (await read(alice, at)).body['acts'] as { reactions: [string, string[]][] }
    const logged = (await actsIn(alice, group))
      .filter((act) => act.endsWith(` ${at.seq}`))
      .map((act) => act.split(' ')[0])
    t.deepEqual(reactions, [['👍', logged as string[]]])
    t.is(logged.length, 4)
  }
})

test('what is deleted for oneself on two servers at once is all gone', async (t) => {
  const { servers } = await serveTogether(t, 2)
  const [alice, phone] = [await servers[0].client('alice'), await servers[1]!.client('alice:phone')]
  const bob = await servers[0].client('bob')
  const conversation = await talk(alice, bob)
  for (let i = 0; i < 20; i++) await say(alice, conversation, `${i}`)
  const seqs = Array.from({ length: 20 }, (_, i) => i + 1)
  await Promise.all(seqs.map((seq) => (seq % 2 ? alice : phone).actions.remove({ conversation, seqs: [seq] })))
  t.deepEqual(await alice.actions.removals({ conversation }), { seqs })
})

test('a note that outlives its act takes nothing back', async (t) => {
  const { store, servers } = await serveTogether(t, 1)
  const [alice, bob] = await servers[0].friends('alice', 'bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'one')
  const rows = store.records('actions', pending)
  let first: string | undefined
  // The note of the first edit cannot be removed.
  servers[0].weather.before = (model, verb, key) => {
    const { clientId } = (key ?? {}) as { readonly clientId?: string }
    if (model === 'pending' && verb === 'insert') first ??= clientId
    if (model === 'pending' && verb === 'take' && clientId === first) down()
  }
  for (const text of ['two', 'three']) await codeOf(alice.actions.edit({ ...at, text }))
  t.is((await rows.page({ conversation })).rows.length, 1)
  servers[0].weather.before = undefined
  t.like(await read(bob, at), { body: { text: 'three' }, changed: 4 })
  t.is((await rows.page({ conversation })).rows.length, 0)
})

test('a slow server that edits what another has deleted brings nothing back', async (t) => {
  const together = await serveTogether(t, 2, { history: 'kept' })
  const [slow, quick] = [together.servers[0], together.servers[1]!]
  const [alice, phone] = [await slow.client('alice'), await quick.client('alice:phone')]
  const bob = await quick.client('bob')
  const conversation = await talk(alice, bob)
  const at = await say(alice, conversation, 'secret')
  let deleted: Promise<unknown> | undefined
  // The edit is noted and in the log; before it rewrites the message somebody deletes it.
  slow.weather.before = (model, verb) => {
    if (model === 'edition' && verb === 'insert') deleted ??= phone.actions.deleteForAll(at)
  }
  const code = await codeOf(alice.actions.edit({ ...at, text: 'other secret' }))
  await deleted
  t.true(code === 'ok' || code === 'ACTIONS_DELETED')
  t.deepEqual((await read(bob, at)).body, { type: 'deleted', by: 'alice' })
  slow.weather.before = undefined
  const rows = together.store.records('actions', edition)
  t.deepEqual((await rows.page({ conversation, seq: at.seq })).rows, [])
})
