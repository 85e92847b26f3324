import { join } from 'node:path'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import type { Log } from '@natter/core/contract'
import { OtherProcess } from './other-process.js'
import { openFile, tempFolder } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }

/** Follows a change list to its end, a few at a time, as search or a resuming client does. */
async function follow(log: Log, user: string | undefined, from: number, seen: Map<string, number>): Promise<number> {
  for (let after = from; ;) {
    const page = user ? await log.states(user, { after, limit: 2 }) : await log.changed(after, 2)
    if (page.length === 0) return after
    for (const { conversation, seq, mark } of page) {
      after = mark
      seen.set(conversation, Math.max(seq, seen.get(conversation) ?? 0))
    }
  }
}

const sorted = (map: ReadonlyMap<string, number>) => [...map].toSorted()

test.serial('two processes write one file: dense places, and who follows the changes misses nothing', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  const writers = [new OtherProcess(t), new OtherProcess(t)]
  await Promise.all(writers.map((writer) => writer.order({ do: 'open', file })))
  const all = new Map<string, number>()
  const mine = new Map<string, number>()
  let [afterAll, afterMine, looks, writing] = [0, 0, 0, true]
  const written = Promise.all(
    writers.map((writer, w) => writer.order({ do: 'send', from: `w${w}`, conversations: 7, count: 1_500 })),
  ).finally(() => (writing = false))
  while (writing) {
    afterAll = await follow(store.log, undefined, afterAll, all)
    afterMine = await follow(store.log, 'reader', afterMine, mine)
    looks++
  }
  await written
  await follow(store.log, undefined, afterAll, all)
  await follow(store.log, 'reader', afterMine, mine)

  const heads = new Map<string, number>()
  for (const { conversation, seq } of await store.log.changed(0, 100)) heads.set(conversation, seq)
  t.is(heads.get('steps'), 1)
  t.is(all.get('steps'), 1)
  heads.delete('steps')
  all.delete('steps')
  t.is(
    [...heads.values()].reduce((sum, seq) => sum + seq),
    3_000,
  )
  t.deepEqual(sorted(all), sorted(heads))
  t.deepEqual(sorted(mine), sorted(heads))
  t.true(looks > 1)
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
