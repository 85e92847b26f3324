import { Backlog } from '@natter/core'
import type { Clock, Timer } from '@natter/core'
import { SteadyTime } from './steady-time.js'

interface DueWorkParts {
  readonly clock: Clock
  /**
   * Does a page of what is due at `now`, server time in ms, of all that is due up to `soon`. Answers whether there may be more,
   * and when the next of the others is due.
   */
  readonly work: (now: number, soon: number) => Promise<{ readonly more: boolean; readonly next: number | undefined }>
  readonly failed: (err: unknown) => void
}

/** Between two looks for what other nodes wrote, ms. */
const lookMs = 5_000

/** Works off rows that are due at a time: those of this node at their time, those that others wrote a few seconds later. */
export class DueWork {
  readonly #clock: Clock
  readonly #time: SteadyTime
  readonly #backlog: Backlog
  #next: { readonly at: number; readonly timer: Timer } | undefined

  constructor({ clock, work, failed }: DueWorkParts) {
    this.#clock = clock
    this.#time = new SteadyTime(clock)
    this.#backlog = new Backlog({
      clock,
      everyMs: lookMs,
      failed,
      work: async () => {
        const now = this.#time.now()
        const { more, next } = await work(now, now + lookMs)
        if (next !== undefined) this.expect(next)
        return more
      },
    })
  }

  start(): void {
    this.#backlog.start()
  }

  stop(): Promise<void> {
    this.#next?.timer.cancel()
    return this.#backlog.stop()
  }

  /** Something is due at this time: it is looked for then, if that is before the next look. */
  expect(at: number): void {
    const ahead = at - this.#time.now()
    if (this.#backlog.stopped || ahead > lookMs || (this.#next && this.#next.at <= at)) return
    this.#next?.timer.cancel()
    const timer = this.#clock.after(Math.max(ahead, 0), () => {
      this.#next = undefined
      this.#backlog.wake()
    })
    this.#next = { at, timer }
  }
}
