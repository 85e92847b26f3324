import type { Clock, Logger, Timer } from '@natter/core'
import type { LogEntry, Records, Storage } from '@natter/core/contract'
import type { place, position } from './contract.js'
import { fieldsOf } from './text-index.js'
import type { TextIndex } from './text-index.js'

interface FeedParts {
  readonly storage: Pick<Storage, 'log'>
  readonly places: Records<typeof place>
  readonly positions: Records<typeof position>
  readonly index: TextIndex
  readonly clock: Clock
  readonly logger: Logger
}

const everyMs = 1_000
const batch = 200
const page = { limit: 200, bytes: 262_144 }
const key = { of: 'log' }

/**
 * Follows the log from a stored place: what was not in the index when a process died is read again by who comes next, and what
 * is read twice comes to the same. Several nodes may do so at once. A store to which search comes later is read from its beginning.
 */
export class Feed {
  readonly #parts: FeedParts
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #stopped = false
  #failing = false

  constructor(parts: FeedParts) {
    this.#parts = parts
  }

  start(): void {
    this.#timer = this.#parts.clock.every(everyMs, () => void this.run())
    void this.run()
  }

  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#running
  }

  /** Reads on; a run that is under way is shared. */
  run(): Promise<void> {
    this.#running ??= this.#go()
      .then(() => (this.#failing = false))
      .catch((err: unknown) => {
        // The next run goes on where this one stopped; one line says so, not one a second.
        if (!this.#failing)
          this.#parts.logger.warn({ err }, 'messages could not be brought into the index; trying again')
        this.#failing = true
      })
      .then(() => (this.#running = undefined))
    return this.#running
  }

  async #go(): Promise<void> {
    const { storage, positions } = this.#parts
    let mark = (await positions.get(key))?.mark ?? 0
    // A store that was restored is behind: its conversations are held against what is in the index.
    if (mark > 0 && mark > (await storage.log.latest())) {
      mark = 0
      await positions.upsert({ ...key, mark })
    }
    for (let full = true; full && !this.#stopped;) {
      const changed = await storage.log.changed(mark, batch)
      for (const { conversation } of changed) {
        await this.#follow(conversation)
        if (this.#stopped) return
      }
      full = changed.length === batch
      const next = changed.at(-1)?.mark
      if (next === undefined || next <= mark) return
      await this.#note(mark, next)
      mark = next
    }
  }

  async #note(from: number, mark: number): Promise<void> {
    const { positions } = this.#parts
    if (await positions.updateIf({ ...key, mark: { lte: from } }, { mark })) return
    if (from === 0) await positions.insert({ ...key, mark })
  }

  /** Brings what is new in a conversation into the index. */
  async #follow(conversation: string): Promise<void> {
    const { storage, places, index } = this.#parts
    let known = await places.get({ conversation })
    for (;;) {
      const from = Math.max(1, known?.seq ?? 0)
      const entries = await storage.log.range(conversation, { ...page, from, to: Number.MAX_SAFE_INTEGER })
      if (known && entries[0]?.clientId !== known.clientId) {
        // The store was restored, and has another conversation than the one that is in the index.
        await index.forget(conversation)
        await places.take({ conversation })
        known = undefined
        continue
      }
      const fresh = known ? entries.slice(1) : entries
      // In any order, so that they share commits: the place is noted behind all of them.
      await Promise.all(fresh.map((entry) => this.#read(entry)))
      const last = fresh.at(-1)
      if (!last || this.#stopped) return
      known = { conversation, seq: last.seq, clientId: last.clientId }
      const moved = await places.updateIf(
        { conversation, seq: { lt: last.seq } },
        { seq: last.seq, clientId: last.clientId },
      )
      if (!moved) await places.insert(known)
    }
  }

  /** What the system says was done to other entries may have been done while search was not there: they are read again. */
  async #read(entry: LogEntry): Promise<void> {
    const { storage, index } = this.#parts
    if (entry.from !== 'system') return index.read(entry)
    const { of, seqs } = fieldsOf(entry) ?? {}
    const ranges = typeof of === 'number' ? [[of, of]] : Array.isArray(seqs) ? (seqs as readonly number[][]) : []
    for (const [from, to] of ranges) {
      for (let next = from!; next <= to!;) {
        const found = await storage.log.range(entry.conversation, { ...page, from: next, to: to! })
        for (const each of found) if (each.changedBy !== undefined) await index.read(each)
        if (found.length === 0) break
        next = found.at(-1)!.seq + 1
      }
    }
  }
}
