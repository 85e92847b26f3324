import { seller } from '../checks/orders.js'
import type { Desk } from '../process/order-desk.js'
import type { Random } from '../random.js'
import { keyOf } from '../record/history.js'
import type { Network } from '../record/network.js'
import { fetchAll } from './fetch.js'

/** So long an answer may take, ms. */
const patienceMs = 5_000
/** Longer than this no order waits for its message, ms. */
const longestMs = 60_000
const pollMs = 25

const after = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))

/**
 * The customers of the app around the chat: they order by its own route, one after the other, and some orders are taken back
 * before their transaction ends. Whether an order that got no answer is stored, nobody knows until it is looked at.
 */
export class Host {
  readonly #network: Network
  readonly #buyers: readonly string[]
  readonly #random: Random
  #talking: Promise<void> | undefined
  #resting = false
  #last = 0
  /** The orders that are stored, once that is settled. */
  orders: readonly string[] | undefined

  constructor(network: Network, buyers: readonly string[], random: Random) {
    this.#network = network
    this.#buyers = buyers
    this.#random = random
  }

  talk(): void {
    this.#talking ??= this.#talk()
  }

  /** Orders nothing new. */
  async rest(): Promise<void> {
    this.#resting = true
    await this.#talking
  }

  async #talk(): Promise<void> {
    while (!this.#resting) {
      if (this.#network.port !== undefined) await this.#order()
      await after(this.#random.between(50, 250))
    }
  }

  async #order(): Promise<void> {
    const id = `order-${++this.#last}`
    const to = this.#random.pick(this.#buyers)
    const given = this.#network.history.give(seller, to, id, `${id} for ${to}`)
    given.mayBeLost = true
    const keep = this.#random.chance(0.8) ? '1' : '0'
    const query = new URLSearchParams({ id, from: seller, to, text: given.text, keep })
    await this.#ask('POST', `?${query.toString()}`)
  }

  /** Waits until every order has its message, and takes these for acknowledged; what is still missing when it takes too long. */
  async settle(silenceMs: number): Promise<readonly string[]> {
    const giveUp = performance.now() + longestMs
    let last = { waiting: -1, at: performance.now() }
    for (;;) {
      const desk = (await this.#ask('GET', '')) as Desk | undefined
      this.orders = desk?.orders ?? this.orders ?? []
      if (desk?.waiting === 0) break
      const at = performance.now()
      if (desk && desk.waiting !== last.waiting) last = { waiting: desk.waiting, at }
      if (at > giveUp || at > last.at + silenceMs)
        return [`${desk?.waiting ?? 'nobody knows how many'} orders wait for their messages`]
      await after(pollMs)
    }
    const { history } = this.#network
    for (const buyer of this.#buyers) {
      const { conversations } = await fetchAll(this.#network, buyer)
      for (const { id, entries } of conversations.values()) {
        for (const { from, clientId, seq, at } of entries) {
          if (from !== seller) continue
          history.given.get(keyOf(id, from, clientId))?.acks.push({ seq, at, tick: history.tick() })
        }
      }
    }
    return []
  }

  async #ask(method: 'GET' | 'POST', query: string): Promise<unknown> {
    try {
      const url = `http://127.0.0.1:${this.#network.port}/orders${query}`
      const response = await fetch(url, { method, signal: AbortSignal.timeout(patienceMs) })
      return response.ok ? await response.json() : undefined
    } catch {
      // no answer: its server is gone, or the database behind it
      return undefined
    }
  }
}
