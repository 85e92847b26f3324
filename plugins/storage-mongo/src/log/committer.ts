import { setTimeout as pause } from 'node:timers/promises'
import { StorageErrors } from '@natter/core/contract'
import { duplicateKey, faultOf, isRefusal } from '../faults.js'
import { placeOf } from './documents.js'
import type { Change, Intent, Keyed, LogDocument } from './documents.js'
import { blockOf, headOf, movedBy } from './draft.js'
import type { Draft } from './draft.js'
import type { Behind, Changes, Proposed } from './changes.js'
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

/** A record, and the blocks that it names. */
interface Attempted {
  readonly proposed: Proposed
  readonly storings: readonly Storing[]
}
/** Changes for a record that are true behind another one; behind any where none is named. */
export interface Judgement {
  readonly changes: readonly Change[]
  readonly behind: Behind | undefined
}

/** Stores the drafts of one batch, and the change record behind them; tells every sender what became of theirs. */
export class Committer {
  readonly #parts: CommitterParts
  readonly #giveUp = performance.now() + patienceMs
  /** Attempts that may have stored something. */
  readonly #attempts: Intent[] = []
  /** Blocks that are stored and not in a record yet. */
  #unannounced: Storing[] = []
  /** Those whose end we did not hear of. */
  #unsure: Attempted[] = []
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
   *
   * @param judge Gives the other changes for the record, and is asked again when somebody else's came first.
   */
  async plain(drafts: readonly Draft[], judge: () => Promise<Judgement>): Promise<void> {
    const { changes: order, intents } = this.#parts
    this.#todo = [...drafts]
    let judged = await judge()
    while (this.#todo.length + this.#unannounced.length + judged.changes.length > 0) {
      const outcome = await this.#attempt(judged)
      if (outcome === 'landed') judged = { changes: [], behind: undefined }
      if (outcome !== 'overtaken') continue
      await order.overtaken()
      judged = judged.behind === undefined ? judged : await judge()
    }
    intents.done(this.#attempts)
  }

  async #attempt({ changes, behind }: Judgement): Promise<'landed' | 'again' | 'overtaken'> {
    const { log, changes: order, intents } = this.#parts
    const intent = intents.next(this.#todo.map(({ conversation, after }) => ({ c: conversation, f: after.seq + 1 })))
    const blocks = this.#todo.map((draft) => ({ block: blockOf(draft, intent._id.f), sendings: draft.sendings }))
    const storings = [...this.#unannounced, ...blocks]
    const proposed = order.next([...changes, ...storings.map(({ block }) => movedBy(block))], intent._id.f, behind)
    const documents: LogDocument[] = [
      ...(blocks.length > 0 ? [intent] : []),
      ...blocks.map(({ block }) => block),
      proposed.record,
    ]
    if (blocks.length > 0) this.#attempts.push(intent)
    let reply: WriteReply
    try {
      reply = await log.insert(documents)
    } catch (error) {
      // what the driver cannot send has not reached the server
      if (isRefusal(error) && blocks.length > 0) {
        this.#refusedTogether(error)
        return 'again'
      }
      this.#unsure.push({ proposed, storings })
      await this.#unknown(error)
      return this.#landedAfterAll()
    }
    const { refused } = reply
    if (refused === undefined) return this.#landed({ proposed, storings })
    const place = refused.index - (documents.length - blocks.length - 1)
    if (place < 0) throw refusalError(refused)
    this.#unannounced.push(...blocks.slice(0, place))
    this.#todo = this.#todo.slice(place)
    if (place < blocks.length) {
      await this.#refused(refused)
      return 'again'
    }
    if (refused.code !== duplicateKey) throw refusalError(refused)
    return this.#landedAfterAll()
  }

  /** The record is stored, and so is all that it names. One that came too late is made once more. */
  #landed({ proposed, storings }: Attempted): 'landed' | 'overtaken' {
    if (!this.#parts.changes.committed(proposed)) {
      this.#unannounced = [...storings]
      this.#todo = []
      return 'overtaken'
    }
    for (const each of storings) this.#stored(each)
    const named = new Set(storings.map(({ block }) => placeOf(block)))
    this.#unannounced = this.#unannounced.filter(({ block }) => !named.has(placeOf(block)))
    this.#todo = this.#todo
      .map((draft) => ({ ...draft, sendings: draft.sendings.filter(({ answered }) => !answered) }))
      .filter(({ sendings }) => sendings.length > 0)
    return 'landed'
  }

  /** Whether an attempt whose end we did not hear of has come to its end. */
  async #landedAfterAll(): Promise<'landed' | 'overtaken'> {
    for (const attempted of this.#unsure) {
      if (!(await this.#parts.changes.stored(attempted.proposed.record))) continue
      this.#unsure = []
      return this.#landed(attempted)
    }
    return 'overtaken'
  }

  #stored({ block, sendings }: Storing): void {
    this.#parts.heads.remember(block._id.c, headOf(block))
    sendings.forEach((sending, place) => sending?.stored('appended', entryAt(block, place)))
  }

  /** The first draft was refused, and nothing behind it was tried. */
  async #refused(refused: Refused): Promise<void> {
    const draft = this.#todo.shift()!
    if (refused.code === duplicateKey) {
      await this.#judgeAgain(draft)
      return
    }
    if (!isRefusal(refusalError(refused))) throw refusalError(refused)
    this.#halve(draft, refusalError(refused))
  }

  /** Which of them it was is not said, so the first is tried alone. */
  #refusedTogether(error: unknown): void {
    const [first, ...others] = this.#todo
    if (!first) return
    this.#todo = [first]
    for (const draft of others) this.later.push(...draft.sendings)
    if (others.length > 0) return
    this.#todo = []
    this.#halve(first, error)
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
    if (draft?.special) this.later.push(...draft.sendings)
    else if (draft) this.#todo.unshift(draft)
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
