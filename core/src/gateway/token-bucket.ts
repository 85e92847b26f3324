/**
 * A token bucket: `burst` at once, then `perSecond`. Synchronous and without a timer, because it is asked for every frame;
 * the limits of logins and registrations use a library.
 */
export class TokenBucket {
  #tokens: number
  #at: number

  constructor(burst: number, now: number) {
    this.#tokens = burst
    this.#at = now
  }

  /** Takes one. 0: taken; otherwise the ms to wait. It goes on below zero, down to −burst, to show who does not wait. */
  take(now: number, burst: number, perSecond: number): number {
    this.#tokens = Math.min(burst, this.#tokens + ((now - this.#at) / 1000) * perSecond)
    this.#at = now
    this.#tokens = Math.max(-burst, this.#tokens - 1)
    return this.#tokens >= 0 ? 0 : Math.ceil((-this.#tokens / perSecond) * 1000)
  }

  /** Whether requests go on at twice the burst, refusals notwithstanding. */
  flooded(burst: number): boolean {
    return this.#tokens <= -burst
  }

  /** Whether at least so many are in it; with its whole burst it is as if nobody had ever asked. */
  holds(now: number, count: number, perSecond: number): boolean {
    return this.#tokens + ((now - this.#at) / 1000) * perSecond >= count
  }

  /** Gives one back. */
  refund(): void {
    this.#tokens += 1
  }
}
