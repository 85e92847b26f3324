import type { Random } from '../random.js'
import type { Network } from '../record/network.js'
import type { Given } from '../record/history.js'
import { RawLine } from './raw-line.js'
import type { Frame } from './raw-line.js'

/** Sends under way at a time, and how many the server lets one person begin at once. */
const window = 16
const burst = 50

/**
 * A device that keeps many sends under way, so that kills meet whole batches. It sends what was not acknowledged again
 * after every reconnect, some of it twice, now and then something long acknowledged, and now and then another body under
 * a client id that is in use.
 */
export class Pipeliner {
  readonly #network: Network
  readonly #user: string
  readonly #peers: readonly string[]
  readonly #random: Random
  readonly #line: RawLine
  readonly #open: Given[] = []
  readonly #done: Given[] = []
  readonly #flying = new Map<unknown, Given>()
  #left = 0
  #talking = false
  #last = 0

  constructor(network: Network, user: string, peers: readonly string[], random: Random) {
    this.#network = network
    this.#user = user
    this.#peers = peers
    this.#random = random
    this.#line = new RawLine(
      network,
      user,
      { token: `${user}:pipeliner` },
      {
        up: () => this.#up(),
        down: () => this.#flying.clear(),
        frame: (frame) => this.#answer(frame),
      },
    )
  }

  /** Everything it gave is acknowledged. */
  get idle(): boolean {
    return this.#open.length === 0 && this.#line.up
  }

  talk(): void {
    this.#talking = true
    this.#pump()
  }

  /** Gives nothing new; goes on until all of it is acknowledged. */
  rest(): void {
    this.#talking = false
  }

  close(): void {
    this.#line.close()
  }

  #up(): void {
    this.#left = burst
    for (const given of this.#open) {
      this.#transmit(given)
      if (this.#random.chance(0.15)) this.#transmit(given)
    }
    if (this.#done.length > 0 && this.#random.chance(0.5)) this.#transmit(this.#random.pick(this.#done))
    if (this.#done.length > 0 && this.#random.chance(0.5)) this.#probe(this.#random.pick(this.#done))
    this.#pump()
  }

  #pump(): void {
    while (this.#talking && this.#line.up && this.#flying.size < window && this.#left > 0) {
      const peer = this.#random.pick(this.#peers)
      const clientId = `${this.#user}-${++this.#last}`
      const given = this.#network.history.give(this.#user, peer, clientId, `${clientId} says hello to ${peer}`)
      this.#open.push(given)
      this.#transmit(given)
    }
  }

  #transmit(given: Given): void {
    this.#left--
    const rid = this.#line.nextId()
    this.#flying.set(rid, given)
    this.#line.send(['s', rid, this.#address(given), given.clientId, { text: given.text }])
  }

  #probe(given: Given): void {
    this.#line.send(['s', this.#line.nextId(), this.#address(given), given.clientId, { text: 'something else' }])
  }

  #address({ conversation, from }: Given): unknown {
    const members = [...(this.#network.history.members(conversation) ?? [])]
    return { user: members.find((user) => user !== from) ?? from }
  }

  #answer(frame: Frame): void {
    const given = this.#flying.get(frame[1])
    if (!given || (frame[0] !== 'a' && frame[0] !== 'no')) return
    this.#flying.delete(frame[1])
    if (frame[0] === 'a') this.#settled(given)
    else this.#refused(given, frame[2] as { retryable?: boolean; retryAfterMs?: number })
    this.#pump()
  }

  #settled(given: Given): void {
    const place = this.#open.indexOf(given)
    if (place < 0) return
    this.#open.splice(place, 1)
    this.#done.push(given)
  }

  #refused(given: Given, { retryable, retryAfterMs = 20 }: { retryable?: boolean; retryAfterMs?: number }): void {
    // What a retry does not help is a violation, and the history has it.
    if (retryable !== true) return this.#settled(given)
    setTimeout(() => {
      if (this.#open.includes(given) && this.#line.up) this.#transmit(given)
    }, retryAfterMs)
  }
}
