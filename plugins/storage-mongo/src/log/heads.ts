import type { LogCollections } from './log-collections.js'
import { between } from './documents.js'

/** Where a conversation ends, by its newest block that is committed on a majority. */
export interface BlockHead {
  readonly seq: number
  readonly n: number
  readonly at: number
  readonly version: number
  readonly kind: string
}

/** Most heads that are remembered. */
const remembered = 10_000

/**
 * Heads of conversations. A remembered one is a guess that the database confirms: the next block begins behind it, and its
 * place is unique. Only what is committed on a majority is remembered, so that a failover makes none of them untrue.
 */
export class Heads {
  readonly #log: LogCollections
  readonly #known = new Map<string, BlockHead>()

  constructor(log: LogCollections) {
    this.#log = log
  }

  /** The newest block itself. */
  async newest(conversation: string): Promise<BlockHead | undefined> {
    const block = await this.#log.blocks.findOne(
      { _id: between(conversation, 0, Number.MAX_SAFE_INTEGER) },
      { sort: { _id: -1 }, projection: { p: 0, d: 0, k: 0 } },
    )
    if (!block) return undefined
    return { seq: block.t, n: block.n.at(-1)!, at: block.at.at(-1)!, version: block.v, kind: block.kind }
  }

  /**
   * Heads to go on from, and which of them were read just now. One that was applied may be behind; the version in it is not, as it
   * changes together with its block.
   */
  async guess(
    conversations: Iterable<string>,
  ): Promise<{ readonly heads: Map<string, BlockHead>; readonly fresh: Set<string> }> {
    const heads = new Map<string, BlockHead>()
    const unknown: string[] = []
    for (const conversation of conversations) {
      const head = this.#known.get(conversation)
      if (head) heads.set(conversation, head)
      else unknown.push(conversation)
    }
    if (unknown.length > 0) {
      for await (const { _id, s, n, at, v, kind } of this.#log.conversations.find({ _id: { $in: unknown } })) {
        heads.set(_id, { seq: s, n, at, version: v, kind })
      }
    }
    return { heads, fresh: new Set(unknown) }
  }

  /** As it was remembered. */
  known(conversation: string): BlockHead | undefined {
    return this.#known.get(conversation)
  }

  remember(conversation: string, head: BlockHead): void {
    this.#known.delete(conversation)
    this.#known.set(conversation, head)
    if (this.#known.size > remembered) this.#known.delete(this.#known.keys().next().value!)
  }

  forget(conversation: string): void {
    this.#known.delete(conversation)
  }
}
