import test from 'ava'
import { Storage, StorageErrors } from '@natter/core/contract'
import { definePlugin } from '@natter/core'
import { FakeClock, MemoryStore, createTestChat } from '@natter/testkit'
import { offline } from '@natter/offline'

/** One store that two servers share, as two processes share a database. */
const shared = (store: MemoryStore) =>
  definePlugin({
    name: 'shared-storage',
    provides: [Storage],
    setup(api) {
      api.provide(Storage, () => store)
    },
  })()

test('what another server wrote is hinted to devices here within a second, without a bus', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const here = await createTestChat(t, { plugins: [offline()], storage: shared(store), clock })
  const there = await createTestChat(t, { plugins: [offline()], storage: shared(store), clock })
  const [bob, alice] = [await here.device('bob'), await there.device('alice')]
  const ack = await alice.message({ user: 'bob' }, { text: 'from afar' })
  t.is(bob.frames.filter(([kind]) => kind === 'm').length, 0)
  await clock.advance(1_000)
  t.deepEqual(await bob.next('h'), ['h', ack[4], 1])
  t.deepEqual(
    (await bob.request<{ entries: unknown[][] }>('offline.page', { conversation: ack[4] })).entries.map(
      (entry) => entry[5],
    ),
    [{ text: 'from afar' }],
  )
})

test('a hint is not lost where the store fails between the look and the telling', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const membership = store.log.membership.bind(store.log)
  let fail: (() => void) | undefined
  store.log.membership = (conversation) => {
    if (!fail) return membership(conversation)
    fail()
    fail = undefined
    return Promise.reject(StorageErrors.UNAVAILABLE())
  }
  const here = await createTestChat(t, { plugins: [offline()], storage: shared(store), clock })
  const there = await createTestChat(t, { plugins: [offline()], storage: shared(store), clock })
  const [bob, alice] = [await here.device('bob'), await there.device('alice')]
  const ack = await alice.message({ user: 'bob' }, { text: 'from afar' })
  const failed = new Promise<void>((resolve) => (fail = () => setImmediate(resolve)))
  await clock.advance(1_000)
  await failed
  t.is(bob.frames.filter(([kind]) => kind === 'h').length, 0)
  await clock.advance(1_000)
  t.deepEqual(await bob.next('h'), ['h', ack[4], 1])
})

test('what this server wrote itself is not hinted again', async (t) => {
  const { device, clock } = await createTestChat(t, { plugins: [offline()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  await alice.message({ user: 'bob' }, { text: 'hello' })
  await bob.next('m')
  await clock.advance(3_000)
  await bob.request('offline.sync')
  t.is(bob.frames.filter(([kind]) => kind === 'h').length, 0)
})

test('what is stored after its sender was refused is hinted all the same', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const append = store.log.append.bind(store.log)
  let wait: Promise<void> | undefined
  store.log.append = async (entry) => {
    await wait
    return append(entry)
  }
  const { device } = await createTestChat(t, { plugins: [offline()], storage: shared(store), clock })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const first = await alice.message({ user: 'bob' }, { text: 'in time' })
  await bob.next('m')
  let release: (() => void) | undefined
  wait = new Promise((resolve) => (release = resolve))
  const refused = t.throwsAsync(alice.message({ user: 'bob' }, { text: 'late' }))
  await clock.advance(5_000)
  await refused
  release!()
  await clock.advance(2_000)
  t.deepEqual(await bob.next('h'), ['h', first[4], 2])
})
