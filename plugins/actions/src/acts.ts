import { NatterErrors, newId } from '@natter/core'
import type { Clock, Conversations, Logger } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import { isDeleted } from './later.js'
import type { AnyBody, Change } from './later.js'
import type { Reading, Seen } from './reading.js'
import type { Unsettled } from './unsettled.js'

/** What an act comes to, and at which membership version that was judged. */
export interface Step {
  readonly change: Omit<Change, 'by' | 'seq' | 'at'>
  readonly version: number | undefined
  /** Who does it, where that is not to be known: an id that is nobody's. */
  readonly as?: string
}
/** Judges an act on a message; nothing where all is as it should be. @throws the refusal */
export type Judgement = (seen: Seen) => Promise<Step | undefined>

/** What an act says in the log: all but what it makes a message say. */
export function actOf({ what, emoji, choices }: Step['change'], by: string, of: number) {
  return { type: 'act', what, by, of, ...(emoji !== undefined && { emoji }), ...(choices && { choices }) }
}

interface ActsParts {
  readonly conversations: Conversations
  readonly reading: Reading
  readonly unsettled: Unsettled
  readonly clock: Clock
  readonly logger: Logger
}

const mostTries = 50

/** Acts on messages: each is judged by what is, has its place in the log, and then is made of the message. */
export class Acts {
  readonly #parts: ActsParts

  constructor(parts: ActsParts) {
    this.#parts = parts
  }

  /**
   * Acts, judged again whenever the membership changed in between; the message as it is then, or nothing where it is in the log
   * and the message cannot be told yet.
   *
   * @throws NATTER_NOT_FOUND, what the judgement throws, STORAGE_…
   */
  async act(me: string, conversation: string, seq: number, judge: Judgement): Promise<Seen | undefined> {
    const { reading, unsettled } = this.#parts
    return unsettled.inTurn(conversation, seq, async () => {
      for (let tries = 0; tries < mostTries; tries++) {
        const seen = await reading.message(me, conversation, seq)
        const step = await judge(seen)
        if (!step) return seen
        if (await this.#store(seen, step)) return this.#after(seen)
      }
      throw NatterErrors.BUSY()
    })
  }

  /** Ends a message at its time. Nodes that do so at once make one entry. @throws STORAGE_… */
  async expire(conversation: string, seq: number): Promise<void> {
    const { unsettled } = this.#parts
    await unsettled.inTurn(conversation, seq, async () => {
      const entry = await unsettled.settled(conversation, seq)
      if (!entry || entry.body === '' || isDeleted(JSON.parse(entry.body) as AnyBody)) return
      const step = { change: { what: 'expired' }, version: undefined, as: 'system' } as const
      await this.#take({ conversation, seq }, 'system', step, `expired ${seq}`)
    })
  }

  async #store({ me, state: { conversation }, entry: { seq } }: Seen, step: Step): Promise<boolean> {
    return this.#take({ conversation, seq }, me, step, newId())
  }

  /** Whether it took its place; not where it must be judged again. */
  async #take(
    { conversation, seq }: { readonly conversation: string; readonly seq: number },
    me: string,
    { change, version, as: by = me }: Step,
    cause: string,
  ): Promise<boolean> {
    const { conversations, unsettled, clock, logger } = this.#parts
    const coming = { conversation, target: seq, change: { ...change, by }, entry: { cause } }
    const row = await unsettled.note(coming, clock.now())
    const body = actOf(change, by, seq)
    try {
      const judgedAt = version === undefined ? {} : { judgedAt: version }
      await conversations.append(conversation, { body, cause, ...judgedAt })
    } catch (error) {
      // Of what the store did not answer nobody knows yet: the note stays until the log tells.
      if (NatterError.is(error) && error.status < 500) await unsettled.drop(row)
      if (NatterError.is(error) && error.code === NatterErrors.STALE.code) return false
      throw error
    }
    await unsettled.settled(conversation, seq, row).catch((err: unknown) => {
      logger.warn({ err, conversation, seq }, 'an act is in the log, and not yet made of its message')
    })
    return true
  }

  async #after({ me, state, entry }: Seen): Promise<Seen | undefined> {
    return this.#parts.reading.message(me, state.conversation, entry.seq).catch(() => undefined)
  }
}
