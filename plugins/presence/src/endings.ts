import type { Clock, Timer } from '@natter/core'
import type { PersonPresence } from './contract.js'

/** A timer does not run for longer, ms; then it is looked again. */
const longestMs = 86_400_000

/** Sees when a status ends of somebody who was looked at. One timer for each of them, whoever watches. */
export class Endings {
  readonly #clock: Pick<Clock, 'now' | 'after'>
  readonly #ended: (user: string) => void
  readonly #waiting = new Map<string, { readonly until: number; readonly timer: Timer }>()

  constructor(clock: Pick<Clock, 'now' | 'after'>, ended: (user: string) => void) {
    this.#clock = clock
    this.#ended = ended
  }

  saw({ user, status }: PersonPresence): void {
    const until = status?.until
    const waiting = this.#waiting.get(user)
    if (waiting?.until === until) return
    waiting?.timer.cancel()
    this.#waiting.delete(user)
    if (until === undefined) return
    const timer = this.#clock.after(Math.min(until - this.#clock.now(), longestMs), () => {
      this.#waiting.delete(user)
      this.#ended(user)
    })
    this.#waiting.set(user, { until, timer })
  }

  stop(): void {
    for (const { timer } of this.#waiting.values()) timer.cancel()
    this.#waiting.clear()
  }
}
