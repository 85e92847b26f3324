import { setTimeout as pause } from 'node:timers/promises'
import { StorageErrors } from '@natter/core/contract'
import { faultOf, isRefusal } from '../faults.js'
import type { Change, Intent, Keyed, LogDocument } from './documents.js'
import { blockOf, headOf, movedBy } from './draft.js'
import type { Draft } from './draft.js'
import type { Changes } from './changes.js'
import type { Heads } from './heads.js'
import type { Intents } from './intents.js'
import type { LogCollections, WriteReply } from './log-collections.js'
import { entryAt } from './entry-finder.js'
import type { EntryFinder } from './entry-finder.js'
import { refusalError } from './log-collections.js'
import { draftOf } from './planner.js'
import type { Sending } from './sending.js'

/** So long a batch goes on over lost connections and elections, ms; then its senders are told to try again. */
const patienceMs = 15_000
/** Between two tries, ms: growing up to the last. */
const firstPauseMs = 2
const longestPauseMs = 250

type Refused = NonNullable<WriteReply['refused']>

export interface CommitterParts {
  readonly log: LogCollections
  readonly heads: Heads
  readonly changes: Changes
  readonly intents: Intents
  readonly finder: EntryFinder
}

/** A block, and whose entries are in it. */
interface Storing {
  readonly block: Keyed
  readonly sendings: readonly (Sending | undefined)[]
}

/** Stores the drafts of one batch, and the change record behind them; tells every sender what became of theirs. */
export class Committer {
  readonly #parts: CommitterParts
  readonly #giveUp = performance.now() + patienceMs
  /** Attempts that may have stored something. */
  readonly #attempts: Intent[] = []
  /** Blocks that are stored and not in a record yet. */
  readonly #unannounced: Storing[] = []
  #todo: Draft[] = []
  #pauseMs = firstPauseMs
  /** Sends that must go into the next batch, in order. */
  readonly later: Sending[] = []

  constructor(parts: CommitterParts) {
    this.#parts = parts
  }

  /**
   * Plain sends, by one insert command: intent, blocks, record. The server stores them in this order and stops at the first that it
   * refuses, so that a record never names a block that is not there.
   */
  async plain(drafts: readonly Draft[], changes: readonly Change[]): Promise<void> {
    const { log, changes: order, intents } = this.#parts
    this.#todo = [...drafts]
    while (this.#todo.length > 0 || this.#unannounced.length > 0 || changes.length > 0) {
      const intent = intents.next(this.#todo.map(({ conversation, after }) => ({ c: conversation, f: after.seq + 1 })))
      const blocks = this.#todo.map((draft) => ({ block: blockOf(draft, intent._id.f), sendings: draft.sendings }))
      const moved = [...this.#unannounced, ...blocks].map(({ block }) => movedBy(block))
      const record = order.next([...changes, ...moved])
      const documents: LogDocument[] = [
        ...(blocks.length > 0 ? [intent] : []),
        ...blocks.map(({ block }) => block),
        record,
      ]
      if (blocks.length > 0) this.#attempts.push(intent)
      let reply: WriteReply
      try {
        reply = await log.insert(documents)
      } catch (error) {
        // what the driver cannot send has not reached the server
        if (isRefusal(error) && blocks.length > 0) await this.#refusedUnsent(error)
        else await this.#unknown(error)
        continue
      }
      if (reply.refused === undefined) {
        order.committed(record)
        for (const each of [...this.#unannounced, ...blocks]) this.#stored(each)
        break
      }
      const ahead = documents.length - blocks.length - 1
      const place = reply.refused.index - ahead
      if (place < 0) throw refusalError(reply.refused)
      this.#unannounced.push(...blocks.slice(0, place))
      this.#todo = this.#todo.slice(Math.min(place, blocks.length))
      if (place < blocks.length) await this.#refused(reply.refused)
      else if (reply.refused.code === 11000) await order.overtaken()
      else throw refusalError(reply.refused)
    }
    intents.done(this.#attempts)
  }

  #stored({ block, sendings }: Storing): void {
    this.#parts.heads.remember(block._id.c, headOf(block))
    sendings.forEach((sending, place) => sending?.stored('appended', entryAt(block, place)))
  }

  /** The first draft was refused, and nothing behind it was tried. */
  async #refused(refused: Refused): Promise<void> {
    const draft = this.#todo.shift()!
    if (refused.code === 11000) {
      await this.#judgeAgain(draft)
      return
    }
    if (!isRefusal(refusalError(refused))) throw refusalError(refused)
    this.#halve(draft, refusalError(refused))
  }

  async #refusedUnsent(error: unknown): Promise<void> {
    // which one it was is not said, so each is tried alone from now on
    const all = this.#todo
    this.#todo = []
    if (all.length === 1) this.#halve(all[0]!, error)
    else {
      this.#todo = [all[0]!]
      for (const draft of all.slice(1)) this.later.push(...draft.sendings)
    }
  }

  /** What the database refuses is found by halves, and fails alone; what came behind it keeps its order. */
  #halve(draft: Draft, error: unknown): void {
    const { sendings } = draft
    if (sendings.length === 1) {
      this.later.push(...sendings[0]!.refused(faultOf(error)))
      return
    }
    const half = sendings.length >> 1
    this.#todo.unshift({ ...draft, sendings: sendings.slice(0, half) })
    this.later.push(...sendings.slice(half))
  }

  /** Somebody else was faster, or some of it is stored: by a retry of theirs, or by an attempt of ours. */
  async #judgeAgain({ conversation, sendings, after }: Draft): Promise<void> {
    const { heads, finder } = this.#parts
    heads.forget(conversation)
    const left = await this.#answerStored(conversation, sendings)
    const head = await heads.newest(conversation)
    const { draft, later } = await draftOf(conversation, left, head, true, { heads, lookup: finder.lookup })
    this.later.push(...later)
    if (draft) this.#todo.unshift(draft)
    // what refused us cannot be seen yet
    if (left.length === sendings.length && head?.seq === after.seq) await this.#wait(undefined)
  }

  /** Answers those that are stored, or keeps them until their block is announced. @returns the others. */
  async #answerStored(conversation: string, sendings: readonly Sending[]): Promise<readonly Sending[]> {
    const { finder, intents } = this.#parts
    const blocks = await finder.blocksWith(
      conversation,
      sendings.map(({ key }) => key),
    )
    if (blocks.some(({ b }) => !this.#ours(b))) await intents.announced(conversation)
    const left = new Map(sendings.map((sending) => [sending.key, sending]))
    for (const block of blocks) {
      const found = block.k.map((key) => left.get(key))
      for (const key of block.k) left.delete(key)
      if (this.#ours(block.b)) this.#unannounced.push({ block, sendings: found })
      else found.forEach((sending, place) => sending?.stored('duplicate', entryAt(block, place)))
    }
    return [...left.values()]
  }

  #ours(attempt: string): boolean {
    return this.#attempts.some(({ _id }) => _id.f === attempt)
  }

  /** We do not know what became of an attempt: looks what is stored, and goes on with what is not. */
  async #unknown(error: unknown): Promise<void> {
    await this.#wait(error)
    const drafts = this.#todo
    this.#todo = []
    try {
      await this.#parts.changes.look()
      while (drafts.length > 0) {
        await this.#judgeAgain(drafts[0]!)
        drafts.shift()
      }
    } catch (again) {
      this.#todo.push(...drafts)
      await this.#unknown(again)
    }
  }

  /** @throws when it has lasted too long: with the error that was the reason, or STORAGE_BUSY where there was none. */
  async #wait(error: unknown): Promise<void> {
    if (performance.now() > this.#giveUp) throw error === undefined ? StorageErrors.BUSY() : faultOf(error)
    await pause(this.#pauseMs)
    this.#pauseMs = Math.min(this.#pauseMs * 2, longestPauseMs)
  }
}
