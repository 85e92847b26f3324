import type { Clock, Conversations, Logger } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { Records, RowFor } from '@natter/core/contract'
import type { scheduledRow } from '../scheduled-contract.js'
import { DueWork } from '../due-work.js'

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

/** Who has not sent what they began to send after so long has died over it, ms. */
const leaseMs = 30_000
const pageSize = 100

/**
 * Sends what is due, each by the one node that takes it: others leave it alone until that node must be dead. Who takes it then
 * sends it again under its client id, which the log knows: so it is sent once.
 */
export class Sender {
  readonly #parts: SenderParts
  readonly #due: DueWork

  constructor(parts: SenderParts) {
    this.#parts = parts
    this.#due = new DueWork({
      clock: parts.clock,
      work: (now, soon) => this.#page(now, soon),
      failed: (err) =>
        parts.log.warn({ err }, 'messages that are due could not be sent yet; they are looked for again'),
    })
  }

  start(): void {
    this.#due.start()
  }

  stop(): Promise<void> {
    return this.#due.stop()
  }

  /** Something is to be sent at this time. */
  expect(at: number): void {
    this.#due.expect(at)
  }

  /** Sends a page of what is due. */
  async #page(now: number, until: number) {
    const soon = (await this.#parts.rows.page({ wakeAt: { lte: until } }, { limit: pageSize })).rows
    const due = soon.filter(({ wakeAt }) => wakeAt! <= now)
    await Promise.all(due.map((row) => this.#send(row, now)))
    return { more: due.length === pageSize, next: soon.find(({ wakeAt }) => wakeAt! > now)?.wakeAt }
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
