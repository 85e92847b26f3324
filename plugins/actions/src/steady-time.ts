import type { Clock } from '@natter/core'

/** A clock that is ahead of the time that has passed by more than this has jumped, ms. */
const jumpMs = 2_000
/** So much monotonic time later a second look must agree, ms. */
const secondLookMs = 60_000

/**
 * The wall clock for what cannot be taken back: a jump ahead is not believed before a second look, a minute later, agrees.
 * Who goes by it looks more often than that.
 */
export class SteadyTime {
  readonly #clock: Clock
  #last: { readonly wall: number; readonly monotonic: number }
  #ahead: number | undefined

  constructor(clock: Clock) {
    this.#clock = clock
    this.#last = { wall: clock.now(), monotonic: clock.monotonic() }
  }

  /** Server time, ms. */
  now(): number {
    const [wall, monotonic] = [this.#clock.now(), this.#clock.monotonic()]
    const passed = this.#last.wall + Math.floor(monotonic - this.#last.monotonic)
    if (wall - passed > jumpMs) {
      this.#ahead ??= monotonic
      if (monotonic - this.#ahead < secondLookMs) return passed
    }
    this.#ahead = undefined
    this.#last = { wall, monotonic }
    return wall
  }
}
