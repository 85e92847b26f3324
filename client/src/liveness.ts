import type { Platform } from './api/platform.js'

/** Beyond the server's own pings before we ask ourselves. */
const marginMs = 5_000
/** For an answer to our ping. */
const answerMs = 10_000
/** A timer this late means that the device slept. */
const sleptMs = 15_000

export interface Liveness {
  start(pingMs: number): void
  stop(): void
  /** A frame came. */
  heard(): void
  /** Ask now: the network changed, or the app came back. */
  probe(): void
}

/** Notices a peer that is gone without a word, and a device that slept. */
export function createLiveness(platform: Platform, on: { ping(): void; dead(): void; awake(): void }): Liveness {
  let quietMs = 0
  let last = 0
  let due = 0
  let timer: unknown
  let answer: unknown

  const settle = () => {
    platform.clearTimeout(answer)
    answer = undefined
  }
  const probe = () => {
    if (answer !== undefined) return
    on.ping()
    answer = platform.setTimeout(on.dead, answerMs)
  }
  const schedule = (ms: number) => {
    due = platform.now() + ms
    timer = platform.setTimeout(check, ms)
  }
  const check = () => {
    const now = platform.now()
    const slept = now - due > sleptMs
    // The wall clock may have been set back.
    const idle = Math.max(0, now - last)
    schedule(idle < quietMs ? quietMs - idle : quietMs)
    if (slept || idle >= quietMs) probe()
    if (slept) on.awake()
  }
  return {
    start(pingMs) {
      quietMs = pingMs + marginMs
      last = platform.now()
      schedule(quietMs)
    },
    stop() {
      settle()
      platform.clearTimeout(timer)
    },
    heard() {
      last = platform.now()
      settle()
    },
    probe,
  }
}
