import test from 'ava'
import { StorageErrors } from '@natter/core/contract'
import type { Records } from '@natter/core/contract'
import { mentionModel } from '@natter/offline/contract'
import { MembershipCache } from '#src/membership-cache.js'
import { Mentions } from '#src/mentions.js'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { codeOf, serve } from './serve.js'
import type { Person } from './serve.js'

const mentioned = async (person: Person, conversation = 'g1') => {
  const one = (await person.offline.state({ conversation })).mentions ?? []
  const all = (await person.offline.sync({})).conversations.find(({ id }) => id === conversation)
  return { state: one, sync: all?.mentions ?? [] }
}
const both = (seqs: readonly number[]) => ({ state: seqs, sync: seqs })

test('unread messages that mention a person, or everybody, are named to them alone, until they are read', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob', 'carol')
  const [alice, bob, carol] = await server.friends('alice', 'bob', 'carol')
  const say = (text: string, ...mentions: string[]) => alice.conversation('g1').send({ text, mentions }).sent
  await say('nobody')
  await say('bob', 'bob', 'bob')
  await say('everybody', '@all')
  await say('both', 'bob', '@all', 'carol')
  t.deepEqual(await mentioned(bob), both([3, 4, 5]))
  t.deepEqual(await mentioned(carol), both([4, 5]))
  t.deepEqual(await mentioned(alice), both([]))
  await bob.offline.mark({ conversation: 'g1', read: 3 })
  t.deepEqual(await mentioned(bob), both([4, 5]))
  await bob.offline.privacy({ privateRead: true })
  await bob.offline.mark({ conversation: 'g1', read: 4 })
  t.deepEqual(await mentioned(bob), both([5]))
  await carol.conversation('g1').send({ text: 'read by writing' }).sent
  t.deepEqual(await mentioned(carol), both([]))
})

test('the message carries whom it mentions, each once', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob')
  const [alice, bob] = await server.friends('alice', 'bob')
  const heard = new Promise((resolve) => bob.on('message', (message) => message.seq === 2 && resolve(message)))
  await alice.conversation('g1').send({ text: 'hi', mentions: ['bob', '@all', 'bob'] }).sent
  t.deepEqual(((await heard) as { mentions?: unknown }).mentions, ['bob', '@all'])
})

test('who joins or comes back is not mentioned before their floor, and who left learns nothing', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob')
  const [alice, bob, mallory] = await server.friends('alice', 'bob', 'mallory')
  const call = () => alice.conversation('g1').send({ text: 'x', mentions: ['@all', 'bob', 'mallory'] }).sent
  await call()
  await server.leave('bob')
  await server.note()
  t.deepEqual((await bob.offline.sync({})).conversations[0]?.mentions, undefined)
  await call()
  await server.join('bob')
  await server.join('mallory')
  await server.note()
  t.deepEqual(await mentioned(bob), both([]))
  t.deepEqual(await mentioned(mallory), both([]))
  await call()
  const { head } = await alice.offline.state({ conversation: 'g1' })
  t.deepEqual(await mentioned(bob), both([head]))
})

test('in a direct conversation nothing is kept of mentions', async (t) => {
  const { friends } = await serve(t)
  const [alice, bob] = await friends('alice', 'bob')
  await alice.direct('bob').send({ text: 'x', mentions: ['bob', '@all'] }).sent
  t.deepEqual(await mentioned(bob, alice.direct('bob').id), both([]))
})

test('mentions that are no ids, and too many of them, are refused, and nothing is stored', async (t) => {
  const server = await serve(t)
  await server.group('alice')
  const { device } = server
  const alice = await device('alice')
  const many = Array.from({ length: 51 }, (_, i) => `u${i}`)
  for (const mentions of [many, 'bob', ['b b'], [1], [''], {}, null]) {
    t.is(await codeOf(alice.message('g1', { text: 'x', mentions })), 'NATTER_INVALID', JSON.stringify(mentions))
  }
  t.is(await codeOf(alice.message('g1', { text: 'x', mentions: many.slice(1) })), 'ok')
  t.is(await codeOf(alice.message('g1', { text: 'x', mentions: [] })), 'ok')
  t.is((await server.log().head('g1'))?.seq, 3)
})

test('a mention that could not be written is made up for by the same message sent again', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  await store.prepare([{ plugin: 'offline', model: mentionModel }], [])
  const rows = store.records('offline', mentionModel)
  let fails = true
  const refuses = () => Promise.reject(StorageErrors.UNAVAILABLE())
  const failing = new Proxy(rows, {
    get: (target, verb: Exclude<keyof Records<typeof mentionModel>, 'match'>) =>
      fails ? refuses : target[verb].bind(target),
  })
  const entry = { conversation: 'g1', from: 'alice', clientId: 'a', at: 1, digest: 'd', counts: true }
  const body = '{"text":"x","mentions":["bob","mallory"]}'
  await store.log.append({ ...entry, body, open: { kind: 'group', members: ['alice', 'bob'] } })
  const mentions = new Mentions(failing, new MembershipCache(store))
  await t.throwsAsync(mentions.note('g1', 1, body), { code: 'STORAGE_UNAVAILABLE' })
  fails = false
  const state = (await store.log.state('bob', 'g1'))!
  t.deepEqual((await mentions.of('bob', [state])).get('g1'), [])
  await mentions.note('g1', 1, body)
  await mentions.note('g1', 1, body)
  t.deepEqual((await mentions.of('bob', [state])).get('g1'), [1])
  // Once, of members only, and nothing that the state does not know yet.
  t.deepEqual((await rows.get({ who: 'bob', conversation: 'g1' }))?.recent, [1])
  t.is(await rows.get({ who: 'mallory', conversation: 'g1' }), undefined)
  await store.log.append({ ...entry, clientId: 'b', body })
  await mentions.note('g1', 2, body)
  t.deepEqual((await mentions.of('bob', [state])).get('g1'), [1])
})

test('many at once are all kept, and of very many the newest hundred', async (t) => {
  const server = await serve(t)
  await server.group('alice', 'bob', 'carol')
  const [alice, carol] = await server.friends('alice', 'carol')
  const { chat } = server
  const send = (from: string, i: number) =>
    chat.as(from).send('g1', { text: `${i}`, mentions: ['bob'] }, { id: `${from}${i}` })
  await Promise.all(Array.from({ length: 60 }, (_, i) => send(i % 2 ? 'alice' : 'carol', i)))
  const [bob] = await server.friends('bob')
  const seqs = Array.from({ length: 60 }, (_, i) => i + 2)
  t.deepEqual(await mentioned(bob), both(seqs))
  for (let i = 60; i < 110; i++) await send('alice', i)
  t.deepEqual(
    (await mentioned(bob)).state,
    Array.from({ length: 100 }, (_, i) => i + 12),
  )
  t.is((await alice.offline.state({ conversation: 'g1' })).n, (await carol.offline.state({ conversation: 'g1' })).n)
})

test('two nodes that note at once keep both, and a row keeps the newest hundred', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  await store.prepare([{ plugin: 'offline', model: mentionModel }], [])
  const rows = store.records('offline', mentionModel)
  const entry = { conversation: 'g1', from: 'alice', clientId: 'a', at: 1, digest: 'd', counts: true, body: '{}' }
  await store.log.append({ ...entry, open: { kind: 'group', members: ['alice', 'bob'] } })
  // What is read is old when it comes: without a second look one would overwrite the other.
  const slow = new Proxy(rows, {
    get:
      (target, verb: keyof Records<typeof mentionModel>) =>
      async (...args: unknown[]) => {
        const answer = await (target[verb] as (...given: unknown[]) => Promise<unknown>).apply(target, args)
        await new Promise(setImmediate)
        return answer
      },
  })
  const nodes = [0, 1].map(() => new Mentions(slow, new MembershipCache(store)))
  const kept = async () => (await rows.get({ who: 'bob', conversation: 'g1' }))?.recent
  const seqs = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, i) => from + i)
  await Promise.all(seqs(1, 20).map((seq) => nodes[seq % 2]!.note('g1', seq, '{"mentions":["bob"]}')))
  t.deepEqual(await kept(), seqs(1, 20))
  for (const seq of seqs(21, 110)) await nodes[0]!.note('g1', seq, '{"mentions":["bob"]}')
  t.deepEqual(await kept(), seqs(11, 110))
})
