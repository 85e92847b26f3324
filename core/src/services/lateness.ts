const beatMs = 100
const weight = 0.25
/** Nobody has asked for so long: it is not measured any more, ms. */
const idleMs = 10_000

/** How late the timers of this process run, on average over the last half second. Measured while somebody asks. */
export class Lateness {
  #average = 0
  #due = 0
  #askedAt = 0
  #timer: NodeJS.Timeout | undefined

  /** 0 at the first question: nothing is known yet. */
  get ms(): number {
    this.#askedAt = performance.now()
    if (!this.#timer) this.#arm(this.#askedAt)
    return this.#average
  }

  #arm(now: number): void {
    this.#due = now + beatMs
    this.#timer = setTimeout(() => this.#beat(), beatMs).unref()
  }

  #beat(): void {
    const now = performance.now()
    this.#average += (Math.max(0, now - this.#due) - this.#average) * weight
    if (now - this.#askedAt < idleMs) return this.#arm(now)
    this.#timer = undefined
    this.#average = 0
  }
}
