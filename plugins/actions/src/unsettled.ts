import { causeId, InTurn, NatterErrors } from '@natter/core'
import type { messageRewriting, Runner } from '@natter/core'
import type { LogEntry, Records, RowFor, Storage } from '@natter/core/contract'
import type { pending } from './contract.js'
import { isDeleted, later } from './later.js'
import type { AnyBody, Change } from './later.js'
import type { Traces } from './traces.js'

type Row = RowFor<typeof pending>
/** What is about to happen to a message, by which entry: the system's for this cause, or a person's own. */
export interface Coming {
  readonly conversation: string
  readonly target: number
  readonly change: Omit<Change, 'seq' | 'at'>
  readonly entry: { readonly cause: string } | { readonly from: string; readonly clientId: string }
}

interface UnsettledParts {
  readonly rows: Records<typeof pending>
  readonly storage: Pick<Storage, 'log'>
  readonly rewriting: Runner<typeof messageRewriting>
  readonly traces: Traces
}

/** More at once than one message ever has. */
const perTarget = 500
const mostTries = 50
/** What leaves nothing of a message. */
const ends: ReadonlySet<Change['what']> = new Set(['deleted', 'expired'])

/**
 * What is about to happen to messages. It is noted, then its entry takes its place in the log, then the message is rewritten and
 * the note goes: whoever dies in between, who comes next reads the notes and brings the message up to its log. Several may do so at
 * once: what they make is the same, and none of them writes over what it has not read.
 */
export class Unsettled {
  readonly #parts: UnsettledParts
  readonly #turns = new InTurn()

  constructor(parts: UnsettledParts) {
    this.#parts = parts
  }

  /** Acts on one message one after the other, on this node. */
  inTurn<T>(conversation: string, target: number, act: () => Promise<T>): Promise<T> {
    return this.#turns.run(`${conversation}/${target}`, act)
  }

  async note(coming: Coming, now: number): Promise<Row> {
    const row = noteOf(coming, now)
    await this.#parts.rows.insert(row)
    return row
  }

  async drop({ conversation, sender, clientId }: Row): Promise<void> {
    await this.#parts.rows.take({ conversation, sender, clientId })
  }

  /** The entry as it stands now, with all that happened to it; `mine` was noted by who asks. Nothing where there is none. */
  async settled(conversation: string, target: number, mine?: Row): Promise<LogEntry | undefined> {
    for (let tries = 0; tries < mostTries; tries++) {
      const found = await this.#made(conversation, target, mine)
      // Somebody else wrote it in the same moment, an erasure for one: it is made anew of what it says by then.
      if (found !== 'again') return found
    }
    throw NatterErrors.BUSY()
  }

  async #made(conversation: string, target: number, mine: Row | undefined): Promise<LogEntry | 'again' | undefined> {
    const { storage } = this.#parts
    // Notes first: what is missing among them is in the entry.
    const happened = await this.#happened(conversation, target, mine)
    const [entry] = await storage.log.range(conversation, { from: target, to: target, limit: 1, bytes: 1 })
    if (!entry || happened.length === 0) return entry
    const after = await this.#rewrite(
      entry,
      happened.map(({ change }) => change).sort((a, b) => a.seq - b.seq),
    )
    if (after === 'again') return after
    // One that stays harms nothing: who comes next takes it away.
    for (const { row } of happened) await this.drop(row).catch(() => undefined)
    return after
  }

  /**
   * What is noted and has its place in the log, up to some entry without a gap. Notes and places are not of one moment: what was
   * not there yet, or not even noted, may have come before something that is found. It was noted before it was stored, and
   * so before what is behind it was: whoever looks once more sees it.
   */
  async #happened(conversation: string, target: number, mine: Row | undefined) {
    const places = new Map<string, Place>()
    const look = async () => {
      const noted = (await this.#parts.rows.page({ conversation, target }, { limit: perTarget })).rows
      const all = mine && !noted.some(({ clientId }) => clientId === mine.clientId) ? [...noted, mine] : noted
      await Promise.all(
        all.map(async (row) => {
          const place = places.get(keyOf(row)) ?? (await this.#place(row))
          if (place) places.set(keyOf(row), place)
        }),
      )
      return all
    }
    await look()
    const newest = Math.max(0, ...[...places.values()].map(({ seq }) => seq))
    if (newest === 0) return []
    return (await look()).flatMap((row) => {
      const place = places.get(keyOf(row))
      return place && place.seq <= newest ? [{ row, change: changeOf(row, place) }] : []
    })
  }

  /** Brings up all messages of a conversation that something is noted for. */
  async settle(conversation: string): Promise<void> {
    const { rows } = await this.#parts.rows.page({ conversation }, { limit: perTarget })
    for (const target of new Set(rows.map((row) => row.target))) await this.settled(conversation, target)
  }

  /** Where the entry of a note is in the log; nothing while it is not there. */
  #place({ conversation, sender, clientId }: Row) {
    return this.#parts.storage.log.find(conversation, sender, clientId)
  }

  async #rewrite(entry: LogEntry, changes: readonly Change[]): Promise<LogEntry | 'again'> {
    const { storage, rewriting, traces } = this.#parts
    const { conversation, seq, changedBy = 0 } = entry
    // Of who was erased nothing is left to change, and nothing is kept that was written meanwhile.
    if (entry.body === '') {
      await traces.erase(conversation, seq)
      return entry
    }
    const before = JSON.parse(entry.body) as AnyBody
    let body = before
    let by = changedBy
    for (const change of changes) {
      // A deletion counts also where the message was rewritten by something else meanwhile, an erasure for one.
      if (change.seq > changedBy || (ends.has(change.what) && !isDeleted(body))) {
        await traces.keep(entry, body, change)
        body = later(body, change)
        by = Math.max(by, change.seq)
      }
      await traces.follow(conversation, seq, change)
    }
    if (isDeleted(body)) await traces.forget(conversation, seq)
    if (by === changedBy && body === before) return entry
    await rewriting({ conversation, seq, by, before: typed(before), after: typed(body) }, undefined)
    const text = JSON.stringify(body)
    const gone = isDeleted(body) && !isDeleted(before)
    const next = { body: text, by, was: entry.body, ...(gone && { forget: 'content' as const }) }
    if (await storage.log.rewrite(conversation, seq, next)) return { ...entry, body: text, changedBy: by }
    await this.#outrun(entry, by, body)
    return 'again'
  }

  /** What was told and kept of a body that came too late is taken back, for the one that is there. */
  async #outrun({ conversation, seq }: LogEntry, by: number, late: AnyBody): Promise<void> {
    const { storage, rewriting, traces } = this.#parts
    const [now] = await storage.log.range(conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
    const after = now && now.body !== '' ? typed(JSON.parse(now.body) as AnyBody) : undefined
    await rewriting({ conversation, seq, by, before: typed(late), after }, undefined)
    if (!after) await traces.erase(conversation, seq)
    else if (isDeleted(after)) await traces.forget(conversation, seq)
  }
}

type Place = NonNullable<Awaited<ReturnType<Storage['log']['find']>>>
const keyOf = ({ sender, clientId }: Row) => `${sender}\0${clientId}`
const typed = (body: AnyBody) => ({ type: 'text', ...body })

/** The note of what is about to happen. */
export function noteOf({ conversation, target, change, entry }: Coming, at: number): Row {
  const [sender, clientId] = 'cause' in entry ? ['system', causeId(entry.cause)] : [entry.from, entry.clientId]
  return { conversation, sender, clientId, target, at, change }
}

function changeOf(row: Row, { seq, at }: { readonly seq: number; readonly at: number }): Change {
  return { ...(row.change as Omit<Change, 'seq' | 'at'>), seq, at }
}
