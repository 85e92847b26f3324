import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'
import { NatterErrors } from '@natter/core'

export interface Allowance {
  /** How many in a window. */
  readonly points: number
  readonly windowMs: number
}

/** So many of something per window and key. */
export class Limit {
  readonly #limiter: RateLimiterMemory
  readonly #points: number
  readonly #reached: (key: string) => void

  /** `reached` hears of the first refusal in a window, not of every one. */
  constructor({ points, windowMs }: Allowance, reached: (key: string) => void = () => undefined) {
    this.#limiter = new RateLimiterMemory({ points, duration: windowMs / 1_000 })
    this.#points = points
    this.#reached = reached
  }

  /** Takes one. @throws NATTER_RATE_LIMITED with the time after which another try can succeed */
  async spend(key: string): Promise<void> {
    const wait = await this.tryToSpend(key)
    if (wait > 0) throw NatterErrors.RATE_LIMITED({ retryAfterMs: wait })
  }

  /** Takes one: 0, or the ms to wait. */
  async tryToSpend(key: string): Promise<number> {
    try {
      await this.#limiter.consume(key)
      return 0
    } catch (refusal) {
      if (!(refusal instanceof RateLimiterRes)) throw refusal
      if (refusal.consumedPoints === this.#points + 1) this.#reached(key)
      return Math.max(1, Math.ceil(refusal.msBeforeNext))
    }
  }

  /** Gives one back: what succeeded does not count. */
  async forgive(key: string): Promise<void> {
    await this.#limiter.reward(key)
  }
}

/** What counts as one place on the network: an IPv4 address, or the /64 of an IPv6 address, which one customer has whole. */
export function networkOf(ip: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(ip)?.[1]
  if (mapped) return mapped
  if (!ip.includes(':')) return ip
  const [head = '', tail] = ip.toLowerCase().split('::')
  const left = head === '' ? [] : head.split(':')
  const right = tail ? tail.split(':') : []
  const zeros = tail === undefined ? [] : Array.from({ length: 8 - left.length - right.length }, () => '0')
  return [...left, ...zeros, ...right].slice(0, 4).join(':')
}
