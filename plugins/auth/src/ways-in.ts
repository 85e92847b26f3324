import { allRows, NatterErrors } from '@natter/core'
import type { Kv, Records, RowFor } from '@natter/core/contract'
import { AuthErrors } from './contract.js'
import type { credential } from './contract.js'
import type { Way } from './way.js'

export type Credential = RowFor<typeof credential>

/** A removal holds its lock at most this long, ms. */
const lockMs = 30_000

/** What an account can log in with. The last of it is never removed. */
export class WaysIn {
  readonly #rows: Records<typeof credential>
  readonly #locks: Kv
  readonly #ways: readonly Pick<Way, 'logsIn'>[]

  constructor(parts: {
    readonly rows: Records<typeof credential>
    readonly locks: Kv
    readonly ways: readonly Pick<Way, 'logsIn'>[]
  }) {
    this.#rows = parts.rows
    this.#locks = parts.locks
    this.#ways = parts.ways
  }

  /**
   * Removes one way to log in. Removals of one account take turns, since two at a time could each take the other for the one
   * that stays.
   *
   * @throws AUTH_LAST_WAY, NATTER_NOT_FOUND, NATTER_BUSY
   */
  async remove(user: string, method: string, id: string): Promise<void> {
    const lock = `removal:${user}`
    if (!(await this.#locks.add(lock, '1', { ttlMs: lockMs }))) throw NatterErrors.BUSY()
    try {
      const rows: Credential[] = []
      for await (const row of allRows(this.#rows, { user })) rows.push(row)
      const isIt = (row: Credential) => row.method === method && row.id === id
      if (!rows.some(isIt)) throw NatterErrors.NOT_FOUND()
      if (!rows.some((row) => !isIt(row) && this.#logsIn(row))) throw AuthErrors.LAST_WAY()
      await this.#rows.take({ user, method, id })
    } finally {
      await this.#locks.delete(lock)
    }
  }

  #logsIn(row: Credential): boolean {
    return row.method === 'password' || this.#ways.some((way) => way.logsIn?.(row))
  }
}
