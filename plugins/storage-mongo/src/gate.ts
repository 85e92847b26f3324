import { StorageErrors } from '@natter/core/contract'
import { faultOf } from './faults.js'
import type { Fence } from './fence.js'

/**
 * The way in for every request: it bounds how many wait, refuses after the close, and turns what the driver throws into
 * errors of the port.
 */
export class Gate {
  readonly #most: number
  readonly #fence: Fence
  #inside = 0
  #closed = false
  #emptied: (() => void) | undefined

  constructor(most: number, fence: Fence) {
    this.#most = most
    this.#fence = fence
  }

  /** @throws STORAGE_CLOSED, STORAGE_BUSY, and what `faultOf` makes of a failure. */
  async run<T>(request: () => Promise<T>): Promise<T> {
    if (this.#closed) throw StorageErrors.CLOSED()
    if (this.#inside >= this.#most) throw StorageErrors.BUSY()
    this.#inside++
    try {
      await this.#fence.pass()
      return await request()
    } catch (error) {
      throw faultOf(error)
    } finally {
      if (--this.#inside === 0) this.#emptied?.()
    }
  }

  /** The same for what only reads, which no election may make an answer of earlier. */
  read<T>(request: () => Promise<T>): Promise<T> {
    return this.run(() => this.#fence.read(request))
  }

  /** Lets nobody in any more; resolves when all who were inside have their answer. */
  async close(): Promise<void> {
    this.#closed = true
    if (this.#inside > 0) await new Promise<void>((resolve) => (this.#emptied = resolve))
  }
}
