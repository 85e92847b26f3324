import type { Random } from '../random.js'
import type { Network } from '../record/network.js'
import { RawLine, Refused } from './raw-line.js'

/** Between two looks, ms. */
const pauseMs = 25

/**
 * A device that looks at what the server tells of conversations, again and again, and moves its person's marks: forward,
 * back, beyond the end, several at a time. What it is told must never be older than what was known when it asked.
 */
export class Observer {
  readonly #line: RawLine
  readonly #conversations: readonly string[]
  readonly #random: Random
  #head = 0
  #timer: NodeJS.Timeout | undefined
  #closed = false

  constructor(network: Network, user: string, peers: readonly string[], random: Random) {
    this.#conversations = peers.map((peer) => network.history.conversation(user, peer))
    this.#random = random
    this.#line = new RawLine(network, user, { token: `${user}:observer` })
    this.#next()
  }

  close(): void {
    this.#closed = true
    clearTimeout(this.#timer)
    this.#line.close()
  }

  #next(): void {
    if (this.#closed) return
    this.#timer = setTimeout(() => void this.#look().finally(() => this.#next()), pauseMs)
  }

  async #look(): Promise<void> {
    if (!this.#line.up) return
    const conversation = this.#random.pick(this.#conversations)
    const anywhere = () => this.#random.between(0, this.#head + 3)
    try {
      const [state] = await Promise.all([
        this.#line.ask<{ readonly head: number }>('offline.state', { conversation }),
        this.#line.ask('offline.mark', { conversation, received: anywhere() }),
        this.#line.ask('offline.mark', { conversation, read: this.#random.between(0, this.#head) }),
        this.#line.ask('offline.sync', {}),
      ])
      this.#head = state.head
    } catch (error) {
      // A lost connection is what happens here, a refusal before the first message too.
      if (error instanceof Refused && error.code !== 'NATTER_NOT_FOUND' && !error.retryable) throw error
    }
  }
}
