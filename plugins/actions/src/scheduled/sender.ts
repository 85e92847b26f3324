import { Backlog } from '@natter/core'
import type { Clock, Conversations, Logger, Timer } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { Records, RowFor } from '@natter/core/contract'
import type { scheduledRow } from '../scheduled-contract.js'
import { SteadyTime } from '../steady-time.js'

type Row = RowFor<typeof scheduledRow>
/** What became of one. */
export type Outcome =
  { readonly what: 'sent'; readonly seq?: number } | { readonly what: 'refused'; readonly refused: string }

interface SenderParts {
  readonly rows: Records<typeof scheduledRow>
  readonly conversations: Pick<Conversations, 'send'>
  readonly clock: Clock
  readonly log: Logger
  readonly tell: (row: Row, outcome: Outcome) => void
}

/** Between two looks for what other nodes wrote, ms. */
const lookMs = 5_000
/** Who has not sent what they began to send after so long has died over it, ms. */
const leaseMs = 30_000
const pageSize = 100

/**
 * Sends what is due, each by the one node that takes it: others leave it alone until that node must be dead. Who takes it then
 * sends it again under its client id, which the log knows: so it is sent once.
 */
export class Sender {
  readonly #parts: SenderParts
  readonly #time: SteadyTime
  readonly #backlog: Backlog
  #next: { readonly at: number; readonly timer: Timer } | undefined

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.#time = new SteadyTime(parts.clock)
    this.#backlog = new Backlog({
      clock: parts.clock,
      everyMs: lookMs,
      work: () => this.#page(),
      failed: (err) =>
        parts.log.warn({ err }, 'messages that are due could not be sent yet; they are looked for again'),
    })
  }

  start(): void {
    this.#backlog.start()
  }

  stop(): Promise<void> {
    this.#next?.timer.cancel()
    return this.#backlog.stop()
  }

  /** Something is due at this time: it is looked for then, if that is before the next look. */
  expect(at: number): void {
    const ahead = at - this.#time.now()
    if (this.#backlog.stopped || ahead > lookMs || (this.#next && this.#next.at <= at)) return
    this.#next?.timer.cancel()
    const timer = this.#parts.clock.after(Math.max(ahead, 0), () => {
      this.#next = undefined
      this.#backlog.wake()
    })
    this.#next = { at, timer }
  }

  /** Sends a page of what is due. True when there may be more. */
  async #page(): Promise<boolean> {
    const now = this.#time.now()
    const soon = (await this.#parts.rows.page({ wakeAt: { lte: now + lookMs } }, { limit: pageSize })).rows
    const due = soon.filter(({ wakeAt }) => wakeAt! <= now)
    const next = soon.find(({ wakeAt }) => wakeAt! > now)
    if (next) this.expect(next.wakeAt!)
    await Promise.all(due.map((row) => this.#send(row, now)))
    return due.length === pageSize
  }

  async #send({ user, clientId, version }: Row, now: number): Promise<void> {
    const { rows, conversations, log, tell } = this.#parts
    const taken = { state: 'sending', wakeAt: now + leaseMs }
    // As it was read: not where it was changed or called off, or another node has it.
    const row = await rows.updateIf({ user, clientId, version }, taken, { version: 1 })
    if (!row) return
    const mine = { user, clientId, version: row.version }
    try {
      const to = row.peer === undefined ? row.conversation : { user: row.peer }
      const ack = await conversations.send(user, to, row.body as never, { id: clientId })
      await rows.take(mine)
      tell(row, { what: 'sent', ...(ack.durability === 'committed' && { seq: ack.seq }) })
    } catch (err) {
      if (!NatterError.is(err) || err.status >= 500 || err.retryable) {
        log.warn(
          { err, user, clientId },
          'what became of a message that is due is not known yet; it is sent again later',
        )
        return
      }
      const refused = { state: 'refused', refused: err.code, wakeAt: undefined }
      if (await rows.updateIf(mine, refused, { version: 1 })) tell(row, { what: 'refused', refused: err.code })
    }
  }
}
