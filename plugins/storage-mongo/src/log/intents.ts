import { randomBytes } from 'node:crypto'
import { duplicateKey } from '../faults.js'
import type { Block, Change, Intent } from './documents.js'
import { between, everyIntent, intentsPlace } from './documents.js'
import { movedBy } from './draft.js'
import type { Changes } from './changes.js'
import { refusalError } from './log-collections.js'
import type { LogCollections } from './log-collections.js'

/** Intents of ours that are done with, until they are removed together. */
const untidy = 64
/** Changes in one record of a repair. */
const together = 500

/**
 * What attempts may have left behind: blocks without a change record. An attempt begins with its intent, and ends with its
 * record; whoever meets an intent that has no end announces what it names. To announce once more than needed is harmless.
 */
export class Intents {
  readonly #log: LogCollections
  readonly #changes: Changes
  readonly #writer = randomBytes(12).toString('base64url')
  #count = 0
  readonly #done = new Set<string>()
  /** Intents that the last sweep saw. */
  #seen: ReadonlySet<string> = new Set()

  constructor(log: LogCollections, changes: Changes) {
    this.#log = log
    this.#changes = changes
  }

  /** Says where blocks are about to be stored, or bodies changed, under the name of a new attempt. */
  next(places: Intent['e']): Intent {
    const f = `${this.#writer}:${++this.#count}`
    return { _id: { c: intentsPlace, f }, k: [f], e: places }
  }

  /** The attempt is announced, or has stored nothing. */
  done(intents: Iterable<Intent>): void {
    for (const { _id } of intents) this.#done.add(_id.f)
    if (this.#done.size < untidy) return
    this.tidy().catch((error: unknown) => {
      // the sweep finds them
      void error
    })
  }

  async tidy(): Promise<void> {
    const names = [...this.#done]
    if (names.length === 0) return
    await this.#log.intents.deleteMany({ _id: { $in: names.map((f) => ({ c: intentsPlace, f })) } })
    for (const name of names) this.#done.delete(name)
  }

  /** Before a stored entry is acknowledged from an earlier time: sees to it that it is announced. */
  async announced(...conversations: readonly string[]): Promise<void> {
    const found = await this.#log.intents.find({ _id: everyIntent, 'e.c': { $in: conversations } }).toArray()
    await this.#announce(found.filter(({ _id }) => !this.#done.has(_id.f)))
  }

  /** At start: announces what processes that are gone have left. Those of a living one are told once more. */
  async recover(): Promise<void> {
    const found = await this.#log.intents.find({ _id: everyIntent }).toArray()
    await this.#announce(found)
  }

  /** Once a minute: what is there at a second look was left by somebody who is gone, for no command takes that long. */
  async sweep(): Promise<void> {
    await this.tidy()
    const found = await this.#log.intents.find({ _id: everyIntent }).toArray()
    const left = found.filter(({ _id }) => this.#seen.has(_id.f))
    await this.#announce(left)
    if (left.length > 0) await this.#log.intents.deleteMany({ _id: { $in: left.map(({ _id }) => _id) } })
    this.#seen = new Set(found.map(({ _id }) => _id.f))
  }

  async #announce(intents: readonly Intent[]): Promise<void> {
    const first = new Map<string, number>()
    for (const { e } of intents) {
      for (const { c, f } of e) first.set(c, Math.min(first.get(c) ?? f, f))
    }
    let changes: Change[] = []
    for (const [c, f] of first) {
      const blocks = this.#log.blocks.find<Block>(
        { _id: between(c, f, Number.MAX_SAFE_INTEGER) },
        { projection: { p: 0, d: 0 } },
      )
      changes.push({ c })
      for await (const block of blocks) {
        changes.push(movedBy(block))
        if (changes.length >= together) changes = await this.record(changes)
      }
    }
    if (changes.length > 0) await this.record(changes)
  }

  /** Stores a record of its own. */
  async record(changes: readonly Change[]): Promise<Change[]> {
    for (;;) {
      const proposed = this.#changes.next(changes, this.next([])._id.f)
      const { refused } = await this.#log.insert([proposed.record])
      if (!refused && this.#changes.committed(proposed)) return []
      if (refused && refused.code !== duplicateKey) throw refusalError(refused)
      await this.#changes.overtaken()
    }
  }
}
