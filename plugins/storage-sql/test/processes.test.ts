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
