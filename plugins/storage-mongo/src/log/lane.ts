import type { Append, Appended, Marked } from '@natter/core/contract'
import { faultOf } from '../faults.js'
import { Committer } from './committer.js'
import type { CommitterParts } from './committer.js'
import type { Draft } from './draft.js'
import { judgeMarks } from './marks.js'
import type { Marking } from './marks.js'
import { openOrChange, transactionsOf } from './membership-commit.js'
import { byConversation, draftOf } from './planner.js'
import { rewriteAll } from './rewrites.js'
import type { Rewriting } from './rewrites.js'
import { Sending } from './sending.js'
import type { Transactions } from './transactions.js'

/** Bodies that go over in one command, bytes: the server takes 48 MB. */
const commandBytes = 16_000_000
/** Bodies that are changed in one batch: each is a command of its own. */
const rewritesTogether = 16

interface Waiting<Payload, Answer> {
  readonly payload: Payload
  readonly resolve: (answer: Answer) => void
  readonly reject: (error: Error) => void
}

/** The writes of the log: one batch is under way, and the next is what queued meanwhile. There is no timer. */
export class Lane {
  readonly #transactions: Transactions
  readonly #parts: CommitterParts
  readonly #batch: number
  readonly #marks: Waiting<Marking, Marked | undefined>[] = []
  readonly #rewrites: Waiting<Rewriting, boolean>[] = []
  #sendings: Sending[] = []
  #turn = 0
  #running = false

  constructor(transactions: Transactions, parts: CommitterParts, batch: number) {
    this.#transactions = transactions
    this.#parts = parts
    this.#batch = batch
  }

  append(append: Append): Promise<Appended> {
    return new Promise((resolve, reject) => {
      this.#sendings.push(new Sending(++this.#turn, append, resolve, reject))
      this.#wake()
    })
  }

  mark(payload: Marking): Promise<Marked | undefined> {
    return new Promise((resolve, reject) => {
      this.#marks.push({ payload, resolve, reject })
      this.#wake()
    })
  }

  rewrite(payload: Rewriting): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#rewrites.push({ payload, resolve, reject })
      this.#wake()
    })
  }

  #wake(): void {
    if (this.#running) return
    this.#running = true
    // what is asked in this turn goes together
    setImmediate(() => void this.#run())
  }

  async #run(): Promise<void> {
    while (this.#sendings.length + this.#marks.length + this.#rewrites.length > 0) {
      const marks = this.#marks.splice(0, Math.max(this.#batch >> 1, 1))
      const rewrites = this.#rewrites.splice(0, rewritesTogether)
      await this.#commit(this.#nextSendings(this.#batch - marks.length), marks, rewrites)
    }
    this.#running = false
  }

  #nextSendings(most: number): readonly Sending[] {
    let [count, bytes] = [0, 0]
    while (count < Math.max(most, 1) && count < this.#sendings.length) {
      bytes += this.#sendings[count]!.bytes
      if (count > 0 && bytes > commandBytes) break
      count++
    }
    return this.#sendings.splice(0, count)
  }

  /** Never rejects: what fails is told to those who wait for it. */
  async #commit(
    sendings: readonly Sending[],
    marks: readonly Waiting<Marking, Marked | undefined>[],
    rewrites: readonly Waiting<Rewriting, boolean>[],
  ): Promise<void> {
    const { log, changes, finder, intents } = this.#parts
    const committer = new Committer(this.#parts)
    const later: Sending[] = []
    try {
      await changes.glance()
      const rewritten = await rewriteAll(
        rewrites.map(({ payload }) => payload),
        log,
        intents,
      )
      const { plain, special } = await this.#plan(sendings, later)
      const markings = marks.map(({ payload }) => payload)
      let answers: readonly (Marked | undefined)[] = []
      await committer.plain(plain, async () => {
        const judged = await judgeMarks(markings, log, changes, finder)
        answers = judged.answers
        return { changes: [...rewritten.touched, ...judged.raised], behind: judged.behind }
      })
      rewritten.announced()
      marks.forEach(({ resolve }, place) => resolve(answers[place]))
      rewritten.answers.forEach((answer, place) => {
        if (answer.status === 'fulfilled') rewrites[place]!.resolve(answer.value)
        else rewrites[place]!.reject(faultOf(answer.reason))
      })
      for (const group of transactionsOf(special)) await openOrChange(this.#transactions, group, this.#parts, later)
    } catch (error) {
      const fault = faultOf(error)
      for (const { reject } of [...marks, ...rewrites]) reject(fault)
      const waiting = new Set([...later, ...committer.later])
      for (const sending of sendings) {
        this.#parts.heads.forget(sending.append.conversation)
        if (!waiting.has(sending) && !sending.isTwin) sending.failed(fault)
      }
    }
    const again = [...later, ...committer.later].filter(({ answered }) => !answered)
    if (again.length === 0) return
    // in the order in which they came, before those that came later
    this.#sendings = [...again.toSorted((a, b) => a.turn - b.turn), ...this.#sendings]
  }

  async #plan(
    sendings: readonly Sending[],
    later: Sending[],
  ): Promise<{ readonly plain: readonly Draft[]; readonly special: readonly Draft[] }> {
    const { heads, finder } = this.#parts
    const plain: Draft[] = []
    const special: Draft[] = []
    const lists = byConversation(sendings)
    const known = await heads.guess(lists.keys())
    for (const [conversation, list] of lists) {
      const fresh = known.fresh.has(conversation)
      const plan = await draftOf(conversation, list, known.heads.get(conversation), fresh, {
        heads,
        lookup: finder.lookup,
      })
      later.push(...plan.later)
      if (plan.draft) (plan.draft.special ? special : plain).push(plan.draft)
    }
    return { plain, special }
  }
}
