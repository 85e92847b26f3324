import type { Clock } from '@natter/core'

type Timer = ReturnType<Clock['after']>
interface Due {
  at: number
  readonly run: () => void
  readonly every: number | undefined
}

/** Lets everything go on that waits for a promise, and for one turn of the event loop. */
const settle = () => new Promise<void>((resolve) => setImmediate(resolve))

/**
 * A clock that stands still until a test turns it.
 *
 * @example
 * const clock = new FakeClock()
 * clock.after(5_000, () => t.pass())
 * await clock.advance(5_000)
 */
export class FakeClock implements Clock {
  #wall: number
  #monotonic = 0
  #late = 0
  readonly #timers = new Set<Due>()

  /** `start` is the wall clock, ms since 1970. */
  constructor(start: number = Date.UTC(2026, 0, 1)) {
    this.#wall = start
  }

  /** Whole milliseconds, as the system's clock gives them, also between two timers with a fraction. */
  now(): number {
    return Math.floor(this.#wall)
  }

  monotonic(): number {
    return this.#monotonic
  }

  /** How many timers wait. */
  get waiting(): number {
    return this.#timers.size
  }

  after(ms: number, run: () => void): Timer {
    return this.#add({ at: this.#monotonic + ms, run, every: undefined })
  }

  every(ms: number, run: () => void): Timer {
    return this.#add({ at: this.#monotonic + Math.max(ms, 1), run, every: Math.max(ms, 1) })
  }

  /**
   * Passes time: timers run at their moments and in their order (those of one moment as they were set), also timers that
   * are set meanwhile. Between two of them, and at both ends, what waits for promises goes on.
   */
  async advance(ms: number): Promise<void> {
    await settle()
    const end = this.#monotonic + ms
    for (let due = this.#next(end); due !== undefined; due = this.#next(end)) {
      this.#pass(due.at - this.#monotonic)
      if (due.every === undefined) this.#timers.delete(due)
      else this.#rearm(due, due.every)
      due.run()
      await settle()
    }
    this.#pass(end - this.#monotonic)
    await settle()
  }

  late(): number {
    return this.#late
  }

  /** From now on it says that timers run so late, as where there is too much to do; they run as before. */
  lag(ms: number): void {
    this.#late = ms
  }

  /** The wall clock jumps, as when an administrator sets it; monotonic time and timers do not notice. */
  jump(ms: number): void {
    this.#wall += ms
  }

  #add(due: Due): Timer {
    this.#timers.add(due)
    return { cancel: () => void this.#timers.delete(due) }
  }

  /** Behind those set for the same moment before. */
  #rearm(due: Due, ms: number): void {
    this.#timers.delete(due)
    due.at += ms
    this.#timers.add(due)
  }

  #next(end: number): Due | undefined {
    let first: Due | undefined
    for (const due of this.#timers) if (due.at <= end && (first === undefined || due.at < first.at)) first = due
    return first
  }

  #pass(ms: number): void {
    if (ms <= 0) return
    this.#wall += ms
    this.#monotonic += ms
  }
}
