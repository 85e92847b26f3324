import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { textRow } from '@natter/search/contract'
import { eventually, find, groupOf, say, serve, serveTogether } from './serve.js'

test('an edited message is found by what it says now, from the answer on', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const at = await say(server, alice, group, 'the first words')
  await alice.actions.edit({ ...at, text: 'other ones' })
  t.deepEqual(await find(bob, 'first'), [])
  t.deepEqual(await find(bob, 'other'), ['other ones'])
  await alice.actions.edit({ ...at, text: 'the third' })
  t.deepEqual(await find(bob, 'other'), [])
  await bob.actions.react({ ...at, emoji: '👍' })
  t.deepEqual(await find(bob, 'third'), ['the third'], 'also once something else was done to it')
})

test('what is deleted for all is found by nobody, for me alone not by me', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const one = await say(server, alice, group, 'secret one')
  const two = await say(server, alice, group, 'secret two')
  await alice.actions.deleteForAll(one)
  t.deepEqual(await find(bob, 'secret'), ['secret two'])
  t.deepEqual(await find(alice, { from: 'alice' }), ['secret two'])
  await bob.actions.remove({ conversation: group, seqs: [two.seq] })
  t.deepEqual(await find(bob, 'secret'), [])
  t.deepEqual(await find(alice, 'secret'), ['secret two'])
})

test('what is deleted before it comes into the index never does', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const sent = (await alice.conversation(group).send({ text: 'never to be found' }).sent) as { readonly seq: number }
  await alice.actions.deleteForAll({ conversation: group, seq: sent.seq })
  await say(server, alice, group, 'behind')
  t.deepEqual(await find(bob, 'never'), [])
})

test('who read a message before it was deleted brings nothing of it back', async (t) => {
  const { servers, store } = await serveTogether(t, 2)
  const [one] = servers
  const [alice, bob] = await one.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  await say(one, alice, group, 'before')
  const rows = store.records('search', textRow)
  const at = (await alice.conversation(group).send({ text: 'gone in between' }).sent) as { readonly seq: number }
  const key = { conversation: group, seq: at.seq }
  // Both nodes have read it, and write what they have read once it is deleted.
  let waiting: Promise<unknown> | undefined
  const meanwhile = (model: string, verb: string, first: unknown) => {
    if (model !== 'text' || verb !== 'insert' || (first as { seq: number }).seq !== at.seq || waiting) return
    waiting = alice.actions.deleteForAll(key)
  }
  for (const node of servers) node.weather.before = meanwhile
  await eventually(one.clock, async () => waiting !== undefined)
  await waiting
  t.is((await rows.get(key))?.terms, '')
  await say(one, alice, group, 'behind')
  t.is((await rows.get(key))?.terms, '')
  t.deepEqual(await find(bob, 'gone'), [])
})

test('while the index cannot be changed, what was deleted and answered is not found either', async (t) => {
  const { servers, store } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const at = await say(server, alice, group, 'still in the index')
  server.weather.before = (model, verb) => {
    if (model === 'text' && verb === 'updateIf') throw StorageErrors.UNAVAILABLE()
  }
  await alice.actions.deleteForAll(at)
  const found = await find(bob, 'still').catch((error: { code: string }) => error.code)
  t.is(found, 'STORAGE_UNAVAILABLE')
  server.weather.before = undefined
  t.deepEqual(await find(bob, 'still'), [])
  t.is((await store.records('search', textRow).get(at))?.terms, '')
})

test('a row that is as of a later change is not written over by who is behind', async (t) => {
  const { servers, store } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const rows = store.records('search', textRow)
  const next = ((await alice.offline.state({ conversation: group })).head ?? 0) + 1
  // The row of a deletion, whose message is then read as it was before.
  await rows.insert({ conversation: group, seq: next, version: next + 5, at: server.clock.now(), terms: '' })
  await alice.conversation(group).send({ text: 'as it was' }).sent
  await say(server, alice, group, 'behind')
  t.is((await rows.get({ conversation: group, seq: next }))?.terms, '')
})

test('words that are in the index and not in the message find nothing', async (t) => {
  const { servers, store } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const at = await say(server, alice, group, 'what it says')
  const rows = store.records('search', textRow)
  const row = await rows.get(at)
  await rows.updateIf(at, { terms: `${row!.terms} _tother` })
  t.deepEqual(await find(bob, 'other'), [])
  t.deepEqual(await find(bob, 'what'), ['what it says'])
})

test('of who is erased no word is in the index, and what others say of them stays', async (t) => {
  const { servers, store } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const hers = await say(server, alice, group, 'wonderland')
  await say(server, bob, group, 'alice was here')
  const rows = store.records('search', textRow)
  t.regex((await rows.get(hers))!.terms, /wonderland/)
  await server.chat.users.erase('alice')
  t.is((await rows.get(hers))?.terms, '')
  t.deepEqual(await find(bob, 'wonderland'), [])
  t.deepEqual(await find(bob, 'here'), ['alice was here'])
})

test('words that a process put back before it died go with the erasure too', async (t) => {
  const { servers, store } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const hers = await say(server, alice, group, 'wonderland')
  const rows = store.records('search', textRow)
  const { terms } = (await rows.get(hers))!
  // A rewriting that is later than the erasure's own, and was never done.
  await rows.updateIf(hers, { version: 1_000, terms })
  await server.chat.users.erase('alice')
  t.is((await rows.get(hers))?.terms, '')
})
