import { NatterErrors } from '@natter/core'
import type { Clock } from '@natter/core'
import { NatterError, deny } from '@natter/core/contract'
import type { Denied, Records } from '@natter/core/contract'
import type { answer, EntryNow } from './contract.js'
import { mustBeMessage } from './reading.js'
import type { Reading } from './reading.js'
import { noteOf } from './unsettled.js'
import type { Coming, Unsettled } from './unsettled.js'

interface AnswersParts {
  readonly rows: Records<typeof answer>
  readonly reading: Reading
  readonly unsettled: Unsettled
  readonly clock: Clock
}
/** What of a reply is looked at. */
export interface Reply {
  readonly conversation: string
  readonly from: string
  readonly clientId: string
  readonly to: number
  readonly thread?: number | undefined
}

/** Replies, which are messages like others, and the threads they make. */
export class Answers {
  readonly #parts: AnswersParts

  constructor(parts: AnswersParts) {
    this.#parts = parts
  }

  /**
   * May this reply be written? What it answers must be there for its writer, and in the same thread. Notes it for the thread,
   * before it takes its place in the log.
   */
  async mayReply({ conversation, from, clientId, to, thread }: Reply): Promise<Denied | undefined> {
    const { reading, unsettled, clock } = this.#parts
    try {
      const answered = await reading.message(from, conversation, to)
      mustBeMessage(answered)
      if (thread === undefined) return undefined
      const root = await reading.message(from, conversation, thread)
      const inside = to === thread || answered.body['thread'] === thread
      if (root.entry.from === 'system' || root.body['thread'] !== undefined || !inside)
        return deny(NatterErrors.NOT_FOUND)
      await unsettled.note(answering({ conversation, from, clientId }, thread), clock.now())
      return undefined
    } catch (error) {
      if (NatterError.is(error) && error.status < 500) return deny(error)
      throw error
    }
  }

  /** A reply is in the log: its thread has it from now on, also where it was judged so long ago that the note is gone. */
  async stored({ thread, ...reply }: Omit<Reply, 'to'>): Promise<void> {
    if (thread === undefined) return
    const { unsettled, clock } = this.#parts
    await unsettled.settled(reply.conversation, thread, noteOf(answering(reply, thread), clock.now()))
  }

  /** A page of a thread, for who may read it. @throws NATTER_NOT_FOUND */
  async page(
    me: string,
    conversation: string,
    root: number,
    { before, limit }: { readonly before?: number | undefined; readonly limit: number },
  ): Promise<{ readonly entries: readonly EntryNow[]; readonly more: boolean }> {
    const { rows, reading } = this.#parts
    // Who may read what a thread begins with may read all that answers it.
    await reading.message(me, conversation, root)
    const seq = { gt: root, ...(before !== undefined && { lt: before }) }
    const found = (await rows.page({ conversation, root, seq }, { limit: limit + 1, dir: 'desc' })).rows
    const seqs = found.slice(0, limit).map((row) => row.seq)
    const entries = await reading.entries(me, conversation, seqs.reverse())
    return { entries, more: found.length > limit }
  }
}

function answering({ conversation, from, clientId }: Omit<Reply, 'to' | 'thread'>, thread: number): Coming {
  return { conversation, target: thread, change: { what: 'answered', by: from }, entry: { from, clientId } }
}
