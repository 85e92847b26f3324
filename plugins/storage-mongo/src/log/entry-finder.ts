import type { Keyed } from './documents.js'
import { between, blockEntries } from './documents.js'
import type { Intents } from './intents.js'
import type { LogCollections } from './log-collections.js'
import type { StoredEntry } from './sending.js'

export const entryAt = ({ _id, n, at, d }: Keyed, place: number): StoredEntry => ({
  seq: _id.f + place,
  n: n[place]!,
  at: at[place]!,
  digest: d[place]!,
})

/** The block with an entry, as a range of `_id`; it must also end behind it. */
export const around = (conversation: string, seq: number) => ({
  _id: between(conversation, seq - blockEntries + 1, seq),
  t: { $gte: seq },
})

/** Finds entries by key and by place. */
export class EntryFinder {
  readonly #log: LogCollections
  readonly #intents: Intents

  constructor(log: LogCollections, intents: Intents) {
    this.#log = log
    this.#intents = intents
  }

  /** Blocks that have one of these keys, committed on a majority. */
  blocksWith(conversation: string, keys: readonly string[]): Promise<readonly Keyed[]> {
    return this.#log.blocks
      .find<Keyed>({ '_id.c': { $eq: conversation }, k: { $in: [...keys] } }, { projection: { p: 0, w: 0 } })
      .toArray()
  }

  /** What is stored under keys. Who is told of it may take it for acknowledged, so it is announced by then. */
  readonly lookup = async (
    conversation: string,
    keys: readonly string[],
  ): Promise<ReadonlyMap<string, StoredEntry>> => {
    const blocks = await this.blocksWith(conversation, keys)
    if (blocks.length > 0) await this.#intents.announced(conversation)
    const found = new Map<string, StoredEntry>()
    for (const block of blocks) block.k.forEach((key, place) => found.set(key, entryAt(block, place)))
    return found
  }

  /** How many messages there are up to an entry that is stored. */
  async count(conversation: string, seq: number): Promise<number> {
    if (seq === 0) return 0
    const block = await this.#log.blocks.findOne(around(conversation, seq), { projection: { n: 1 } })
    return block?.n[seq - block._id.f] ?? 0
  }
}
