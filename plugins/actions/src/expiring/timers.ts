import { InTurn, NatterErrors, newId } from '@natter/core'
import type { Clock, Conversations } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { Awaitable, Records, RowFor } from '@natter/core/contract'
import type { GroupRights } from '@natter/groups/contract'
import { ActionsErrors } from '../contract.js'
import type { Reading } from '../reading.js'
import type { timerRow } from '../timer-contract.js'

type Row = RowFor<typeof timerRow>
interface TimersParts {
  readonly rows: Records<typeof timerRow>
  readonly conversations: Conversations
  readonly reading: Reading
  readonly rights: GroupRights | undefined
  readonly clock: Clock
}
interface Setting {
  readonly me: string
  readonly conversation: string
  readonly afterMs: number
  /** What it was before, where it is refused. */
  readonly undo: number
}
/** What a timer is as of a membership version. */
interface Known {
  readonly version: number
  readonly afterMs: number
}

/** Who has not said what they set after so long has died over it, ms. */
const deadMs = 10_000
const mostTries = 50
const mostKnown = 20_000
/** Nothing of it is left to be said. */
const said = { setter: undefined, cause: undefined, wakeAt: undefined }

/**
 * After how long messages disappear, by conversation. It is stored, and then said in the log by an entry that raises the
 * membership version: what was judged before it is judged again, and finds what is stored. So behind that entry nothing is sent
 * by the timer before it, whichever node it is sent from.
 */
export class Timers {
  readonly #parts: TimersParts
  readonly #turns = new InTurn()
  readonly #known = new Map<string, Known>()

  constructor(parts: TimersParts) {
    this.#parts = parts
  }

  /** What counts for a message that is judged at this membership version, ms; 0: it stays. */
  at(conversation: string, version: number): Awaitable<number> {
    const known = this.#known.get(conversation)
    return known && known.version >= version ? known.afterMs : this.#load(conversation, version)
  }

  /** @throws NATTER_NOT_FOUND for who is no member */
  async of(me: string, conversation: string): Promise<number> {
    await this.#parts.reading.place(me, conversation)
    return (await this.#parts.rows.get({ conversation }))?.afterMs ?? 0
  }

  /** Judged again whenever the membership changed in between. @throws as the command says */
  async set(me: string, conversation: string, afterMs: number): Promise<void> {
    await this.#turns.run(conversation, async () => {
      const undo = (await this.#parts.rows.get({ conversation }))?.afterMs ?? 0
      for (let tries = 0; tries < mostTries; tries++) if (await this.#try({ me, conversation, afterMs, undo })) return
      throw NatterErrors.BUSY()
    })
  }

  /** Says what is stored where who set it died before they did. Whoever is a member then stands for them. */
  async settle(now: number): Promise<void> {
    const { rows } = await this.#parts.rows.page({ wakeAt: { lte: now } }, { limit: 100 })
    for (const row of rows) await this.#turns.run(row.conversation, () => this.#make(row))
  }

  async #load(conversation: string, version: number): Promise<number> {
    const afterMs = (await this.#parts.rows.get({ conversation }))?.afterMs ?? 0
    if (this.#known.size >= mostKnown) this.#known.delete(this.#known.keys().next().value!)
    this.#known.set(conversation, { version, afterMs })
    return afterMs
  }

  async #try({ me, conversation, afterMs, undo }: Setting): Promise<boolean> {
    const { rows, conversations, reading, rights, clock } = this.#parts
    const state = await reading.place(me, conversation)
    if ((await rights?.may(conversation, me, 'govern', { version: state.version })) === false)
      throw ActionsErrors.NOT_ALLOWED()
    const options = { id: newId(), counts: false, without: ['actions'] }
    const { version } = await conversations.judge(me, conversation, { type: 'timer', by: me, afterMs }, options)
    const before = await rows.get({ conversation })
    if ((before?.afterMs ?? 0) === afterMs && before?.wakeAt === undefined) return true
    const next = { afterMs, setter: me, cause: newId(), wakeAt: clock.now() + deadMs }
    const row = before
      ? await rows.updateIf({ conversation, version: before.version }, next, { version: 1 })
      : (await rows.insert({ conversation, version: 1, ...next })) === 'inserted' && {
          conversation,
          version: 1,
          ...next,
        }
    return row ? this.#say(row, me, version, undo) : false
  }

  /** Whether it is in the log; not where it must be judged again. */
  async #say(row: Row, member: string, version: number | undefined, undo: number): Promise<boolean> {
    try {
      await this.#append(row, member, version)
      return true
    } catch (error) {
      if (NatterError.is(error) && error.code === NatterErrors.STALE.code) return false
      // Of what the store did not answer nobody knows yet: it is said later.
      if (NatterError.is(error) && error.status < 500) await this.#done(row, { afterMs: undo })
      throw error
    }
  }

  async #make(row: Row): Promise<void> {
    const { conversations } = this.#parts
    for (let tries = 0; tries < mostTries; tries++) {
      const members = await conversations.members(row.conversation)
      const [member] = members?.users ?? []
      if (!members || member === undefined) return this.#done(row)
      try {
        return await this.#append(row, member, members.version)
      } catch (error) {
        if (!NatterError.is(error) || error.code !== NatterErrors.STALE.code) throw error
      }
    }
  }

  /** The join of somebody who is there changes nothing but the version. */
  async #append(row: Row, member: string, version: number | undefined): Promise<void> {
    const { conversation, setter, cause, afterMs } = row
    const body = { type: 'timer', by: setter, afterMs }
    const judgedAt = version === undefined ? {} : { judgedAt: version }
    const members = { join: [{ user: member }] }
    await this.#parts.conversations.append(conversation, { body, cause: cause!, members, ...judgedAt })
    await this.#done(row)
  }

  async #done({ conversation, version }: Row, more: { readonly afterMs?: number } = {}): Promise<void> {
    await this.#parts.rows.updateIf({ conversation, version }, { ...said, ...more }, { version: 1 })
  }
}
