import test from 'ava'
import { definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import type { Log } from '@natter/core/contract'
import { createTestChat, FakeClock, MemoryStore } from '@natter/testkit'
import { offline } from '@natter/offline'

test('a message is acknowledged with its place, and delivered to the other person', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const ack = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.is(ack[0], 'a')
  t.is(ack[2], 1)
  const entry = await bob.next('m')
  t.deepEqual(entry.slice(2, 5), [1, 1, 'alice'])
  t.deepEqual(entry.slice(6), ['one', { text: 'hello' }])
  t.is(entry[1], ack[4])
})

test('a retry gets the original ack and is stored once', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  const first = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  const second = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.deepEqual(second.slice(2), first.slice(2))
  const bob = await device('bob')
  const { conversations } = await bob.request<{ conversations: { head: number; unread: number }[] }>('offline.sync')
  t.is(conversations.length, 1)
  t.like(conversations[0], { head: 1, unread: 1 })
})

test('a conversation that is gone from the store is begun again by who addresses the person', async (t) => {
  const empty = () => new MemoryStore({ clock: new FakeClock() })
  const store = empty()
  let { log } = store
  const logOfNow = new Proxy(log, {
    get(_, verb: keyof Log) {
      const of = () => (log as Log)[verb] as ((...args: unknown[]) => unknown) | undefined
      return of() && ((...args: unknown[]) => of()!.apply(log, args))
    },
  })
  const storage = definePlugin({
    name: 'emptied-storage',
    provides: [Storage],
    setup: (api) => api.provide(Storage, () => Object.assign(store, { log: logOfNow })),
  })
  const { device } = await createTestChat(t, { storage: storage(), plugins: [offline()] })
  const alice = await device('alice')
  for (const seq of [1, 2, 3]) t.is((await alice.message({ user: 'bob' }, { text: 'before' }))[2], seq)
  log = empty().log
  t.is((await alice.message({ user: 'bob' }, { text: 'after' }))[2], 1)
})

test('the same id with another body is a conflict', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  await t.throwsAsync(alice.message({ user: 'bob' }, { text: 'other' }, 'one'), { code: 'NATTER_CONFLICT' })
})

test('own sends reach own other devices, and the sending device only as an ack', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [laptop, phone] = [await device('alice:laptop'), await device('alice:phone')]
  await laptop.message({ user: 'bob' }, { text: 'hello' }, 'one')
  const entry = await phone.next('m')
  t.is(entry[6], 'one')
  t.is(laptop.frames.filter(([kind]) => kind === 'm').length, 0)
})

test('who was away finds every message, in order, and pages through them', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  for (let i = 1; i <= 30; i++) await alice.message({ user: 'bob' }, { text: `message ${i}` })
  const bob = await device('bob')
  const sync = await bob.request<Sync>('offline.sync')
  const { id, head, unread, last } = sync.conversations[0]!
  t.deepEqual([head, unread, last?.[5]], [30, 30, { text: 'message 30' }])
  const page = await bob.request<Page>('offline.page', { conversation: id, limit: 20 })
  t.deepEqual(
    page.entries.map(([seq]) => seq),
    range(11, 30),
  )
  const older = await bob.request<Page>('offline.page', { conversation: id, before: 11, limit: 20 })
  t.deepEqual(
    older.entries.map(([seq]) => seq),
    range(1, 10),
  )
  t.is(older.first, 1)
})

test('a sync with a cursor gives only what changed since', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, carol, bob] = [await device('alice'), await device('carol'), await device('bob')]
  await alice.message({ user: 'bob' }, { text: 'one' })
  await carol.message({ user: 'bob' }, { text: 'two' })
  const first = await bob.request<Sync>('offline.sync')
  t.is(first.conversations.length, 2)
  const nothing = await bob.request<Sync>('offline.sync', { cursor: first.cursor })
  t.deepEqual([nothing.conversations, nothing.reset, nothing.more], [[], false, false])
  await carol.message({ user: 'bob' }, { text: 'three' })
  const second = await bob.request<Sync>('offline.sync', { cursor: nothing.cursor })
  t.deepEqual(
    second.conversations.map(({ last }) => last?.[5]),
    [{ text: 'three' }],
  )
})

test('a pull from an entry that the store does not have is a reset', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  const ack = await alice.message({ user: 'bob' }, { text: 'one' }, 'first')
  await alice.message({ user: 'bob' }, { text: 'two' }, 'second')
  const conversation = ack[4]
  const good = await alice.request<Page>('offline.page', { conversation, after: 1, holds: 'first' })
  t.deepEqual(
    good.entries.map((entry) => entry[4]),
    ['second'],
  )
  t.falsy(good.reset)
  const bad = await alice.request<Page>('offline.page', { conversation, after: 1, holds: 'another' })
  t.true(bad.reset)
  t.deepEqual(bad.entries, [])
  const beyond = await alice.request<Page>('offline.page', { conversation, after: 9, holds: 'ninth' })
  t.true(beyond.reset)
})

test('a cursor of an unknown store is a reset', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const alice = await device('alice')
  await alice.message({ user: 'bob' }, { text: 'one' })
  const sync = await alice.request<Sync>('offline.sync', { cursor: 'aaaaaaaaaaaaaaaaaaaaaa.zz' })
  t.true(sync.reset)
  t.is(sync.conversations.length, 1)
})

test('marks move up only, count unread, and reach the other person and own devices', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, bob, phone] = [await device('alice'), await device('bob'), await device('bob:phone')]
  let conversation: unknown
  for (let i = 1; i <= 3; i++) conversation = (await alice.message({ user: 'bob' }, { text: `${i}` }))[4]
  const marked = await bob.request('offline.mark', { conversation, read: 2 })
  t.deepEqual(marked, { read: 2, received: 2, n: 3, unread: 1 })
  t.deepEqual((await alice.next('e'))[2], { conversation, user: 'bob', read: 2, received: 2 })
  t.deepEqual((await phone.next('e'))[2], { conversation, user: 'bob', read: 2, received: 2, n: 3, unread: 1 })
  t.deepEqual(await bob.request('offline.mark', { conversation, read: 1 }), { read: 2, received: 2, n: 3, unread: 1 })
  t.deepEqual(await bob.request('offline.mark', { conversation, read: 99 }), { read: 3, received: 3, n: 3, unread: 0 })
})

test('a stranger reads nothing of a conversation, and cannot tell it from one that is not there', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, mallory] = [await device('alice'), await device('mallory')]
  const conversation = (await alice.message({ user: 'bob' }, { text: 'secret' }))[4] as string
  const asked = [conversation, 'd000000000000000000000'].map(async (id) => {
    const refusals = []
    for (const ask of [
      () => mallory.request('offline.page', { conversation: id }),
      () => mallory.request('offline.state', { conversation: id }),
      () => mallory.request('offline.mark', { conversation: id, read: 1 }),
      () => mallory.message(id, { text: 'let me in' }),
    ]) {
      refusals.push((await t.throwsAsync<Error & { shape: object }>(ask))?.shape)
    }
    return refusals
  })
  const [there, absent] = await Promise.all(asked)
  t.deepEqual(there, absent)
  t.is((await mallory.request<Sync>('offline.sync')).conversations.length, 0)
})

test('a send that a limit refuses is answered with its ack when it was stored before', async (t) => {
  const { device } = await createTestChat(t, {
    plugins: [offline()],
    limits: { messageBurst: 1, messagesPerSecond: 0.001 },
  })
  const alice = await device('alice')
  const ack = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  await t.throwsAsync(alice.message({ user: 'bob' }, { text: 'more' }, 'two'), { code: 'NATTER_RATE_LIMITED' })
  const retry = await alice.message({ user: 'bob' }, { text: 'hello' }, 'one')
  t.deepEqual(retry.slice(2), ack.slice(2))
})

test('fifty sends at once, of both people, get a dense sequence', async (t) => {
  const { device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const acks = await Promise.all(
    Array.from({ length: 50 }, (_, i) =>
      i % 2 ? alice.message({ user: 'bob' }, { text: `a${i}` }) : bob.message({ user: 'alice' }, { text: `b${i}` }),
    ).map((sent) => sent.catch((error: unknown) => error)),
  )
  const seqs = acks.flatMap((ack) => (Array.isArray(ack) ? [ack[2] as number] : []))
  t.deepEqual(
    seqs.toSorted((a, b) => a - b),
    range(1, 50),
  )
})

test('the system appends entries once per cause, which are no messages unless it says so', async (t) => {
  const { chat, device } = await createTestChat(t, { plugins: [offline()] })
  const [alice, bob] = [await device('alice'), await device('bob')]
  const conversation = (await alice.message({ user: 'bob' }, { text: 'hello' }))[4] as string
  await bob.next('m')
  const entry = { body: { text: 'the call lasted 5 minutes' }, cause: 'call 7 ended' }
  const first = await chat.system.append(conversation, entry)
  t.deepEqual(await chat.system.append(conversation, entry), first)
  t.deepEqual((await bob.next('m')).slice(2, 5), [2, 1, 'system'])
  t.like(await bob.request('offline.state', { conversation }), { head: 2, n: 1, unread: 1 })
  await t.throwsAsync(chat.system.append('d000000000000000000000', entry), { code: 'NATTER_NOT_FOUND' })
})

const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
type Entry = readonly [seq: number, n: number, from: string, at: number, clientId: string, body: object]
interface Sync {
  readonly cursor: string
  readonly reset: boolean
  readonly more: boolean
  readonly conversations: readonly {
    readonly id: string
    readonly head: number
    readonly unread: number
    readonly last?: Entry
  }[]
}
interface Page {
  readonly entries: readonly Entry[]
  readonly first: number
  readonly reset?: boolean
}
