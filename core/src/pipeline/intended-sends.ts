import { NatterError, isDenied } from '../contract/index.js'
import type { Intents, PendingIntent, Within } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Logger } from '../kernel/logger.js'
import { Backlog } from '../services/backlog.js'
import type { Pending } from '../services/conversations.js'
import type { PipelineParts } from './parts.js'
import type { Pipeline, Sending } from './pipeline.js'
import { placeOf } from './place.js'
import type { Place } from './place.js'

/** Between two looks for intents that nobody told of, ms of monotonic time: those of a process that died, or of another. */
const lookMs = 5_000
/** Intents per look into the database. */
const page = 200
/** How often one is judged again when the membership changes under it. */
const maxJudgements = 5

export interface IntendedParts {
  readonly pipeline: Pipeline
  readonly parts: PipelineParts
  /** Absent where no database of the chat can take part in a transaction of the host. */
  readonly intents: Intents | undefined
  readonly log: Logger
}

/**
 * Sends within the host's own transaction: judged at once, written there as an intent, and sent through the ordinary lane
 * after the commit. An intent is removed after its message is stored, and the client id makes that once: whoever dies in
 * between is followed by one that finds it stored.
 */
export class IntendedSends {
  readonly #given: IntendedParts
  readonly #backlog: Backlog

  constructor(given: IntendedParts) {
    this.#given = given
    this.#backlog = new Backlog({
      clock: given.parts.clock,
      everyMs: lookMs,
      work: () => this.#look(given.intents!),
      failed: (err) =>
        given.log.warn({ err }, 'intents of committed transactions could not be sent yet; they are looked for again'),
    })
  }

  /** Looks for what an earlier process left, and from now on for what commits. */
  start(): void {
    const { intents } = this.#given
    if (!intents) return
    intents.onCommit(() => this.#backlog.wake())
    this.#backlog.start()
  }

  /** What is under way is finished; the rest waits in the database for the next start. */
  stop(): Promise<void> {
    return this.#backlog.stop()
  }

  /**
   * Judges the message and writes its intent.
   *
   * @throws NATTER_WITHIN_UNAVAILABLE, NATTER_CONFLICT, NATTER_NOT_FOUND, STORAGE_…, and the refusals of hooks.
   */
  async write(sending: Sending, within: Within): Promise<Pending> {
    const { intents, parts, pipeline } = this.#given
    if (!intents || !parts.store) throw NatterErrors.WITHIN_UNAVAILABLE()
    const { place, at, body, digest } = await pipeline.prepare(sending)
    const { conversation, peer } = place
    const { from, clientId } = sending
    await intents.write(within, {
      conversation,
      from,
      clientId,
      at,
      body,
      digest,
      ...(peer === undefined ? {} : { peer }),
    })
    return { durability: 'pending', conversation, clientId }
  }

  /** Sends a page of them: each conversation in its order, all conversations at once. True when there may be more. */
  async #look(intents: Intents): Promise<boolean> {
    const pending = await intents.pending(page)
    const lines = new Map<string, PendingIntent[]>()
    for (const intent of pending) {
      const line = lines.get(intent.conversation)
      if (line) line.push(intent)
      else lines.set(intent.conversation, [intent])
    }
    const sent = await Promise.allSettled([...lines.values()].map((line) => this.#line(intents, line)))
    const failed = sent.find((result) => result.status === 'rejected')
    if (failed) throw failed.reason
    return pending.length === page
  }

  async #line(intents: Intents, line: readonly PendingIntent[]): Promise<void> {
    for (const intent of line) {
      if (this.#backlog.stopped) return
      await this.#send(intent)
      await intents.done(intent.id)
    }
  }

  /** @throws what may be otherwise later; what can never be sent is logged and given up. */
  async #send(intent: PendingIntent): Promise<void> {
    const { pipeline, log } = this.#given
    const { conversation, from, clientId } = intent
    try {
      for (let judged = 0; judged < maxJudgements; judged++) {
        const place = await this.#place(intent)
        if (await pipeline.settle(place, intent, from, clientId)) return
      }
      throw NatterErrors.BUSY()
    } catch (err) {
      if (!NatterError.is(err) || err.retryable || err.status >= 500) throw err
      log.error(
        { err, conversation, from, clientId },
        'a message of a committed transaction cannot be sent, and is given up',
      )
    }
  }

  /** Where it goes as things stand now. Hooks were asked when it was written; who left meanwhile says nothing more. */
  async #place({ conversation, from, peer }: PendingIntent): Promise<Place> {
    const members = await this.#given.parts.members?.(conversation, undefined)
    if (isDenied(members)) throw members.error
    if (members) {
      if (!members.users.includes(from)) throw NatterErrors.NOT_FOUND()
      return placeOf(from, conversation, members, true)
    }
    if (peer === undefined) throw NatterErrors.NOT_FOUND()
    const users = from === peer ? [from] : [from, peer]
    return { conversation, kind: 'direct', users, version: undefined, direct: [from, peer], peer, named: true }
  }
}
