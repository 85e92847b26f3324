import { allRows } from '@natter/core'
import type { Clock, Logger, Timer } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { pair } from './contract.js'
import type { Pairs } from './pairs.js'
import { expire } from './steps.js'
import type { PairRow } from './seen.js'

interface SweepParts {
  readonly rows: Records<typeof pair>
  readonly pairs: Pairs
  readonly clock: Clock
  readonly log: Logger
}

const everyMs = 30_000
/** Who has not told the lists of a change after so long has died over it, ms. */
const deadMs = 10_000
/** A clock that jumps ends nothing: what is due must be so at a second look, this much monotonic time later, ms. */
const secondLookMs = 60_000

/** What was due at a first look: its stamp, and when that was. */
type Due = Map<string, { readonly stamp: string; readonly at: number }>

/** Ends requests that nobody answered, removes rows that say nothing, and tells lists what a dead process did not. */
export class Sweep {
  readonly #parts: SweepParts
  #due: Due = new Map()
  #timer: Timer | undefined
  #sweeping: Promise<void> | undefined

  constructor(parts: SweepParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    // Nobody is connected yet: what is untold now is so from before, or another node does it too, which harms nothing.
    await this.#tell(this.#parts.clock.now())
    this.#timer = this.#parts.clock.every(everyMs, () => void this.sweep())
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#sweeping
  }

  /** Sweeps once; one that is under way is shared. */
  sweep(): Promise<void> {
    this.#sweeping ??= this.#sweep().finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  async #sweep(): Promise<void> {
    const { clock, log } = this.#parts
    try {
      await this.#tell(clock.now() - deadMs)
      await this.#end()
    } catch (error) {
      log.warn({ err: error }, 'requests that are over could not be looked for; trying again')
    }
  }

  async #tell(until: number): Promise<void> {
    for await (const row of allRows(this.#parts.rows, { tellAt: { lte: until } })) await this.#parts.pairs.finish(row)
  }

  async #end(): Promise<void> {
    const { rows, clock } = this.#parts
    const now = clock.now()
    const seen: Due = new Map()
    for await (const row of allRows(rows, { dueAt: { lte: now } })) {
      const key = `${row.a} ${row.b}`
      const before = this.#due.get(key)
      const first = before?.stamp === row.stamp ? before : { stamp: row.stamp, at: clock.monotonic() }
      if (clock.monotonic() - first.at >= secondLookMs) await this.#endOne(row)
      else seen.set(key, first)
    }
    this.#due = seen
  }

  async #endOne({ a, b, stamp, expiresAt }: PairRow): Promise<void> {
    const { rows, pairs, clock } = this.#parts
    if (expiresAt === undefined) await rows.take({ a, b, stamp })
    else await pairs.move(a, b, expire(clock.now()))
  }
}
