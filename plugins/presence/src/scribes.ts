import type { Clock, Timer } from '@natter/core'
import type { Writing } from './contract.js'

/** Who is writing where, until they say that they are not, or say nothing any more. */
export class Scribes {
  readonly #clock: Clock
  readonly #forMs: number
  readonly #timers = new Map<string, Timer>()

  constructor(clock: Clock, forMs: number) {
    this.#clock = clock
    this.#forMs = forMs
  }

  /** Notes it. `over` runs when nothing more was said. False: it ends, and nothing had begun. */
  says(user: string, conversation: string, what: Writing | 'none', over: () => void): boolean {
    const began = this.ends(user, conversation)
    if (what === 'none') return began
    const key = `${user} ${conversation}`
    const timer = this.#clock.after(this.#forMs, () => {
      this.#timers.delete(key)
      over()
    })
    this.#timers.set(key, timer)
    return true
  }

  /** Whether something had begun that ends with this. */
  ends(user: string, conversation: string): boolean {
    const key = `${user} ${conversation}`
    this.#timers.get(key)?.cancel()
    return this.#timers.delete(key)
  }

  stop(): void {
    for (const timer of this.#timers.values()) timer.cancel()
    this.#timers.clear()
  }
}
