import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import { actions } from '@natter/actions'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { place, position, textRow } from '@natter/search/contract'
import { createTestServer, FakeClock, MemoryStore, sharedStorage } from '@natter/testkit'
import { eventually, find, groupOf, plugins, say, serveTogether } from './serve.js'

test('what was stored and not in the index when a server died is found after the next start', async (t) => {
  const together = await serveTogether(t, 1)
  const [first] = together.servers
  const [alice, bob] = await first.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  await say(first, alice, group, 'before')
  // From now on nothing of its comes into the index, as if it had died behind each commit.
  first.weather.before = (model) => {
    if (model === 'text' || model === 'place' || model === 'position') throw StorageErrors.UNAVAILABLE()
  }
  for (let i = 0; i < 5; i++) await alice.conversation(group).send({ text: `lost ${i}` }).sent
  await first.clock.advance(5_000)
  const second = await together.server()
  const carol = await second.client('bob')
  await eventually(together.clock, async () => (await find(carol as never, 'lost')).length === 5)
  t.is((await find(carol as never, 'before')).length, 1)
})

test('each step may be the last: nothing is missing, whatever of it failed', async (t) => {
  for (const model of ['text', 'place', 'position']) {
    for (let nth = 1; nth <= 4; nth++) {
      const { servers, store } = await serveTogether(t, 1)
      const [server] = servers
      const [alice, bob] = await server.friends('alice', 'bob')
      const group = await groupOf(alice, [bob])
      let count = 0
      server.weather.before = (of, verb) => {
        if (of === model && ['insert', 'updateIf', 'upsert'].includes(verb) && ++count === nth)
          throw StorageErrors.UNAVAILABLE()
      }
      for (let i = 0; i < 3; i++) await alice.conversation(group).send({ text: `note ${i}` }).sent
      await eventually(server.clock, async () => (await find(bob, 'note')).length === 3)
      await say(server, alice, group, 'behind')
      const rows = (await store.records('search', textRow).page({ conversation: group })).rows
      t.is(rows.length, 4)
      t.is(new Set(rows.map(({ seq }) => seq)).size, 4)
    }
  }
})

test('search that comes to a store later finds what was there before, as it is then', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const without = [offline(), groups(), actions()] as const
  const before = await createTestServer(t, { plugins: without, storage: sharedStorage(store), clock })
  const [alice, bob] = await before.friends('alice', 'bob')
  const group = await groupOf(alice as never, [bob as never])
  const old = (i: number) => ({
    conversation: group,
    from: 'alice',
    clientId: `old${i}`,
    at: 1,
    digest: '',
    counts: true,
  })
  for (let i = 0; i < 450; i++) await store.log.append({ ...old(i), body: JSON.stringify({ text: `old ${i}` }) })
  await alice.actions.edit({ conversation: group, seq: 10, text: 'edited long ago' })
  const after = await createTestServer(t, { plugins: plugins(), storage: sharedStorage(store), clock })
  const again = await after.client('bob')
  await eventually(clock, async () => (await find(again, 'edited')).length === 1)
  t.is((await find(again, { text: 'old 449' })).length, 1)
})

test('what was edited and deleted while search was left out is in the index as it is now', async (t) => {
  const { servers, store, clock } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const one = await say(server, alice, group, 'first words')
  const two = await say(server, alice, group, 'second words')
  await server.chat.stop()
  const without = [offline(), groups(), actions()] as const
  const other = await createTestServer(t, { plugins: without, storage: sharedStorage(store), clock })
  const her = await other.client('alice')
  await her.actions.edit({ ...one, text: 'changed' })
  await her.actions.deleteForAll(two)
  await other.chat.stop()
  const again = await createTestServer(t, { plugins: plugins(), storage: sharedStorage(store), clock })
  const him = await again.client('bob')
  t.deepEqual(await find(him, 'words'), [], 'not even before the index is up to it')
  await eventually(clock, async () => (await find(him, 'changed')).length === 1)
  await eventually(clock, async () => (await store.records('search', textRow).get(two))?.terms === '')
  t.pass()
})

test('a store that was restored without its index gets the index that it needs', async (t) => {
  const { servers, store, clock, server: more } = await serveTogether(t, 1)
  const [server] = servers
  const [alice, bob] = await server.friends('alice', 'bob')
  const group = await groupOf(alice, [bob])
  const at = await say(server, alice, group, 'as it is')
  await server.chat.stop()
  // What the index has is of another store: the same place, with another message, and further on.
  const [places, positions, rows] = [
    store.records('search', place),
    store.records('search', position),
    store.records('search', textRow),
  ]
  await positions.upsert({ of: 'log', mark: 1_000_000 })
  await places.upsert({ conversation: group, seq: at.seq, clientId: 'another' })
  await rows.upsert({ ...at, version: 99, at: 1, terms: '_tanother' })
  await rows.upsert({ conversation: group, seq: 77, version: 0, at: 1, terms: '_tanother' })
  const again = await more()
  const him = await again.client('bob')
  await eventually(clock, async () => (await find(him, 'as')).length === 1)
  t.is(await rows.get({ conversation: group, seq: 77 }), undefined)
})
