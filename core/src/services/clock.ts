import { token } from '../contract/index.js'
import type { Token } from '../contract/index.js'

/** Time as the server sees it; tests turn it. */
export interface Clock {
  /** Wall clock, ms. May jump. */
  now(): number
  /** Monotonic, ms, from an arbitrary start. Never goes back. */
  monotonic(): number
  /** Calls back once after `ms` of monotonic time. The timer does not keep the process alive. */
  after(ms: number, run: () => void): Timer
  every(ms: number, run: () => void): Timer
  /** How late timers run of late, ms: the process has more to do than it can. Without it they are never late. */
  late?(): number
}
/** A call that is to come; `cancel` calls it off. */
export interface Timer {
  cancel(): void
}
export const Clock: Token<Clock, 'clock'> = token('clock').of()
