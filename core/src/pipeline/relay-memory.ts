import type { Clock } from '../services/clock.js'
import type { Ack } from '../services/conversations.js'

/** How long a relayed message is remembered, and how many at most: retries within get the same answer. */
const rememberMs = 5 * 60_000
const rememberCount = 100_000

interface Remembered {
  readonly body: string
  readonly ack: Ack
  readonly until: number
}

/** Recognises retries where nothing is stored. In memory only: a promise for five minutes, not more. */
export class RelayMemory {
  readonly #sent = new Map<string, Remembered>()
  readonly #clock: Clock

  constructor(clock: Clock) {
    this.#clock = clock
  }

  /** The first answer to this key; `conflict` where it was another body; nothing where it is new. */
  find(key: string, body: string): Ack | 'conflict' | undefined {
    const known = this.#sent.get(key)
    if (!known || known.until <= this.#clock.monotonic()) return undefined
    return known.body === body ? known.ack : 'conflict'
  }

  keep(key: string, body: string, ack: Ack): void {
    const now = this.#clock.monotonic()
    // A map iterates in order of insertion, and all are kept equally long: the first is the oldest.
    for (const [oldest, { until }] of this.#sent) {
      if (until > now && this.#sent.size < rememberCount) break
      this.#sent.delete(oldest)
    }
    this.#sent.set(key, { body, ack, until: now + rememberMs })
  }
}
