import { join } from 'node:path'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import type { Log } from '@natter/core/contract'
import { OtherProcess } from './other-process.js'
import { openFile, tempFolder } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }

/** Follows a change list, a few at a time, as search or a resuming client does. */
class Follower {
  readonly seen = new Map<string, number>()
  pages = 0
  readonly #next: (after: number) => Promise<readonly { conversation: string; seq: number; mark: number }[]>
  #after = 0

  constructor(log: Log, user?: string) {
    this.#next = (after) => (user ? log.states(user, { after, limit: 2 }) : log.changed(after, 2))
  }

  /** To the end of the list; while others write there may be none. */
  async follow(meanwhile: () => boolean = () => true): Promise<void> {
    do {
      const page = await this.#next(this.#after)
      if (page.length === 0) return
      for (const { conversation, seq, mark } of page) {
        this.#after = mark
        this.seen.set(conversation, Math.max(seq, this.seen.get(conversation) ?? 0))
      }
      this.pages++
    } while (meanwhile())
  }
}

const sorted = (map: ReadonlyMap<string, number>) => [...map].toSorted()

test.serial('two processes write one file: dense places, and who follows the changes misses nothing', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  const writers = [new OtherProcess(t), new OtherProcess(t)]
  await Promise.all(writers.map((writer) => writer.order({ do: 'open', file })))
  const all = new Follower(store.log)
  const mine = new Follower(store.log, 'reader')
  let writing = true
  const written = Promise.all(
    writers.map((writer, w) => writer.order({ do: 'send', from: `w${w}`, conversations: 7, count: 1_500 })),
  ).finally(() => (writing = false))
  while (writing) {
    await all.follow(() => writing)
    await mine.follow(() => writing)
  }
  await written
  const whileWriting = Math.min(all.pages, mine.pages)
  await all.follow()
  await mine.follow()

  const heads = new Map<string, number>()
  for (const { conversation, seq } of await store.log.changed(0, 100)) heads.set(conversation, seq)
  t.is(heads.get('steps'), 1)
  t.is(all.seen.get('steps'), 1)
  heads.delete('steps')
  all.seen.delete('steps')
  t.is(
    [...heads.values()].reduce((sum, seq) => sum + seq),
    3_000,
  )
  t.deepEqual(sorted(all.seen), sorted(heads))
  t.deepEqual(sorted(mine.seen), sorted(heads))
  t.true(whileWriting > 1)
  for (const [conversation, head] of heads) {
    const places = writers.flatMap(({ acked }) => acked.filter((each) => each.conversation === conversation))
    const seqs = places.map(({ seq }) => seq).toSorted((a, b) => a - b)
    t.deepEqual(
      seqs,
      Array.from({ length: head }, (_, i) => i + 1),
    )
  }
})

test.serial('what a process acknowledged before it was killed is there, once, and its retries are known', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  for (let kill = 1; kill <= 3; kill++) {
    const writer = new OtherProcess(t)
    await writer.order({ do: 'open', file })
    writer.start({ do: 'flood', from: `w${kill}` })
    await writer.acks(200 * kill)
    await writer.kill()

    const store = await openFile(file, setting)
    for (const { conversation, clientId, seq } of writer.acked) {
      const found = await store.log.find(conversation, `w${kill}`, clientId)
      if (found?.seq !== seq) t.fail(`${clientId} was acknowledged at ${seq} and is at ${found?.seq}`)
    }
    const [first] = writer.acked
    const { conversation, clientId } = first!
    const retry = { conversation, from: `w${kill}`, clientId, at: 9, body: '{}', digest: clientId, counts: true }
    t.deepEqual(await store.log.append(retry), { status: 'duplicate', seq: first!.seq, n: first!.seq, at: 1 })
    for (const { conversation: id, seq } of await store.log.changed(0, 100)) {
      const entries = await store.log.range(id, { from: seq - 499, to: seq, limit: 500, bytes: 1e9 })
      t.deepEqual(
        entries.map((entry) => entry.seq),
        Array.from({ length: entries.length }, (_, i) => seq - entries.length + 1 + i),
      )
    }
    await store.close()
  }
})

test.serial('processes that start at once on a new file make its tables and do its data step once', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const writers = [new OtherProcess(t), new OtherProcess(t), new OtherProcess(t)]
  await Promise.all(writers.map((writer) => writer.order({ do: 'open', file })))
  t.deepEqual(await Promise.all(writers.map((writer) => writer.append('hello'))), ['acked', 'acked', 'acked'])
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  t.is((await store.log.head('steps'))?.seq, 1)
  t.is((await store.log.head('c0'))?.seq, 1)
})
