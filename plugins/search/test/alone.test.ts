import test from 'ava'
import { definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import type { Model } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { search } from '@natter/search'
import { createTestChat, createTestServer, FakeClock, MemoryStore } from '@natter/testkit'
import { eventually } from './serve.js'

test('with offline alone messages are found, and people by those one talks with', async (t) => {
  const server = await createTestServer(t, { plugins: [offline(), search()] })
  const [alice, bob] = await server.friends('alice', 'bob')
  await alice.direct('bob').send({ text: 'a word' }).sent
  await eventually(server.clock, async () => (await bob.search.messages({ text: 'wo' })).hits.length === 1)
  t.true((await bob.search.people({ text: 'ali' })).people.some(({ id }) => id === 'alice'))
})

test('without search the rest goes on, and a client that asks is told', async (t) => {
  const server = await createTestChat(t, { plugins: [offline()] })
  const alice = await server.device('alice')
  await t.throwsAsync(alice.request('search.messages', { text: 'x' }), { message: /without the plugin "search"/ })
})

test('a store without a full-text index is refused at the start, with what to do', async (t) => {
  const store = new MemoryStore({ clock: new FakeClock() })
  const bare = definePlugin({
    name: 'bare-storage',
    provides: [Storage],
    setup(api) {
      api.provide(Storage, () => ({
        description: 'a bare store',
        durable: false,
        log: store.log,
        prepare: (models, steps) => store.prepare(models, steps),
        records: <M extends Model>(plugin: string, model: M) => {
          const { match: _, ...records } = store.records(plugin, model)
          return records
        },
        kv: (namespace) => store.kv(namespace),
        probe: () => store.probe(),
        native: () => undefined,
      }))
    },
  })()
  await t.throwsAsync(createTestChat(t, { plugins: [offline(), search()], storage: bare }), {
    message: /full-text index, and a bare store has none[^]*leave it out/,
  })
})
