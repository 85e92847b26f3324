import { newId, NatterErrors } from '@natter/core'
import type { Clock } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { Books } from './books.js'
import type { pair } from './contract.js'
import type { Recall } from './recall.js'
import { columnsOf, keyOf, mirrored, seenBy, shown, strangers } from './seen.js'
import type { PairRow, Seen } from './seen.js'
import type { Step } from './steps.js'

interface PairsParts {
  readonly rows: Records<typeof pair>
  readonly books: Books
  readonly recall: Recall
  readonly clock: Clock
  /** How long it is remembered that a request was turned down, ms. */
  readonly refusedMs: number
  /** Hears of each change once it holds on this node. */
  readonly moved: (me: string, other: string, before: Seen, after: Seen) => void
}

/** What two people are, before and after a step. */
export interface Moved {
  readonly before: Seen
  readonly after: Seen
}

const mostTries = 200

/** What is remembered about two people. */
export const pairKey = (me: string, other: string): string => {
  const { a, b } = keyOf(me, other)
  return `${a} ${b}`
}

/**
 * What people are to each other: one row for two, changed in one write, by whoever comes first. Behind it follow, and are
 * caught up with if a process dies between: other nodes forget what they remember, and the lists of both tell of it.
 */
export class Pairs {
  readonly #parts: PairsParts

  constructor(parts: PairsParts) {
    this.#parts = parts
  }

  /** As it is stored now. */
  async read(me: string, other: string): Promise<Seen> {
    const row = await this.#parts.rows.get(keyOf(me, other))
    return row ? seenBy(me, row) : strangers
  }

  /** Takes a step from what is, whatever it has become meanwhile. @throws what the step throws, NATTER_BUSY, STORAGE_… */
  async move(me: string, other: string, step: Step): Promise<Moved> {
    const key = keyOf(me, other)
    for (let tries = 0; tries < mostTries; tries++) {
      const row = await this.#parts.rows.get(key)
      const before = row ? seenBy(me, row) : strangers
      const after = step(before)
      if (!after) {
        // Who repeats what was done and not answered gets its whole effect.
        if (row?.tellAt !== undefined) await this.finish(row)
        return { before, after: before }
      }
      const next = this.#rowOf(me, other, before, after, row)
      if (!(await this.#write(row, next))) continue
      this.#parts.recall.forget(pairKey(me, other))
      this.#parts.moved(me, other, before, after)
      await this.finish(next)
      return { before, after }
    }
    throw NatterErrors.BUSY()
  }

  /** One of two is erased: the row of both goes, and the list of the other has nothing of it. */
  async part(gone: string, row: PairRow): Promise<void> {
    const { rows, recall, books } = this.#parts
    const { a, b } = row
    const other = a === gone ? b : a
    await books.forget(other, gone, shown(seenBy(other, row)) !== undefined)
    await rows.take({ a, b })
    await recall.changed(pairKey(a, b))
    this.#parts.moved(other, gone, seenBy(other, row), strangers)
  }

  /** Tells other nodes and both lists what a row has not told yet. */
  async finish(row: PairRow): Promise<void> {
    const { a, b, stamp, tell = '' } = row
    await this.#parts.recall.changed(pairKey(a, b))
    await Promise.all([
      tell.includes('a') ? this.#parts.books.note(a, b) : undefined,
      tell.includes('b') ? this.#parts.books.note(b, a) : undefined,
    ])
    await this.#parts.rows.updateIf({ a, b, stamp }, { tell: undefined, tellAt: undefined })
  }

  #rowOf(me: string, other: string, before: Seen, after: Seen, row: PairRow | undefined): PairRow {
    const now = this.#parts.clock.now()
    const changed = (of: (seen: Seen) => Seen) => JSON.stringify(shown(of(before))) !== JSON.stringify(shown(of(after)))
    const tells = { [me]: changed((seen) => seen), [other]: changed(mirrored) }
    const key = keyOf(me, other)
    const left = row?.tell ?? ''
    return compact({
      ...key,
      ...columnsOf(me, other, after),
      tell: `${tells[key.a] || left.includes('a') ? 'a' : ''}${tells[key.b] || left.includes('b') ? 'b' : ''}`,
      tellAt: now,
      dueAt: this.#dueAt(after, now),
      stamp: newId(),
    })
  }

  /** When there is something to do about it without anybody asking. */
  #dueAt(seen: Seen, now: number): number | undefined {
    if (seen.expiresAt !== undefined) return seen.expiresAt
    if (seen.is !== 'none' || seen.blocks !== undefined || seen.blocked !== undefined || seen.lets || seen.let)
      return undefined
    const refused = Math.max(seen.refused ?? 0, seen.refuses ?? 0)
    return refused === 0 ? now : refused + this.#parts.refusedMs
  }

  async #write(row: PairRow | undefined, next: PairRow): Promise<boolean> {
    const { rows } = this.#parts
    if (!row) return (await rows.insert(next)) === 'inserted'
    const { a, b, ...columns } = next
    return (await rows.updateIf({ a, b, stamp: row.stamp }, { ...gone, ...columns })) !== undefined
  }
}

/** Columns that a row may lack; what the new one lacks is removed. */
const gone = {
  note: undefined,
  expiresAt: undefined,
  blockA: undefined,
  blockB: undefined,
  refusedA: undefined,
  refusedB: undefined,
  dueAt: undefined,
}

const compact = (row: { readonly [K in keyof PairRow]: PairRow[K] | undefined }): PairRow =>
  Object.fromEntries(Object.entries(row).filter(([, value]) => value !== undefined)) as unknown as PairRow
