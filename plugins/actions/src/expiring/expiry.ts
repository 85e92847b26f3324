import type { Clock, Logger, StoreRequest } from '@natter/core'
import type { Records, RowFor, Storage } from '@natter/core/contract'
import type { Acts } from '../acts.js'
import { DueWork } from '../due-work.js'
import { isDeleted } from '../later.js'
import type { AnyBody } from '../later.js'
import type { expiringRow } from '../timer-contract.js'
import type { Unsettled } from '../unsettled.js'
import type { Timers } from './timers.js'

type Row = RowFor<typeof expiringRow>
interface ExpiryParts {
  readonly rows: Records<typeof expiringRow>
  readonly storage: Pick<Storage, 'log'>
  readonly timers: Timers
  readonly acts: Acts
  readonly unsettled: Unsettled
  readonly clock: Clock
  readonly log: Logger
}

const pageSize = 100
/** A message that is due and not in the log is looked for so much later, ms, so many times: then it never came there. */
const laterMs = 60_000
const mostMissed = 10

/**
 * Lets messages disappear at their time. That one does is noted before it is stored, so that no death in between lets it stay;
 * the message itself says when.
 */
export class Expiry {
  readonly #parts: ExpiryParts
  readonly #due: DueWork

  constructor(parts: ExpiryParts) {
    this.#parts = parts
    this.#due = new DueWork({
      clock: parts.clock,
      work: (now, soon) => this.#page(now, soon),
      failed: (err) =>
        parts.log.warn(
          { err },
          'messages that are to disappear could not be gone through yet; they are looked for again',
        ),
    })
  }

  start(): void {
    this.#due.start()
  }

  stop(): Promise<void> {
    return this.#due.stop()
  }

  /** A message is about to be stored: notes when it disappears, if it does. */
  note({ conversation, from, clientId, body }: StoreRequest): Promise<undefined> | undefined {
    const at = expiresOf(body)
    if (at === undefined) return undefined
    this.#due.expect(at)
    return this.#parts.rows.insert({ conversation, sender: from, clientId, at, missed: 0 }).then(() => undefined)
  }

  async #page(now: number, until: number) {
    const { rows, timers } = this.#parts
    await timers.settle(now)
    const soon = (await rows.page({ at: { lte: until } }, { limit: pageSize })).rows
    const due = soon.filter(({ at }) => at <= now)
    await Promise.all(due.map((row) => this.#end(row, now)))
    return { more: due.length === pageSize, next: soon.find(({ at }) => at > now)?.at }
  }

  async #end({ conversation, sender, clientId, at, missed }: Row, now: number): Promise<void> {
    const { rows, storage, acts, unsettled } = this.#parts
    const key = { conversation, sender, clientId }
    const place = await storage.log.find(conversation, sender, clientId)
    if (!place) {
      if (missed < mostMissed) await rows.updateIf({ ...key, at }, { at: now + laterMs }, { missed: 1 })
      else await rows.take(key)
      return
    }
    const entry = await unsettled.settled(conversation, place.seq)
    const stays = entry && expiresOf(entry.body)
    // Judged twice it was stored with the later time.
    if (stays !== undefined && stays > now) {
      await rows.updateIf({ ...key, at }, { at: stays })
      return
    }
    await acts.expire(conversation, place.seq)
    await rows.take(key)
  }
}

/** When a message disappears, ms; nothing where it stays, or is gone. */
function expiresOf(body: string): number | undefined {
  // Every message comes by here, and few have it.
  if (!body.includes('"expires":')) return undefined
  const fields = JSON.parse(body) as AnyBody
  const at = fields['expires']
  return typeof at === 'number' && !isDeleted(fields) ? at : undefined
}
