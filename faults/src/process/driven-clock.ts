import type { Clock } from '@natter/core'

interface Due {
  at: number
  readonly every: number | undefined
  readonly run: () => void
  real: NodeJS.Timeout
}

/** The machine's time, with a wall clock that can jump, and time that can be made to pass at once. */
export class DrivenClock implements Clock {
  readonly #timers = new Set<Due>()
  #wallOffset = 0
  #ahead: number

  /** `ahead`: so much time has passed already, ms. */
  constructor(ahead = 0) {
    this.#ahead = ahead
  }

  now(): number {
    return Date.now() + this.#ahead + this.#wallOffset
  }

  monotonic(): number {
    return performance.now() + this.#ahead
  }

  after(ms: number, run: () => void) {
    return this.#add(ms, undefined, run)
  }

  every(ms: number, run: () => void) {
    return this.#add(ms, Math.max(ms, 1), run)
  }

  /** As when somebody sets the machine's clock: monotonic time and timers do not notice. */
  jump(ms: number): void {
    this.#wallOffset += ms
  }

  /** Time passes on both clocks at once; what is due runs, each timer once. */
  pass(ms: number): void {
    this.#ahead += ms
    const due = [...this.#timers].filter(({ at }) => at <= this.monotonic()).sort((a, b) => a.at - b.at)
    for (const timer of due) if (this.#timers.has(timer)) this.#fire(timer)
    for (const timer of this.#timers) this.#arm(timer)
  }

  #add(ms: number, every: number | undefined, run: () => void) {
    const timer: Due = { at: this.monotonic() + ms, every, run, real: setTimeout(() => undefined, 0) }
    this.#timers.add(timer)
    this.#arm(timer)
    return {
      cancel: () => {
        clearTimeout(timer.real)
        this.#timers.delete(timer)
      },
    }
  }

  #arm(timer: Due): void {
    clearTimeout(timer.real)
    const ms = Math.min(Math.max(timer.at - this.monotonic(), 0), 2 ** 31 - 1)
    timer.real = setTimeout(() => this.#reached(timer), ms).unref()
  }

  #reached(timer: Due): void {
    if (timer.at > this.monotonic()) return this.#arm(timer)
    this.#fire(timer)
  }

  #fire(timer: Due): void {
    if (timer.every === undefined) {
      clearTimeout(timer.real)
      this.#timers.delete(timer)
    } else {
      timer.at = this.monotonic() + timer.every
      this.#arm(timer)
    }
    timer.run()
  }
}
