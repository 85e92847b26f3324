import { randomBytes } from 'node:crypto'
import { StorageErrors } from '@natter/core/contract'
import type { Append, Appended, EntryPageOptions, Log } from '@natter/core/contract'
import {
  checkAppend,
  checkId,
  checkInt,
  checkMarks,
  checkPage,
  checkRange,
  checkRewrite,
  checkSince,
} from '@natter/core/storage'
import type { Clock } from '@natter/core'
import type { MongoClient } from 'mongodb'
import type { Collections } from '../collections.js'
import { isDuplicate } from '../faults.js'
import type { Fence } from '../fence.js'
import type { Gate } from '../gate.js'
import { Changes } from './changes.js'
import { EntryFinder } from './entry-finder.js'
import { forgetMember } from './forget-member.js'
import { Heads } from './heads.js'
import { Intents } from './intents.js'
import { Lane } from './lane.js'
import { LogCollections } from './log-collections.js'
import { LogReader } from './log-reader.js'
import { PageReader } from './page-reader.js'
import { Transactions } from './transactions.js'

/** A document holds 16 MB. */
const longestBody = 12_000_000

export interface LogParts {
  readonly client: MongoClient
  readonly collections: Collections
  readonly gate: Gate
  readonly fence: Fence
  readonly batch: number
  readonly clock: Pick<Clock, 'monotonic'>
}

/** The log over blocks: checks what goes in, and lets it through the gate. */
export class MongoLog implements Log {
  readonly #gate: Gate
  readonly #fence: Fence
  readonly #log: LogCollections
  readonly #changes: Changes
  readonly #intents: Intents
  readonly #reader: LogReader
  readonly #pages: PageReader
  readonly #lane: Lane
  readonly #transactions: Transactions

  constructor({ client, collections, gate, fence, batch, clock }: LogParts) {
    const transactions = new Transactions(client, collections)
    const log = new LogCollections(collections, () => void transactions.endOthers('old'))
    const changes = new Changes(log, clock, fence)
    const intents = new Intents(log, changes)
    const finder = new EntryFinder(log, intents)
    const heads = new Heads(log)
    this.#gate = gate
    this.#fence = fence
    this.#transactions = transactions
    this.#log = log
    this.#changes = changes
    this.#intents = intents
    this.#reader = new LogReader(log, changes, heads, finder)
    this.#pages = new PageReader(log, changes, heads)
    this.#lane = new Lane(transactions, { log, heads, changes, intents, finder }, batch)
  }

  /** Applies what is committed and not applied, and announces what a process left that died. Before the first use. */
  async recover(): Promise<void> {
    await this.#transactions.endOthers('all')
    await this.#changes.settled()
    await this.#intents.recover()
  }

  /** Applies all that is committed. */
  async settle(): Promise<void> {
    await this.#changes.settled()
  }

  /** Removes what is not needed any more. */
  async sweep(): Promise<void> {
    await this.#transactions.renew()
    await this.#intents.sweep()
    await this.#changes.settled()
    await this.#changes.tidy()
  }

  /** After the last request: what is committed is applied. */
  async close(): Promise<void> {
    await this.#changes.applyAll()
    await this.#intents.tidy()
    await this.#transactions.close()
  }

  append(append: Append): Promise<Appended> {
    return this.#gate.run(async () => {
      const checked = checkAppend(append)
      if (Buffer.byteLength(checked.body) > longestBody) {
        throw StorageErrors.INVALID({ message: `append.body must have at most ${longestBody} bytes.` })
      }
      // who is told that there is nothing, or something else, is told by what was read; all else is told by what was stored
      return this.#fence.read(
        () => this.#lane.append(checked),
        ({ status }) => status === 'absent' || status === 'stale',
      )
    })
  }

  find(conversation: string, from: string, clientId: string) {
    return this.#gate.read(async () =>
      this.#reader.find(
        checkId('find.conversation', conversation),
        checkId('find.from', from),
        checkId('find.clientId', clientId),
      ),
    )
  }

  head(conversation: string) {
    return this.#gate.read(async () => this.#reader.head(checkId('head.conversation', conversation)))
  }

  range(conversation: string, options: Parameters<Log['range']>[1]) {
    return this.#gate.read(async () =>
      this.#reader.range(checkId('range.conversation', conversation), checkRange(options)),
    )
  }

  page(user: string, conversation: string, options: EntryPageOptions) {
    return this.#gate.read(async () =>
      this.#pages.page(checkId('page.user', user), checkId('page.conversation', conversation), checkPage(options)),
    )
  }

  membership(conversation: string) {
    return this.#gate.read(async () => this.#reader.membership(checkId('membership.conversation', conversation)))
  }

  state(user: string, conversation: string) {
    return this.#gate.read(async () =>
      this.#reader.state(checkId('state.user', user), checkId('state.conversation', conversation)),
    )
  }

  states(user: string, options: { readonly after: number; readonly limit: number }) {
    return this.#gate.read(async () => {
      checkSince('states', options.after, options.limit)
      return this.#reader.states(checkId('states.user', user), options)
    })
  }

  mark(conversation: string, user: string, marks: { readonly read?: number; readonly received?: number }) {
    return this.#gate.run(async () =>
      this.#lane.mark({
        conversation: checkId('mark.conversation', conversation),
        user: checkId('mark.user', user),
        ...checkMarks(marks),
      }),
    )
  }

  rewrite(conversation: string, seq: number, change: Parameters<Log['rewrite']>[2]) {
    return this.#gate.run(async () => {
      const rewriting = {
        conversation: checkId('rewrite.conversation', conversation),
        seq: checkInt('rewrite.seq', seq, 1),
        ...checkRewrite(change),
      }
      return this.#fence.read(
        () => this.#lane.rewrite(rewriting),
        (rewritten) => !rewritten,
      )
    })
  }

  forget(conversation: string, user: string) {
    return this.#gate.run(async () => {
      const place = { c: checkId('forget.conversation', conversation), u: checkId('forget.user', user) }
      await this.#changes.settled()
      await forgetMember(this.#log, place)
    })
  }

  changed(after: number, limit: number) {
    return this.#gate.read(async () => {
      checkSince('changed', after, limit)
      return this.#reader.changed(after, limit)
    })
  }

  latest() {
    return this.#gate.read(() => this.#reader.latest())
  }

  begin() {
    return this.#gate.run(async () => {
      const incarnation = randomBytes(16).toString('base64url')
      for (;;) {
        const [last] = await this.#log.incarnations.find().sort({ _id: -1 }).limit(1).toArray()
        const mark = await this.#reader.latest()
        try {
          await this.#log.incarnations.insertOne({ _id: (last?._id ?? 0) + 1, i: incarnation, m: mark })
          return { incarnation, mark }
        } catch (error) {
          // another server starts at the same time
          if (!isDuplicate(error)) throw error
        }
      }
    })
  }

  holds(cursor: { readonly incarnation: string; readonly mark: number }) {
    return this.#gate.read(() => this.#reader.holds(cursor))
  }
}
