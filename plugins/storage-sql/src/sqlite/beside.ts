import type { Lane } from './lane.js'
import type { Verb, Verbs } from './verbs.js'

const settled = () => undefined

/**
 * Reads beside the connection that writes. Who has to have the database without readers waits for those under way, and the next
 * wait for them: were SQLite to do that waiting, everything else would wait too, and the write-ahead log might not be emptied.
 */
export class Beside {
  readonly #lane: Lane
  readonly #reads = new Set<Promise<unknown>>()
  #held: Promise<void> | undefined

  constructor(lane: Lane) {
    this.#lane = lane
  }

  async request<V extends Verb>(verb: V, payload: Verbs[V][0]): Promise<Verbs[V][1]> {
    while (this.#held) await this.#held
    const read = this.#lane.request(verb, payload)
    this.#reads.add(read)
    try {
      return await read
    } finally {
      this.#reads.delete(read)
    }
  }

  /** Runs something while nobody reads here. */
  async without<T>(run: () => Promise<T>): Promise<T> {
    const before = this.#held ?? Promise.resolve()
    const mine = before.then(() => Promise.allSettled(this.#reads)).then(run)
    const held = mine.then(settled, settled)
    this.#held = held
    try {
      return await mine
    } finally {
      if (this.#held === held) this.#held = undefined
    }
  }

  /** What was asked before is still done. */
  close(): Promise<void> {
    return this.#lane.close()
  }
}
