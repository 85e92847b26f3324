import test from 'ava'
import { storeKind } from '#src/process/stores.js'
import type { OpenedStore } from '#src/process/stores.js'
import { Writer } from '#src/power-cuts/writer.js'
import { onEveryStore } from './store-places.js'

/** Follows the changes of a store a few at a time, as resume and search do. */
class Follower {
  readonly seen = new Map<string, number>()
  readonly #log: OpenedStore['log']
  #mark = 0

  constructor({ log }: OpenedStore) {
    this.#log = log
  }

  async catchUp(): Promise<void> {
    for (;;) {
      const page = await this.#log.changed(this.#mark, 7)
      for (const { conversation, seq, mark } of page) {
        if (mark <= this.#mark) throw new Error(`changed() gives mark ${mark} behind ${this.#mark}`)
        this.#mark = mark
        this.seen.set(conversation, Math.max(seq, this.seen.get(conversation) ?? 0))
      }
      if (page.length === 0) return
    }
  }
}

await onEveryStore(
  test,
  (store) =>
    `${store}: two chats write into the same conversations, one is killed and comes back: changed() never skips`,
  async (t, store, place) => {
    const kind = storeKind(store)
    const reader = await kind.open(place)
    t.teardown(() => reader.close())
    await reader.prepare([], [])
    const follower = new Follower(reader)
    const start = (name: string) => {
      const writer = new Writer({ store, durability: 'full', name, wide: true, ...place })
      t.teardown(() => writer.kill())
      return writer
    }
    const [one, two] = [start('one-'), start('two-')]
    const writers = [one, two]
    let looks = 0
    let writing = true
    /** A conversation whose only message was acknowledged before a look is in it. */
    const follow = async () => {
      while (writing) {
        const known = writers.flatMap(({ acked }) => acked.filter(({ id }) => id.includes('once-')))
        await follower.catchUp()
        for (const { conversation, seq, id } of known) {
          if ((follower.seen.get(conversation) ?? 0) < seq)
            throw new Error(`${id} (${seq} of ${conversation}) is skipped`)
        }
        looks++
      }
    }
    const write = async () => {
      await Promise.all([one.more(60), two.more(60)])
      await one.kill()
      const again = start('again-')
      writers.push(again)
      await Promise.all([again.more(60), two.more(60)])
      await Promise.all([again.kill(), two.kill()])
    }
    await Promise.all([write().finally(() => (writing = false)), follow()])

    // Whoever comes next announces what the killed ones left.
    const next = await kind.open(place)
    t.teardown(() => next.close())
    await next.prepare([], [])
    await follower.catchUp()
    const acked = writers.flatMap((writer) => writer.acked)
    const conversations = new Set(acked.map(({ conversation }) => conversation))
    t.true(conversations.size > 20, `only ${conversations.size} conversations`)
    for (const id of conversations) t.is(follower.seen.get(id), (await next.log.head(id))?.seq, id)
    t.true(looks > 5, `only ${looks} looks`)
    t.log(`${acked.length} acked in ${conversations.size} conversations, ${looks} looks`)
  },
)
