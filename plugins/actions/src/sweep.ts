import type { Clock, Logger, Timer } from '@natter/core'
import type { Records, RowFor, Storage } from '@natter/core/contract'
import type { pending } from './contract.js'
import type { Unsettled } from './unsettled.js'

type Row = RowFor<typeof pending>
interface SweepParts {
  readonly rows: Records<typeof pending>
  readonly storage: Pick<Storage, 'log'>
  readonly unsettled: Unsettled
  readonly clock: Clock
  readonly log: Logger
}

const everyMs = 30_000
/** Who has not brought a message up to its log after so long has died over it, ms. */
const deadMs = 10_000
/** What is not in the log after so long never comes there, ms; twice so at looks of the monotonic clock. */
const lostMs = 600_000
const pageSize = 200

/** Brings messages up to their log where a process died before it did, and drops notes of what was never stored. */
export class Sweep {
  readonly #parts: SweepParts
  /** Notes whose entry was missing at a first look, and when that was. */
  readonly #missing = new Map<string, number>()
  #timer: Timer | undefined
  #sweeping: Promise<void> | undefined

  constructor(parts: SweepParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    await this.#go(this.#parts.clock.now())
    this.#timer = this.#parts.clock.every(everyMs, () => void this.sweep())
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#sweeping
  }

  /** Sweeps once; one that is under way is shared. */
  sweep(): Promise<void> {
    const { clock, log } = this.#parts
    this.#sweeping ??= this.#go(clock.now() - deadMs)
      .catch((err: unknown) => log.warn({ err }, 'messages could not be brought up to their log; trying again'))
      .finally(() => (this.#sweeping = undefined))
    return this.#sweeping
  }

  async #go(until: number): Promise<void> {
    const { rows, unsettled } = this.#parts
    const seen = new Set<string>()
    let after: string | undefined
    do {
      const page = await rows.page(
        { at: { lte: until } },
        { limit: pageSize, ...(after === undefined ? {} : { after }) },
      )
      for (const { conversation, target } of page.rows) await unsettled.settled(conversation, target)
      for (const row of page.rows) if (await this.#lost(row, seen)) await unsettled.drop(row)
      after = page.next
    } while (after !== undefined)
    for (const key of this.#missing.keys()) if (!seen.has(key)) this.#missing.delete(key)
  }

  /** Whether its entry is missing for so long by both clocks that it never comes. */
  async #lost({ conversation, sender, clientId, at }: Row, seen: Set<string>): Promise<boolean> {
    const { storage, clock } = this.#parts
    if (await storage.log.find(conversation, sender, clientId)) return false
    const key = `${conversation} ${sender} ${clientId}`
    const first = this.#missing.get(key) ?? clock.monotonic()
    seen.add(key)
    this.#missing.set(key, first)
    return clock.now() - at > lostMs && clock.monotonic() - first > lostMs
  }
}
