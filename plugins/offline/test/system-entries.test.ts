import test from 'ava'
import { z } from 'zod'
import type { ExecutionContext } from 'ava'
import { Conversations, definePlugin } from '@natter/core'
import { body, Storage } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { createTestServer, FakeClock, MemoryStore } from '@natter/testkit'
import type { RawDevice } from '@natter/testkit'

const said = { type: 'notice', text: 'x' }
const cause = (name: string) => ({ body: said, cause: name })
const team = { kind: 'team', members: ['alice', 'bob'] }
const kinds = (device: RawDevice) => device.frames.flatMap(([kind]) => (kind === 'm' || kind === 'h' ? [kind] : []))

async function serve(t: ExecutionContext) {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const reads = { count: 0 }
  const membership = store.log.membership.bind(store.log)
  store.log.membership = (id) => ((reads.count += 1), membership(id))
  const shared = definePlugin({
    name: 'shared-storage',
    provides: [Storage],
    setup: (api) => void api.provide(Storage, () => store),
  })
  const notices = definePlugin({
    name: 'notices',
    contract: { notice: body('notice', z.object({ text: z.string() })) },
    setup: () => undefined,
  })
  const node = async () => {
    const server = await createTestServer(t, { plugins: [offline(), notices()], storage: shared(), clock })
    return { ...server, talk: server.chat.get(Conversations) }
  }
  return { ...(await node()), store, node, reads }
}

test('a system entry opens a conversation of any kind, whose members read it, and no others', async (t) => {
  const { talk, device } = await serve(t)
  const [bob, eve] = [await device('bob'), await device('eve')]
  const ack = await talk.append('t1', { ...cause('made'), open: team })
  t.like(ack, { durability: 'committed', seq: 1 })
  const { kind, version, users } = (await talk.members('t1'))!
  t.deepEqual([kind, version, [...users]], ['team', 1, ['alice', 'bob']])
  t.like(await bob.next('m'), ['m', 't1', 1])
  t.deepEqual((await bob.message('t1', { text: 'hi' })).slice(0, 1), ['a'])
  await t.throwsAsync(eve.message('t1', { text: 'hi' }), { code: 'NATTER_NOT_FOUND' })
  t.deepEqual(await talk.append('t1', { ...cause('made'), open: team }), ack)
  t.deepEqual(kinds(eve), [])
})

test('with a change of members the entry goes to who is there behind it; who leaves is hinted, and that is all', async (t) => {
  const { talk, device } = await serve(t)
  await talk.append('t1', { ...cause('made'), open: team })
  const [alice, bob, carol] = [await device('alice'), await device('bob'), await device('carol')]
  await talk.append('t1', { ...cause('in'), members: { join: [{ user: 'carol' }], leave: ['bob'] }, judgedAt: 1 })
  t.like(await carol.next('m'), ['m', 't1', 2])
  t.like(await alice.next('m'), ['m', 't1', 2])
  t.deepEqual(await bob.next('h'), ['h', 't1', 2])
  const { version, users } = (await talk.members('t1'))!
  t.deepEqual([version, [...users]], [3, ['alice', 'carol']])
  await talk.append('t1', cause('more'))
  t.like(await carol.next('m'), ['m', 't1', 3])
  t.deepEqual(kinds(bob), ['h'])
  await t.throwsAsync(bob.request('offline.page', { conversation: 't1' }), { code: 'NATTER_NOT_FOUND' })
})

test('what was judged at another version is refused as stale, and stored nowhere', async (t) => {
  const { talk, store } = await serve(t)
  await talk.append('t1', { ...cause('made'), open: team })
  const acts = ['a', 'b', 'c'].map((name) =>
    talk.append('t1', { ...cause(name), members: { join: [{ user: 'alice' }] }, judgedAt: 1 }).then(
      () => 'ok',
      (error: { code: string }) => error.code,
    ),
  )
  t.deepEqual((await Promise.all(acts)).toSorted(), ['NATTER_STALE', 'NATTER_STALE', 'ok'])
  t.is((await store.log.head('t1'))!.seq, 2)
  t.is((await talk.members('t1'))!.version, 2)
  const judged = { ...cause('d'), members: { join: [{ user: 'alice' }] }, judgedAt: 2 }
  const ack = await talk.append('t1', judged)
  t.deepEqual(await talk.append('t1', judged), ack, 'what is stored is not stale')
})

test('a change that nobody judged is made at whatever version is there', async (t) => {
  const { talk, node } = await serve(t)
  const other = await node()
  await talk.append('t1', { ...cause('made'), open: team })
  await other.talk.members('t1')
  await talk.append('t1', { ...cause('1'), members: { leave: ['bob'] } })
  await other.talk.append('t1', { ...cause('2'), members: { join: [{ user: 'carol' }] } })
  t.deepEqual([...(await other.talk.members('t1'))!.users], ['alice', 'carol'])
})

test('who came in by another server writes on this one at once, and what is judged by the log counts here', async (t) => {
  const { talk, node, device, store } = await serve(t)
  const other = await node()
  await talk.append('t1', { ...cause('made'), open: team })
  const [alice, carol] = [await device('alice'), await device('carol')]
  await t.throwsAsync(carol.message('t1', { text: 'hi' }), { code: 'NATTER_NOT_FOUND' })
  await other.talk.append('t1', { ...cause('in'), members: { join: [{ user: 'carol' }] } })
  t.like(await carol.message('t1', { text: 'hi' }), { 0: 'a' })
  await other.talk.append('t1', { ...cause('more'), members: { join: [{ user: 'dave' }] } })
  const { version } = (await store.log.head('t1'))!
  const { seq } = (await talk.append('t1', { ...cause('last'), members: { leave: ['dave'] }, judgedAt: version })) as {
    seq: number
  }
  await alice.next(([kind, , at]) => kind === 'h' && at === seq)
  t.deepEqual([...(await talk.members('t1'))!.users], ['alice', 'bob', 'carol'])
})

test('on another server who left is told so, and members are read again only when they are others', async (t) => {
  const { talk, node, clock, reads } = await serve(t)
  const other = await node()
  await talk.append('t1', { ...cause('made'), open: team })
  const [alice, bob] = [await other.device('alice'), await other.device('bob')]
  await clock.advance(1_000)
  t.like(await bob.next('h'), ['h', 't1', 1])
  await talk.members('t1')
  reads.count = 0
  await talk.append('t1', cause('plain'))
  await clock.advance(1_000)
  t.like(await bob.next('h'), ['h', 't1', 2])
  t.is(reads.count, 0)
  await talk.append('t1', { ...cause('out'), members: { leave: ['bob'] } })
  await clock.advance(1_000)
  t.like(await bob.next('h'), ['h', 't1', 3])
  await alice.next(([kind, , seq]) => kind === 'h' && seq === 3)
  t.is(reads.count, 1)
  await talk.append('t1', cause('behind'))
  await clock.advance(1_000)
  await alice.next(([kind, , seq]) => kind === 'h' && seq === 4)
  t.is(kinds(bob).length, 3)
})

test('a client whose person is put out learns it, and one that is let in has what is there', async (t) => {
  const { talk, client } = await serve(t)
  await talk.append('t1', { ...cause('made'), open: team })
  const [bob, carol] = [await client('bob'), await client('carol')]
  const out = bob.conversation('t1').info
  const learnt = Promise.all([
    new Promise<void>((resolve) => out.subscribe(() => out.get().left && resolve())),
    new Promise<number>((resolve) => carol.on('message', ({ seq }) => resolve(seq))),
  ])
  await talk.append('t1', { ...cause('in'), members: { join: [{ user: 'carol' }], leave: ['bob'] } })
  t.is((await learnt)[1], 2)
  t.is(carol.conversation('t1').info.get().kind, 'team')
})
