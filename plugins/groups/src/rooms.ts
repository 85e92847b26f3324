import type { Logger } from '@natter/core'
import type { Awaitable, Records, Storage } from '@natter/core/contract'
import type { room as roomModel } from './contract.js'
import { eventsBetween } from './log-events.js'
import type { LoggedEvent } from './log-events.js'
import type { Lists } from './lists.js'
import { after, founded } from './room.js'
import type { Room } from './room.js'
import { roomJson, roomOf } from './room-text.js'

/** A group, and up to where of its log that is true. */
export interface Standing {
  readonly room: Room
  /** Seq of the newest event in it. */
  readonly seq: number
  /** The membership version up to which nothing else happened. */
  readonly version: number
}

interface RoomsParts {
  readonly storage: Pick<Storage, 'log'>
  readonly rows: Records<typeof roomModel>
  readonly lists: Lists
  readonly logger: Logger
  readonly max?: number
}

/** The kinds of conversation that are groups. */
export const isGroup = (kind: string): boolean => kind === 'group' || kind === 'channel'

/**
 * What groups are, as their logs made them: remembered, stored as a projection, and made up for from the log where that
 * knows more. A projection that could not be written is written by who finds it behind.
 */
export class Rooms {
  readonly #parts: RoomsParts
  readonly #known = new Map<string, Standing>()

  constructor(parts: RoomsParts) {
    this.#parts = parts
  }

  /** The group as it is at this membership version or a later one; nothing where there is no such group. */
  at(group: string, version: number): Awaitable<Standing | undefined> {
    const known = this.#known.get(group)
    return known && known.version >= version ? known : this.#load(group, version)
  }

  /** An event was stored: goes on from what it was judged at. */
  async happened(group: string, before: Standing | undefined, logged: LoggedEvent): Promise<Standing> {
    const now = step(before, logged)
    this.#keep(group, now)
    try {
      await this.#write(group, before, now, [logged])
    } catch (err) {
      this.#parts.logger.warn({ err, group }, 'an event of a group is stored, and what is made of it not yet')
    }
    return now
  }

  /** What is stored is brought up to the newest event. @throws STORAGE_… where it cannot be */
  async settle(group: string): Promise<void> {
    const head = await this.#parts.storage.log.head(group)
    if (head) await this.#load(group, head.version)
  }

  async #load(group: string, version: number): Promise<Standing | undefined> {
    const { rows, storage } = this.#parts
    const row = await rows.get({ group })
    const stored = row && { room: roomOf(row.state), seq: row.seq, version: row.version }
    if (stored && stored.version >= version) return this.#keep(group, stored)
    const head = await storage.log.head(group)
    if (!head || !isGroup(head.kind)) return undefined
    const events = await eventsBetween(storage.log, group, stored?.seq ?? 0, head.seq)
    let now = stored
    for (const event of events) now = step(now, event)
    if (!now) return undefined
    now = { ...now, version: Math.max(now.version, head.version) }
    await this.#write(group, stored, now, events)
    return this.#keep(group, now)
  }

  #keep(group: string, now: Standing): Standing {
    const { max = 20_000 } = this.#parts
    const known = this.#known.get(group)
    if (known && known.version >= now.version) return known
    if (!known && this.#known.size >= max) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest!)
    }
    this.#known.set(group, now)
    return now
  }

  /** The lists first: where the room says that an event was seen, they know it too. */
  async #write(
    group: string,
    before: Standing | undefined,
    now: Standing,
    events: readonly LoggedEvent[],
  ): Promise<void> {
    const { rows, lists } = this.#parts
    for (const logged of events) await lists.follow(group, now.room, logged)
    const { seq, version } = now
    const set = { seq, version, state: roomJson(now.room) }
    const older = { version: { lt: version } }
    if (before && (await rows.updateIf({ group, ...older }, set))) return
    if ((await rows.insert({ group, ...set })) === 'exists') await rows.updateIf({ group, ...older }, set)
  }
}

function step(before: Standing | undefined, { event, at, seq, version }: LoggedEvent): Standing {
  if (!before && event.what !== 'created') throw new Error(`The log of a group begins with "${event.what}".`)
  const room = before?.room ?? founded('', 'group', undefined as never)
  return { room: after(room, event, at), seq, version }
}
