import type { Clock } from '../../services/clock.js'

/** One wait; in a ring with its neighbours until it is over. */
interface Wait {
  readonly at: number
  readonly late: () => void
  before: Wait
  after: Wait
}

/**
 * Time-outs of one length. They end in the order in which they began, so a list and one timer for its first are enough;
 * a timer for each would cost more than most of the handlers that are waited for.
 */
export class Deadlines {
  readonly #clock: Clock
  readonly #ms: number
  readonly #ring: Wait
  #armed = false

  constructor(clock: Clock, ms: number) {
    this.#clock = clock
    this.#ms = ms
    const ring = { at: Infinity, late: () => undefined } as unknown as Wait
    ring.before = ring
    ring.after = ring
    this.#ring = ring
  }

  /** Calls `late` once unless the returned function is called within the time. */
  begin(late: () => void): () => void {
    const last = this.#ring.before
    const wait: Wait = { at: this.#clock.monotonic() + this.#ms, late, before: last, after: this.#ring }
    last.after = wait
    this.#ring.before = wait
    if (!this.#armed) this.#arm(this.#ms)
    return () => leave(wait)
  }

  #arm(ms: number): void {
    this.#armed = true
    this.#clock.after(ms, () => this.#due())
  }

  #due(): void {
    this.#armed = false
    const now = this.#clock.monotonic()
    while (this.#ring.after.at <= now) {
      const wait = this.#ring.after
      leave(wait)
      wait.late()
    }
    const next = this.#ring.after
    if (next !== this.#ring && !this.#armed) this.#arm(next.at - now)
  }
}

function leave(wait: Wait): void {
  wait.before.after = wait.after
  wait.after.before = wait.before
  // Once it is out, leaving again changes nothing.
  wait.before = wait
  wait.after = wait
}
