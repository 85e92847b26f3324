import type { Clock, Timer } from './clock.js'
import { Lateness } from './lateness.js'

/** Node fires timers beyond this at once (signed 32-bit milliseconds). */
const longest = 2 ** 31 - 1

function after(ms: number, run: () => void): Timer {
  let left = ms
  let timer: NodeJS.Timeout
  const arm = () => {
    const part = Math.min(left, longest)
    left -= part
    timer = setTimeout(() => (left > 0 ? arm() : run()), part).unref()
  }
  arm()
  return { cancel: () => clearTimeout(timer) }
}

function every(ms: number, run: () => void): Timer {
  const timer = setInterval(run, Math.min(ms, longest)).unref()
  return { cancel: () => clearInterval(timer) }
}

/** The machine's time. */
export function systemClock(): Clock {
  const lateness = new Lateness()
  return { now: () => Date.now(), monotonic: () => performance.now(), after, every, late: () => lateness.ms }
}
