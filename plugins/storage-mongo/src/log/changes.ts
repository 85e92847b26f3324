import { setTimeout as pause } from 'node:timers/promises'
import type { Clock } from '@natter/core'
import { StorageErrors } from '@natter/core/contract'
import type { Document } from 'mongodb'
import { MongoErrors } from '../errors.js'
import type { Fence } from '../fence.js'
import type { Change, ChangeRecord } from './documents.js'
import { between, changesPlace, latestMark, marksPerRecord } from './documents.js'
import type { LogCollections } from './log-collections.js'
import { applyChanges } from './projection.js'

/** Who has not looked for longer than this may want a record that was there and is removed, ms. */
const lateMs = 10_000
/** Records stay for so long behind their application, ms: longer than a transaction of the server, which is one minute. */
const keptMs = 120_000
/**
 * Changes that wait until they are applied without being asked for: what moves again and again is written once. Who reads
 * waits for them, so they are not many.
 */
const appliedTogether = 1_024
/** Records that are read in one go: a server that was away for long has many to catch up with, and each read has a time limit. */
const readTogether = 1_000
/** What another process is committing is visible soon, ms; so is everything after an election. */
const soonMs = 2
const visibleMs = 5_000

/** The newest record that was known, and since when, monotonic ms. */
export interface Behind {
  readonly place: number
  readonly at: number
}
/** A record that is to be stored, and since when its place was known to be the next. */
export interface Proposed {
  readonly record: ChangeRecord
  readonly since: number
}

/** What is applied, up to where. */
export interface Settled {
  /** The newest mark, and the bound of marks up to which all is applied: those between are nobody's. */
  readonly latest: number
  readonly bound: number
}

/**
 * The marks under which changes are told, in their order; fewer where there are no more to give. What somebody who is ahead of
 * us has moved beyond the bound may have changed below it too, and might be beyond it at every look. So it is told
 * at once under a mark that is nobody's, and comes again under its own.
 */
export function marksFor(marks: readonly number[], after: number, { latest, bound }: Settled): readonly number[] {
  let free = Math.max(latest, after)
  return marks.map((mark) => (mark <= bound ? mark : ++free)).filter((mark) => mark <= bound)
}

/** The change records: one dense order of all commits of the store, whoever made them, and how far it is applied. */
export class Changes {
  readonly #log: LogCollections
  readonly #clock: Pick<Clock, 'monotonic'>
  readonly #fence: Pick<Fence, 'pass' | 'read'>
  /** The newest record that we know to be committed, and those of it that are not applied. */
  #known = 0
  #newest: ChangeRecord | undefined
  #waiting: ChangeRecord[] = []
  #applied = 0
  /** What was applied when, until it is removed. */
  #kept: { readonly at: number; readonly applied: number }[] = []
  #applying: Promise<void> | undefined
  #looking: Promise<void> | undefined
  #lookingNext: Promise<void> | undefined
  #lookedAt = Number.NEGATIVE_INFINITY
  /** Once what we know is gone, nothing that we remember is true. */
  #reset = false

  constructor(log: LogCollections, clock: Pick<Clock, 'monotonic'>, fence: Pick<Fence, 'pass' | 'read'>) {
    this.#log = log
    this.#fence = fence
    this.#clock = clock
  }

  /**
   * The record that follows the newest, or that which `changes` were judged behind. If somebody else has stored it by
   * then, it is refused.
   */
  next(changes: readonly Change[], attempt: string, behind = this.#behind()): Proposed {
    const f = behind.place + 1
    return { record: { _id: { c: changesPlace, f }, k: [String(f)], e: changes, b: attempt }, since: behind.at }
  }

  /** What is read for a judgement: an election in between does not make it one of earlier. @throws STORAGE_UNAVAILABLE */
  judged<T>(read: () => Promise<T>): Promise<T> {
    return this.#fence.read(read)
  }

  #behind(): Behind {
    return { place: this.#known, at: this.#lookedAt }
  }

  /** Whether a record is stored, and by this attempt. */
  async stored({ _id, b }: ChangeRecord): Promise<boolean> {
    return (await this.#log.changes.findOne({ _id: { $eq: _id } } as Document))?.b === b
  }

  /** The mark of a change in a record. */
  static mark({ _id }: ChangeRecord, place: number): number {
    return _id.f * marksPerRecord + place
  }

  /**
   * A record of ours is stored.
   *
   * @param applied What follows from it was stored together with it.
   * @returns false when it may have come too late, into the place of one that everybody has passed and that was removed:
   * then what it says must be said once more before it is acknowledged.
   */
  committed({ record, since }: Proposed, applied = false): boolean {
    if (this.#clock.monotonic() - since > lateMs) return false
    this.#note(record, applied)
    if (this.#changesWaiting() >= appliedTogether) this.#applySoon()
    return true
  }

  #changesWaiting(): number {
    return this.#waiting.reduce((sum, { e }) => sum + e.length, 0)
  }

  #applySoon(): void {
    this.apply().catch((error: unknown) => {
      // it stays, and who reads next applies it or hears why not
      void error
    })
  }

  #note(record: ChangeRecord, applied = false): void {
    if (record._id.f <= this.#known) return
    this.#known = record._id.f
    this.#newest = record
    this.#waiting.push(applied ? { ...record, e: [] } : record)
  }

  /** Reads what others have committed up to now. @throws STORAGE_MONGO_RESET when what we know is gone. */
  look(): Promise<void> {
    if (this.#looking === undefined) return (this.#looking = this.#look().finally(() => (this.#looking = undefined)))
    // one that is under way may have begun too early for who asks now
    return (this.#lookingNext ??= this.#looking
      .catch((error: unknown) => void error)
      .then(() => {
        this.#lookingNext = undefined
        return this.look()
      }))
  }

  async #look(): Promise<void> {
    if (this.#reset) throw MongoErrors.RESET()
    await this.#fence.pass()
    let giveUp: number | undefined
    const at = this.#clock.monotonic()
    for (;;) {
      const records = await this.#from(this.#known)
      const [first] = records
      if (this.#newest && first?._id.f === this.#newest._id.f && first.b !== this.#newest.b) this.#isReset()
      if (first || !this.#newest) {
        for (const record of records) this.#note(record)
        if (records.length === readTogether) continue
        this.#lookedAt = at
        return
      }
      await this.#missing()
      giveUp ??= performance.now() + visibleMs
      if (performance.now() > giveUp) throw StorageErrors.UNAVAILABLE()
      await pause(soonMs)
    }
  }

  #from(place: number): Promise<ChangeRecord[]> {
    return this.#log.changes
      .find({ _id: between(changesPlace, place, Number.MAX_SAFE_INTEGER) })
      .sort({ _id: 1 })
      .limit(readTogether)
      .toArray()
  }

  /** A primary that was just elected has all that a majority had, and may not know for a moment that they had it. */
  async #missing(): Promise<void> {
    const there = await this.#log.changes.findOne(
      { _id: between(changesPlace, this.#known, Number.MAX_SAFE_INTEGER) },
      { readConcern: { level: 'local' } },
    )
    if (!there) this.#isReset()
  }

  #isReset(): never {
    this.#reset = true
    throw MongoErrors.RESET()
  }

  /** Looks unless somebody did within the last second: so a database that was replaced is noticed by those who write. */
  async glance(): Promise<void> {
    if (this.#clock.monotonic() - this.#lookedAt > 1_000) await this.look()
  }

  /** Another process took the record that we wanted: waits until it can be seen. */
  async overtaken(): Promise<void> {
    const before = this.#known
    await this.look()
    if (this.#known === before) await pause(soonMs)
  }

  /**
   * Applies all that is known.
   *
   * @returns also the record that it is behind.
   */
  async settled(): Promise<Settled & { readonly behind: Behind }> {
    await this.look()
    const [known, newest, behind] = [this.#known, this.#newest, this.#behind()]
    const latest = newest ? latestMark(newest) : 0
    const bound = (known + 1) * marksPerRecord - 1
    while (this.#applied < known) await this.apply()
    return { latest, bound, behind }
  }

  /** Before the end. */
  async applyAll(): Promise<void> {
    while (this.#waiting.length > 0) await this.apply()
  }

  /** Applies what waits, one at a time; what comes meanwhile waits for the next. */
  apply(): Promise<void> {
    return (this.#applying ??= this.#apply().finally(() => (this.#applying = undefined)))
  }

  async #apply(): Promise<void> {
    const records = [...this.#waiting]
    if (records.length === 0) return
    await applyChanges(this.#log, records)
    this.#waiting = this.#waiting.slice(records.length)
    this.#applied = records.at(-1)!._id.f
  }

  /** Removes records that were applied long ago. The newest stays: it says where the order goes on. */
  async tidy(): Promise<void> {
    const now = this.#clock.monotonic()
    const old = this.#kept.findLast(({ at }) => now - at >= keptMs)
    this.#kept = this.#kept.filter((each) => now - each.at < keptMs)
    this.#kept.push({ at: now, applied: this.#applied })
    if (old) await this.#log.changes.deleteMany({ _id: between(changesPlace, 0, old.applied - 1) })
  }
}
