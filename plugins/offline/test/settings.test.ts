import test from 'ava'
import { createTestChat } from '@natter/testkit'
import { offline } from '@natter/offline'
import { codeOf, serve, settingsOf } from './serve.js'

test('what is set for a conversation is there for all of the devices of the person, and only for them', async (t) => {
  const { friends, client } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  const phone = await client('alice:phone')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const conversation = alice.direct('bob').id
  bob.on('offline.changed', () => t.fail('bob heard of it'))
  const heard = new Promise((resolve) => phone.on('offline.changed', resolve))
  const set = await alice.offline.set({ conversation, muted: true, pinned: 3, archived: true, draft: 'I wan' })
  t.deepEqual(set, { conversation, version: 1, muted: true, pinned: 3, archived: true, draft: 'I wan' })
  t.deepEqual(await heard, { version: 1, setting: set })
  t.deepEqual((await settingsOf(phone)).settings, {
    [conversation]: { muted: true, pinned: 3, archived: true, draft: 'I wan' },
  })
  t.deepEqual((await settingsOf(bob)).settings, {})
  const later = await phone.offline.set({ conversation, muted: 5_000, pinned: null, archived: false, draft: '' })
  t.deepEqual(later, { conversation, version: 2, muted: 5_000 })
  t.deepEqual(await phone.offline.set({ conversation, muted: null }), { conversation, version: 3 })
  t.deepEqual(await settingsOf(alice), { settings: {}, privateRead: false, version: 3 })
})

test('the same again changes nothing and has no version', async (t) => {
  const { friends } = await serve(t)
  const [alice] = await friends('alice')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const conversation = alice.direct('bob').id
  const first = await alice.offline.set({ conversation, pinned: 1, draft: 'x' })
  t.deepEqual(await alice.offline.set({ conversation, pinned: 1, draft: 'x' }), first)
  t.deepEqual(await alice.offline.privacy({ privateRead: false }), { version: 1, privateRead: false })
})

test('what is set again is told again: the first answer may have been lost, and what it set never told', async (t) => {
  const { friends, client } = await serve(t)
  const [alice] = await friends('alice')
  const phone = await client('alice:phone')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const conversation = alice.direct('bob').id
  await alice.offline.set({ conversation, pinned: 1 })
  await alice.offline.privacy({ privateRead: true })
  const heard: object[] = []
  phone.on('offline.changed', (news) => void heard.push(news))
  await alice.offline.set({ conversation, pinned: 1 })
  await alice.offline.privacy({ privateRead: true })
  await phone.offline.settings({})
  t.deepEqual(heard, [
    { version: 1, setting: { conversation, version: 1, pinned: 1 } },
    { version: 2, privateRead: true },
  ])
})

test('a device that was away is told what changed, also what was taken back', async (t) => {
  const { friends } = await serve(t)
  const [alice] = await friends('alice')
  for (const other of ['bob', 'carol', 'dave']) await alice.direct(other).send({ text: 'hello' }).sent
  const [bob, carol, dave] = ['bob', 'carol', 'dave'].map((other) => alice.direct(other).id) as [string, string, string]
  await alice.offline.set({ conversation: bob, pinned: 1 })
  await alice.offline.set({ conversation: carol, archived: true })
  const { cursor } = await alice.offline.settings({})
  t.like(await alice.offline.settings({ cursor }), { settings: [], more: false, reset: false, version: 2 })
  await alice.offline.set({ conversation: bob, pinned: null })
  await alice.offline.set({ conversation: dave, draft: 'hi' })
  await alice.offline.privacy({ privateRead: true })
  t.like(await alice.offline.settings({ cursor }), {
    settings: [
      { conversation: bob, version: 3 },
      { conversation: dave, version: 4, draft: 'hi' },
    ],
    privateRead: true,
    version: 5,
  })
})

test('a cursor that tells nothing starts anew, and says so', async (t) => {
  const { friends } = await serve(t)
  const [alice] = await friends('alice')
  await alice.direct('bob').send({ text: 'hello' }).sent
  const conversation = alice.direct('bob').id
  await alice.offline.set({ conversation, pinned: 1 })
  const { cursor } = await alice.offline.settings({})
  const [incarnation, mark] = cursor.split('.') as [string, string]
  for (const old of ['nonsense', `${'a'.repeat(22)}.1.1`, `${incarnation}.${mark}.zz`, `${incarnation}.${mark}.1.1`]) {
    const answer = await alice.offline.settings({ cursor: old })
    t.like(answer, { reset: true, more: false, version: 1 }, old)
    t.is(answer.settings.length, 1)
  }
})

test('a long list comes by pages, by number and by bytes', async (t) => {
  const { device } = await createTestChat(t, {
    plugins: [offline()],
    limits: { opensPerHour: 10_000, messageBurst: 10_000, frameBurst: 10_000 },
  })
  const alice = await device('alice')
  const ids: string[] = []
  for (let i = 0; i < 230; i++) ids.push((await alice.message({ user: `u${i}` }, { text: 'hello' }))[4] as string)
  for (const [i, conversation] of ids.entries()) await alice.request('offline.set', { conversation, pinned: i })
  for (const conversation of ids.slice(0, 20)) {
    await alice.request('offline.set', { conversation, draft: 'x'.repeat(16_000) })
  }
  const pages = []
  const seen = new Map<string, { version: number; draft?: string }>()
  for (let more = true, cursor: string | undefined; more;) {
    const answer = await alice.request<Answer>('offline.settings', cursor ? { cursor } : {})
    for (const setting of answer.settings) seen.set(setting.conversation, setting)
    pages.push(JSON.stringify(answer).length)
    ;({ more, cursor } = answer)
  }
  t.is(seen.size, 230)
  t.is([...seen.values()].filter(({ draft }) => draft !== undefined).length, 20)
  t.true(pages.length >= 3 && pages.every((length) => length < 200_000), String(pages))
})
interface Answer {
  readonly cursor: string
  readonly more: boolean
  readonly settings: readonly { readonly conversation: string; readonly version: number; readonly draft?: string }[]
}

test('a stranger, who left, and who is out cannot set anything, and all learn the same', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob')
  const [alice, bob, mallory] = await server.friends('alice', 'bob', 'mallory')
  await bob.offline.set({ conversation: 'g1', draft: 'mine' })
  await server.leave('bob')
  const tries = [
    { draft: 'x' },
    { pinned: 1 },
    { muted: true as const },
    { hidden: 1 },
    { unread: 0 },
    { archived: true },
  ]
  for (const each of tries) {
    t.is(await codeOf(bob.offline.set({ conversation: 'g1', ...each })), 'NATTER_NOT_FOUND')
    t.is(await codeOf(mallory.offline.set({ conversation: 'g1', ...each })), 'NATTER_NOT_FOUND')
    t.is(await codeOf(mallory.offline.set({ conversation: 'nowhere', ...each })), 'NATTER_NOT_FOUND')
    t.is(await codeOf(alice.offline.set({ conversation: 'g1', ...each })), 'ok')
  }
  t.like(await settingsOf(bob), { settings: { g1: { draft: 'mine' } } })
  t.deepEqual((await settingsOf(mallory)).settings, {})
})

test('a draft has its bounds in bytes, and what is not valid is refused by name', async (t) => {
  const server = await serve(t)
  await server.group('alice')
  const [alice] = await server.friends('alice')
  const conversation = 'g1'
  await alice.offline.set({ conversation, draft: 'ä'.repeat(8_192) })
  t.is(await codeOf(alice.offline.set({ conversation, draft: 'ä'.repeat(8_193) })), 'NATTER_TOO_LARGE')
  for (const bad of [{ draft: 'x'.repeat(16_385) }, { pinned: -1 }, { hidden: 1.5 }, { muted: false }]) {
    t.is(await codeOf(alice.offline.set({ conversation, ...bad } as never)), 'NATTER_INVALID', JSON.stringify(bad))
  }
  t.like(await settingsOf(alice), { settings: { g1: { draft: 'ä'.repeat(8_192) } } })
})

test('a hidden conversation counts nothing that was hidden as unread, and moves nothing for others', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  for (const text of ['1', '2', '3']) await bob.direct('alice').send({ text }).sent
  bob.on('offline.marked', (moved) => t.is(moved.read, 0, 'bob learned that alice has hidden it'))
  await alice.offline.set({ conversation, hidden: 2 })
  t.like(await alice.offline.state({ conversation }), { unread: 1, me: { read: 0 } })
  t.is((await bob.offline.state({ conversation })).members?.find(({ user }) => user === 'alice')?.read, 0)
  await alice.offline.set({ conversation, hidden: 99 })
  t.like(await alice.offline.state({ conversation }), { unread: 0, me: { read: 0 } })
  t.like((await settingsOf(alice)).settings, { [conversation]: { hidden: 3 } })
  await bob.direct('alice').send({ text: '4' }).sent
  t.like(await alice.offline.state({ conversation }), { unread: 1 })
  t.like((await alice.offline.sync({})).conversations[0], { unread: 1, n: 4 })
  // Shown again, what was hidden stays counted as seen.
  await alice.offline.set({ conversation, hidden: null })
  t.like(await alice.offline.mark({ conversation, received: 4 }), { unread: 1, n: 4, read: 0 })
})

test('what was hidden on one device is on another by its sync, though nothing moved in the log', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  await bob.direct('alice').send({ text: '1' }).sent
  await bob.direct('carol').send({ text: '1' }).sent
  await alice.offline.mark({ conversation, received: 1 })
  const { cursor } = await alice.offline.sync({})
  t.deepEqual((await alice.offline.sync({ cursor })).conversations, [])
  await alice.offline.set({ conversation, hidden: 1 })
  const moved = await alice.offline.sync({ cursor })
  t.is(moved.conversations.length, 1)
  t.like(moved.conversations[0], { id: conversation, unread: 0, n: 1 })
  t.deepEqual((await alice.offline.sync({ cursor: moved.cursor })).conversations, [])
  await alice.offline.set({ conversation, pinned: 1 })
  t.is((await alice.offline.sync({ cursor: moved.cursor })).conversations.length, 1)
})

test('marked as unread is beside the read mark, and no more than the mark at that time', async (t) => {
  const server = await serve(t)
  const [alice, bob] = await server.friends('alice', 'bob')
  const conversation = bob.direct('alice').id
  for (const text of ['1', '2']) await bob.direct('alice').send({ text }).sent
  await alice.offline.mark({ conversation, read: 1 })
  t.like(await alice.offline.set({ conversation, unread: 99 }), { unread: 1 })
  t.like(await alice.offline.state({ conversation }), { me: { read: 1 }, unread: 1 })
  await alice.offline.mark({ conversation, read: 2 })
  t.like((await settingsOf(alice)).settings, { [conversation]: { unread: 1 } })
  t.like(await alice.offline.set({ conversation, unread: null }), { conversation })
  t.deepEqual((await settingsOf(alice)).settings, {})
})
