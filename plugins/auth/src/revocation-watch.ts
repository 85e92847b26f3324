import { allRows } from '@natter/core'
import type { Clock, Connections, Logger, Timer } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { account, session } from './contract.js'
import type { Revocations } from './revocations.js'
import type { Sessions } from './sessions.js'

export interface WatchParts {
  readonly accounts: Records<typeof account>
  readonly rows: Records<typeof session>
  readonly sessions: Sessions
  readonly revocations: Revocations
  readonly connections: Connections
  readonly clock: Clock
  readonly log: Logger
  /** How far back the first look goes: as long as a ticket can live, ms. */
  readonly windowMs: number
  readonly pollMs: number
}

/** How far the clocks of two nodes may differ for one to see what the other wrote, ms. */
const overlapMs = 60_000

/**
 * Knows what ended: before the first connection all that matters to tickets, and afterwards what other nodes on the same
 * database ended, without a bus. While it fails to know, no ticket and no remembered token counts.
 */
export class RevocationWatch {
  readonly #parts: WatchParts
  #timer: Timer | undefined
  #looking: Promise<void> | undefined
  #complete = false

  constructor(parts: WatchParts) {
    this.#parts = parts
  }

  async start(): Promise<void> {
    await this.look()
    this.#timer = this.#parts.clock.every(this.#parts.pollMs, () => void this.look())
  }

  async stop(): Promise<void> {
    this.#timer?.cancel()
    await this.#looking
  }

  /** Looks once; a look that is under way is shared. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined
    })
    return this.#looking
  }

  async #look(): Promise<void> {
    const { clock, log, revocations, windowMs } = this.#parts
    const now = clock.now()
    // After a failure the whole window is read again, since what was missed may be older than the overlap.
    const since = now - (this.#complete ? overlapMs : windowMs)
    try {
      await this.#ended(since)
      await this.#raised(since)
      this.#complete = true
      revocations.trust(true)
      revocations.forgetOld(now)
    } catch (error) {
      if (revocations.trusted || !this.#complete) {
        log.warn({ err: error }, 'ended sessions could not be read; until they can, devices need a token to connect')
      }
      this.#complete = false
      revocations.trust(false)
    }
  }

  async #ended(since: number): Promise<void> {
    const { rows, sessions } = this.#parts
    for await (const row of allRows(rows, { endedAt: { gte: Math.max(since, 1) } })) await sessions.ended(row)
  }

  async #raised(since: number): Promise<void> {
    const { accounts, revocations, connections, sessions } = this.#parts
    for await (const row of allRows(accounts, { versionAt: { gte: since } })) {
      if (row.version === 1 && row.goneAt === 0) continue
      if (!revocations.raise(row.id, row.version, row.versionAt)) continue
      for (const connection of connections.of(row.id)) {
        const living = await sessions.living(connection.session)
        if (living) revocations.keep(row.id, connection.session)
        else await connections.disconnect({ user: row.id, session: connection.session })
      }
    }
  }
}
