import { isDeepStrictEqual } from 'node:util'
import { InTurn, NatterErrors } from '@natter/core'
import type { Clock, Conversations } from '@natter/core'
import type { Address, Records, RowFor, Storage } from '@natter/core/contract'
import { ActionsErrors } from '../contract.js'
import type { Scheduled, scheduledRow } from '../scheduled-contract.js'

type Row = RowFor<typeof scheduledRow>
type Body = Readonly<Record<string, unknown>>
interface ScheduleParts {
  readonly rows: Records<typeof scheduledRow>
  readonly storage: Pick<Storage, 'log'>
  readonly conversations: Conversations
  readonly clock: Clock
  readonly bounds: { readonly scheduled: number; readonly scheduleMs: number }
  /** Told of a time at which something is to be sent. */
  readonly expect: (at: number) => void
}

/** So long before its time a message is scheduled at the latest, ms. */
const leastMs = 5_000
const mostTries = 50
/** Judged without taking a turn to write: that is for when it is sent. */
const judged = (id: string) => ({ id, counts: false })

/** What people want to be sent at a time. */
export class Schedule {
  readonly #parts: ScheduleParts
  readonly #turns = new InTurn()

  constructor(parts: ScheduleParts) {
    this.#parts = parts
  }

  /** By their time. */
  async of(user: string): Promise<readonly Scheduled[]> {
    const { rows } = await this.#parts.rows.page({ user }, { limit: 1_000 })
    return rows.map(itemOf).toSorted((a, b) => a.at - b.at)
  }

  /** @throws as the command says */
  async add(me: string, to: Address, body: Body, { at, id }: { readonly at: number; readonly id: string }) {
    const { rows, storage, conversations, bounds, expect } = this.#parts
    const conversation = typeof to === 'string' ? to : conversations.direct(me, to.user)
    await this.#turns.run(me, async () => {
      const known = await rows.get({ user: me, clientId: id })
      if (known) return mustBeSame(known, { conversation, body, at })
      // Asked again after it was sent: the first answer was lost.
      if (await storage.log.find(conversation, me, id)) return undefined
      this.#mustBeInTime(at)
      await conversations.judge(me, to, body, judged(id))
      const { rows: mine } = await rows.page({ user: me }, { limit: bounds.scheduled })
      if (mine.length >= bounds.scheduled) throw ActionsErrors.TOO_MANY()
      const peer = typeof to === 'string' ? {} : { peer: to.user }
      const row = { user: me, clientId: id, conversation, ...peer, body, at, state: 'waiting', wakeAt: at, version: 1 }
      // On another node at once: it is there then, and compared like any.
      if ((await rows.insert(row)) === 'exists') throw NatterErrors.BUSY()
      expect(at)
    })
    return conversation
  }

  /** @throws as the command says */
  async change(me: string, id: string, change: { readonly at?: number | undefined; readonly body?: Body | undefined }) {
    const { rows, conversations, expect } = this.#parts
    for (let tries = 0; tries < mostTries; tries++) {
      const row = await this.#mine(me, id)
      const { at = row.at, body = row.body as Body } = change
      this.#mustBeInTime(at)
      const to = row.peer === undefined ? row.conversation : { user: row.peer }
      await conversations.judge(me, to, body, judged(id))
      const set = { at, body, state: 'waiting', refused: undefined, wakeAt: at }
      // Only as it was read: who began to send it meanwhile sends what it said.
      const next = await rows.updateIf({ user: me, clientId: id, version: row.version }, set, { version: 1 })
      if (!next) continue
      expect(at)
      return next.conversation
    }
    throw NatterErrors.BUSY()
  }

  /** @throws as the command says */
  async cancel(me: string, conversation: string, id: string): Promise<void> {
    const { rows, storage } = this.#parts
    for (let tries = 0; tries < mostTries; tries++) {
      const row = await rows.get({ user: me, clientId: id })
      if (row?.conversation !== conversation) {
        // Called off before, and the answer was lost; unless it was sent.
        if (await storage.log.find(conversation, me, id)) throw ActionsErrors.TOO_LATE()
        return
      }
      if (row.state === 'sending') throw ActionsErrors.TOO_LATE()
      if (await rows.take({ user: me, clientId: id, version: row.version })) return
    }
    throw NatterErrors.BUSY()
  }

  async #mine(me: string, id: string): Promise<Row> {
    const row = await this.#parts.rows.get({ user: me, clientId: id })
    if (!row) throw NatterErrors.NOT_FOUND()
    if (row.state === 'sending') throw ActionsErrors.TOO_LATE()
    return row
  }

  #mustBeInTime(at: number): void {
    const ahead = at - this.#parts.clock.now()
    if (ahead < leastMs || ahead > this.#parts.bounds.scheduleMs) throw ActionsErrors.WHEN()
  }
}

function mustBeSame(row: Row, { conversation, body, at }: Pick<Row, 'conversation' | 'body' | 'at'>): void {
  const same = row.conversation === conversation && row.at === at && isDeepStrictEqual(row.body, body)
  if (!same) throw NatterErrors.CONFLICT()
}

export function itemOf({ clientId, conversation, peer, body, at, state, refused }: Row): Scheduled {
  return {
    id: clientId,
    conversation,
    ...(peer !== undefined && { peer }),
    body: body as Scheduled['body'],
    at,
    state: state as Scheduled['state'],
    ...(refused !== undefined && { refused }),
  }
}
