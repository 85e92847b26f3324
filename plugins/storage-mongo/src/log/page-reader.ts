import type { EntryPage, EntryPageOptions } from '@natter/core/contract'
import type { Document } from 'mongodb'
import { slicesOf } from './block-slices.js'
import type { Changes } from './changes.js'
import type { MemberDocument } from './documents.js'
import { between, blockEntries } from './documents.js'
import { entryOf, wireText } from './entry-of.js'
import type { ReadBlock } from './entry-of.js'
import type { Heads } from './heads.js'
import type { LogCollections } from './log-collections.js'

/** Seqs, both included; none where `low` is above `high`. */
interface Window {
  readonly low: number
  readonly high: number
}
/** What one way to the database brings: the member's floor, the head, then blocks. */
type Row = { readonly floor: number } | { readonly head: number } | ReadBlock
interface Found {
  readonly first: number
  readonly head: number
  readonly held: string | undefined
  /** As they travel. */
  readonly entries: readonly string[]
}

/**
 * Pages of a conversation, as a member may read them, in one command. Who may read what is in the member, which only
 * transactions change; the head is that of the newest block. So a page needs nothing of what is applied.
 */
export class PageReader {
  readonly #log: LogCollections
  readonly #changes: Changes
  readonly #heads: Heads

  constructor(log: LogCollections, changes: Changes, heads: Heads) {
    this.#log = log
    this.#changes = changes
    this.#heads = heads
  }

  async page(user: string, conversation: string, options: EntryPageOptions): Promise<EntryPage | undefined> {
    await this.#changes.glance()
    let window = guessed(options, this.#heads.known(conversation)?.seq)
    for (;;) {
      const found = await this.#read(user, conversation, window, options)
      if (!found) return undefined
      const wanted = windowOf(options, found)
      if (wanted.low > wanted.high || (window.low <= wanted.low && wanted.high <= window.high)) {
        const { first, head, entries } = found
        const reset = compares(options, first) && found.held !== options.holds
        return { entries: reset ? '' : entries.join(','), head, first, reset }
      }
      window = options.after === undefined ? { ...wanted, high: wanted.high + options.limit } : wanted
    }
  }

  async #read(
    user: string,
    conversation: string,
    window: Window,
    { before, after, limit, bytes }: EntryPageOptions,
  ): Promise<Found | undefined> {
    const up = after !== undefined
    const last = up || before === undefined ? Infinity : before - 1
    const rows = this.#log.members.aggregate<Row>(
      [
        { $match: { _id: { $eq: { c: conversation, u: user } }, l: 0 } },
        { $project: { floor: 1 } },
        { $unionWith: { coll: this.#log.blocks.collectionName, pipeline: newestOf(conversation) } },
        { $unionWith: { coll: this.#log.blocks.collectionName, pipeline: blocksOf(conversation, window, up) } },
      ],
      { batchSize: limit + 3 },
    )
    let floor: MemberDocument['floor'] | undefined
    let [head, size] = [0, 0]
    let held: string | undefined
    const entries: string[] = []
    reading: for await (const row of rows) {
      if ('floor' in row) {
        floor = row.floor
        continue
      }
      if (floor === undefined) return undefined
      if ('head' in row) {
        head = row.head
        continue
      }
      const skipped = Math.max(window.low - row._id.f, 0)
      const first = row._id.f + skipped
      const count = row.k.length
      for (let i = 0; i < count; i++) {
        const read = up ? i : count - 1 - i
        const seq = first + read
        if (seq === after) held = entryOf(row, skipped + read, skipped).clientId
        if (seq <= Math.max(floor, after ?? 0) || seq > Math.min(head, last)) continue
        size += Buffer.byteLength(row.p[read]!)
        if (entries.length === limit || (entries.length > 0 && size > bytes)) break reading
        entries.push(wireText(row, skipped + read, skipped))
      }
    }
    if (floor === undefined) return undefined
    return { first: floor + 1, head, held, entries: up ? entries : entries.reverse() }
  }
}

const compares = ({ after, holds }: EntryPageOptions, first: number) =>
  holds !== undefined && after !== undefined && after >= first

/** What there will be to read, by what is known before it is read. The entry that is compared comes along. */
function guessed({ before, after, limit }: EntryPageOptions, head: number | undefined): Window {
  if (after !== undefined) return { low: after, high: after + limit }
  if (before !== undefined) return { low: before - limit, high: before - 1 }
  return head === undefined ? { low: 1, high: 0 } : { low: head - limit + 1, high: head + limit }
}

/** What there is to read: seqs are dense, so a page is a range of them. */
function windowOf(options: EntryPageOptions, { first, head }: Pick<Found, 'first' | 'head'>): Window {
  const { before = Infinity, after, limit } = options
  if (after === undefined) {
    const high = Math.min(head, before - 1)
    return { low: Math.max(first, high - limit + 1), high }
  }
  const low = Math.max(first, after + 1)
  return { low: compares(options, first) ? after : low, high: Math.min(head, low + limit - 1) }
}

const newestOf = (conversation: string): Document[] => [
  { $match: { _id: between(conversation, 0, Number.MAX_SAFE_INTEGER) } },
  { $sort: { _id: -1 } },
  { $limit: 1 },
  { $project: { _id: 0, head: '$t' } },
]

/** The blocks of a window, and of each what is in it. */
function blocksOf(conversation: string, { low, high }: Window, up: boolean): Document[] {
  return [
    { $match: { _id: between(conversation, low - blockEntries + 1, high), t: { $gte: low } } },
    { $sort: { _id: up ? 1 : -1 } },
    { $project: slicesOf(low, high + 1) },
  ]
}
