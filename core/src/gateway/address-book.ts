import type { Clock } from '../services/clock.js'
import type { Limits } from '../protocol/limits.js'
import { TokenBucket } from './token-bucket.js'

interface Address {
  pending: number
  readonly failures: TokenBucket
}

/**
 * What is not yet authenticated, per address. Only unfinished and failed attempts count: success gives its place back,
 * because offices and phone networks share addresses.
 */
export class AddressBook {
  readonly #addresses = new Map<string, Address>()
  readonly #limits: Limits
  readonly #clock: Clock
  #pending = 0

  constructor(limits: Limits, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Takes a place for an attempt: `undefined`, or the ms after which another try may succeed. */
  enter(ip: string): number | undefined {
    const now = this.#clock.monotonic()
    if (this.#pending >= this.#limits.pendingTotal) return 1_000
    const known = this.#addresses.get(ip)
    const address = known ?? { pending: 0, failures: new TokenBucket(this.#limits.failuresPerMinute, now) }
    if (address.pending >= this.#limits.pendingPerAddress) return 1_000
    if (!address.failures.holds(now, 1, this.#limits.failuresPerMinute / 60)) return 5_000
    if (!known) this.#addresses.set(ip, address)
    address.pending += 1
    this.#pending += 1
    return undefined
  }

  /** Gives the place back; a failure is remembered for about a minute. */
  leave(ip: string, failed: boolean): void {
    const address = this.#addresses.get(ip)
    if (!address) return
    address.pending -= 1
    this.#pending -= 1
    const now = this.#clock.monotonic()
    const { failuresPerMinute } = this.#limits
    if (failed) address.failures.take(now, failuresPerMinute, failuresPerMinute / 60)
    else if (address.pending === 0 && address.failures.holds(now, failuresPerMinute, failuresPerMinute / 60)) {
      this.#addresses.delete(ip)
    }
  }

  /** Forgets addresses of which nothing is remembered. */
  sweep(): void {
    const now = this.#clock.monotonic()
    const { failuresPerMinute } = this.#limits
    for (const [ip, { pending, failures }] of this.#addresses) {
      if (pending === 0 && failures.holds(now, failuresPerMinute, failuresPerMinute / 60)) this.#addresses.delete(ip)
    }
  }
}
