import { fork } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import test from 'ava'
import type { Append, Log } from '@natter/core/contract'
import { FakeClock } from '@natter/testkit'
import type { MongoStore } from '@natter/storage-mongo'
import { blockOf, movedBy } from '#src/log/draft.js'
import type { BlockHead } from '#src/log/heads.js'
import { Sending } from '#src/log/sending.js'
import type { Acked } from './fixtures/writer-process.js'
import { Follower } from './follower.js'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message, numbers } from './message.js'
import { openUrl, realClock } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }
const nobody = () => undefined
const server = await foundServer(test)

/** What a commit would store behind the head of a conversation, as a process that dies may leave some of it. */
function commitOf(append: Append, after: BlockHead, record: number) {
  const attempt = `dead:${append.clientId}`
  const { conversation } = append
  const draft = { conversation, sendings: [new Sending(1, append, nobody, nobody)], after, special: false }
  const block = blockOf(draft, attempt)
  return {
    intent: { _id: { c: '~', f: attempt }, k: [attempt], e: [{ c: conversation, f: after.seq + 1 }] },
    block,
    record: { _id: { c: '!', f: record }, k: [String(record)], e: [movedBy(block)], b: attempt },
  }
}
const rawLog = (store: MongoStore) => store.native('mongo')!.db.collection<{ _id: unknown }>('natter_log')
/** The newest change record. */
async function newest(store: MongoStore): Promise<number> {
  const [last] = await rawLog(store).find({ '_id.c': '!' }).sort({ _id: -1 }).limit(1).toArray()
  return (last!._id as { f: number }).f
}

if (server) {
  const opened = async (t: { teardown(run: () => Promise<void>): void }, url: string) => {
    const store = await openUrl(url, setting)
    t.teardown(() => store.close())
    return store
  }
  /** A store with a conversation, and what a process that died left behind it: a block that nobody was told of. */
  async function withLeftovers(t: Parameters<typeof opened>[0]) {
    const url = await scratchUrl(server!, t)
    const store = await opened(t, url)
    await store.log.append(message('c', 'a', '1', { at: 5, open: group('a', 'b') }))
    const before = await store.log.latest()
    const after = { seq: 1, n: 1, at: 5, version: 1, kind: 'group' }
    const { intent, block } = commitOf(message('c', 'a', '2'), after, (await newest(store)) + 1)
    await rawLog(store).insertMany([intent, block] as never)
    return { url, store, before }
  }
  /** Everybody can find the second entry by the changes. */
  async function told(
    t: { deepEqual(a: unknown, b: unknown): unknown; is(a: unknown, b: unknown): unknown },
    log: Log,
    after: number,
  ) {
    const changed = await log.changed(after, 10)
    t.deepEqual(
      changed.map(({ conversation, seq }) => [conversation, seq]),
      [['c', 2]],
    )
    t.deepEqual(
      (await log.states('b', { after, limit: 10 })).map(({ conversation, seq, unread }) => [conversation, seq, unread]),
      [['c', 2, 2]],
    )
    t.is((await log.state('a', 'c'))?.me.read, 2)
  }

  test('a block without a record is announced at the next start', async (t) => {
    const { url, store, before } = await withLeftovers(t)
    t.deepEqual(await store.log.changed(before, 10), [])
    await told(t, (await opened(t, url)).log, before)
  })

  test('a block without a record is announced before its retry is acknowledged', async (t) => {
    const { store, before } = await withLeftovers(t)
    const answer = await store.log.append(message('c', 'a', '2', { at: 9_999 }))
    t.deepEqual(answer, { status: 'duplicate', seq: 2, n: 2, at: 1_000 })
    await told(t, store.log, before)
  })

  test('a block without a record is announced before it is found, and before its sender is told that it is stale', async (t) => {
    const one = await withLeftovers(t)
    t.is((await one.store.log.find('c', 'a', '2'))?.seq, 2)
    await told(t, one.store.log, one.before)
    const two = await withLeftovers(t)
    t.is((await two.store.log.append(message('c', 'a', '2', { judgedAt: 9 }))).status, 'duplicate')
    await told(t, two.store.log, two.before)
  })

  test('a block without a record is announced before the retry of a change of members is acknowledged', async (t) => {
    const { store, before } = await withLeftovers(t)
    const members = { join: [{ user: 'x' }] }
    const answer = await store.log.append(message('c', 'a', '2', { members }))
    t.deepEqual(answer, { status: 'duplicate', seq: 2, n: 2, at: 1_000 })
    await told(t, store.log, before)
  })

  test('a block without a record is announced by who runs on, at the second look, and then it is done with', async (t) => {
    const { store, before } = await withLeftovers(t)
    await store.sweep()
    t.deepEqual(await store.log.changed(before, 10), [])
    await store.sweep()
    await told(t, store.log, before)
    t.is(await rawLog(store).countDocuments({ '_id.c': '~', '_id.f': /^dead/ }), 0)
  })

  test('seq goes on behind a block that nobody was told of', async (t) => {
    const { store } = await withLeftovers(t)
    t.is((await store.log.head('c'))?.seq, 2)
    const answer = await store.log.append(message('c', 'b', '3'))
    t.deepEqual(answer, { status: 'appended', seq: 3, n: 3, at: 1_000 })
    const entries = await store.log.range('c', { from: 1, to: 9, limit: 9, bytes: 999 })
    t.deepEqual(
      entries.map(({ clientId }) => clientId),
      ['1', '2', '3'],
    )
  })

  test('what was recorded and not applied is in every answer, of whoever reads', async (t) => {
    const url = await scratchUrl(server, t)
    const [one, two] = [await opened(t, url), await opened(t, url)]
    await one.log.append(message('c', 'a', '1', { at: 5, open: group('a', 'b') }))
    const before = await one.log.latest()
    const after = { seq: 1, n: 1, at: 5, version: 1, kind: 'group' }
    const { intent, block, record } = commitOf(message('c', 'a', '2'), after, (await newest(one)) + 1)
    await rawLog(one).insertMany([intent, block, record] as never)
    await told(t, one.log, before)
    await told(t, two.log, before)
    t.deepEqual(await one.log.mark('c', 'b', { read: 2 }), {
      moved: true,
      member: { user: 'b', floor: 0, left: false, read: 2, received: 2 },
      n: 2,
      unread: 0,
    })
  })

  test('a server that remembers an older membership does not take a newer one for stale', async (t) => {
    const url = await scratchUrl(server, t)
    const [one, two] = [await opened(t, url), await opened(t, url)]
    await one.log.append(message('c', 'a', '1', { open: group('a') }))
    await one.log.append(message('c', 'a', '2', { judgedAt: 1 }))
    await two.log.append(message('c', 'system', '3', { counts: false, members: { join: [{ user: 'b' }] } }))
    t.is((await one.log.append(message('c', 'b', '4', { judgedAt: 2 }))).status, 'appended')
    await two.log.append(message('c', 'system', '5', { counts: false, members: { leave: ['b'] } }))
    t.is((await one.log.append(message('c', 'b', '6', { judgedAt: 2 }))).status, 'stale')
  })

  test('what somebody sent before they joined raises nothing, however late it is applied', async (t) => {
    const store = await opened(t, await scratchUrl(server, t))
    await store.log.append(message('c', 'a', '1', { at: 5, open: group('a') }))
    const after = { seq: 1, n: 1, at: 5, version: 1, kind: 'group' }
    const { intent, block, record } = commitOf(message('c', 'x', '2'), after, (await newest(store)) + 1)
    await rawLog(store).insertMany([intent, block, record] as never)
    await store.log.append(message('c', 'system', '3', { counts: false, members: { join: [{ user: 'x' }] } }))
    t.deepEqual((await store.log.state('x', 'c'))?.me, { user: 'x', floor: 2, left: false, read: 0, received: 0 })
  })

  test('a process that stood still and takes the place of a record long removed is heard all the same', async (t) => {
    const url = await scratchUrl(server, t)
    const turned = [0, 0]
    const [slow, quick] = await Promise.all(
      [0, 1].map((i) => openUrl(url, { models: [], clock: { now: () => 1, monotonic: () => turned[i]! } })),
    )
    t.teardown(async () => void (await Promise.all([slow!.close(), quick!.close()])))
    await slow!.log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    const place = await newest(slow!)
    for (const i of numbers(1, 5)) await quick!.log.append(message('d', 'a', `m${i}`, { open: group('a', 'b') }))
    const follower = new Follower(quick!.log)
    await follower.catchUp()
    for (const _ of numbers(1, 3)) {
      await quick!.sweep()
      turned[1]! += 120_000
    }
    t.is(await rawLog(quick!).countDocuments({ '_id.c': '!', '_id.f': place + 1 }), 0, 'the next place is free again')
    // it stands still between its look and its write
    const sent = slow!.log.append(message('c', 'a', '2'))
    await new Promise((resolve) => setImmediate(resolve))
    turned[0]! += 600_000
    t.is((await sent).status, 'appended')
    await follower.catchUp()
    t.is(follower.seen.get('c'), 2)
  })

  test('a database that is emptied under a running server is noticed, and nothing is acknowledged any more', async (t) => {
    const url = await scratchUrl(server, t)
    let turned = 0
    const store = await openUrl(url, { models: [], clock: { now: () => 1, monotonic: () => turned } })
    t.teardown(() => store.close())
    for (const i of numbers(1, 9)) await store.log.append(message('c', 'a', `m${i}`, { open: group('a') }))
    await rawLog(store).deleteMany({})
    turned += 1_001
    const reset = { code: 'STORAGE_MONGO_RESET' }
    await t.throwsAsync(store.log.append(message('c', 'a', 'next')), reset)
    await t.throwsAsync(store.log.changed(0, 9), reset)
    await t.throwsAsync(store.log.append(message('c', 'a', 'other')), reset)
    t.is(await rawLog(store).countDocuments({ '_id.c': 'c' }), 0)
  })

  test('servers that are killed again and again lose, repeat and skip nothing', async (t) => {
    t.timeout(240_000)
    const url = await scratchUrl(server, t)
    const reader = await openUrl(url, { models: [], clock: realClock })
    t.teardown(() => reader.close())
    const followers = [new Follower(reader.log), new Follower(reader.log, 'reader')]
    const acked: Acked[] = []
    const script = fileURLToPath(new URL('./fixtures/writer-process.js', import.meta.url))
    let rounds = 0
    async function life(name: string): Promise<void> {
      for (const round of numbers(1, 6)) {
        // repeats the last of the life before
        const first = acked.filter(({ from }) => from === name).length
        const child = fork(script, [url, name, '3', String(Math.max(first - 20, 1))], { execArgv: [] })
        const exited = once(child, 'exit')
        let heard = 0
        await new Promise<void>((resolve) => {
          child.on('message', (ack: Acked) => {
            acked.push(ack)
            if (++heard >= 60 + ((round * 37) % 50)) resolve()
          })
          void exited.then(() => resolve())
        })
        child.kill('SIGKILL')
        const [code, signal] = (await exited) as [number | null, string | null]
        t.deepEqual([code, signal], [null, 'SIGKILL'])
        rounds++
      }
    }
    let writing = true
    const following = (async () => {
      while (writing) for (const follower of followers) await follower.catchUp()
    })()
    await Promise.all(['w1', 'w2'].map(life))
    writing = false
    await following
    t.is(rounds, 12)
    // whoever comes next announces what the dead left
    const next = await openUrl(url, { models: [], clock: realClock })
    t.teardown(() => next.close())
    for (const follower of followers) await follower.catchUp()
    const stored = new Map<string, number>()
    for (const conversation of ['c0', 'c1', 'c2']) {
      const { seq: head } = (await next.log.head(conversation))!
      let count = 0
      for (let from = 1; from <= head; from += 500) {
        for (const entry of await next.log.range(conversation, { from, to: head, limit: 500, bytes: 1e9 })) {
          t.is(entry.seq, ++count)
          t.is(entry.n, count)
          const key = `${conversation} ${entry.from} ${entry.clientId}`
          t.false(stored.has(key), key)
          stored.set(key, entry.seq)
        }
      }
      t.is(count, head)
      for (const { seen } of followers) t.is(seen.get(conversation), head)
      t.is((await next.log.state('reader', conversation))?.seq, head)
    }
    t.true(acked.length > 600)
    for (const { conversation, from, clientId, seq } of acked) {
      t.is(stored.get(`${conversation} ${from} ${clientId}`), seq)
    }
    t.log(`${acked.length} acknowledged, ${stored.size} stored, ${rounds} kills`)
  })
}
