import type { Clock, Logger, Timer } from '@natter/core'
import type { Awaitable, Records } from '@natter/core/contract'
import type { mark } from './contract.js'

const parts = 64
const mostPerPart = 1_000
/** How often other nodes' changes are looked for, and how long a look counts, ms: a change is seen within a second. */
const lookMs = 400
const countsMs = 1_000

interface RecallParts {
  readonly marks: Records<typeof mark>
  readonly clock: Clock
  readonly log: Logger
}

/**
 * What was read from the store, remembered for as long as it is surely true. Who changes something forgets it here and
 * raises the mark of its part in the store, before it answers; every node looks at the marks, and forgets the parts that
 * moved. Where a look did not succeed lately, nothing is remembered: each question then goes to the store.
 */
export class Recall {
  readonly #parts: RecallParts
  readonly #known = Array.from({ length: parts }, () => new Map<string, unknown>())
  /** Raised when something of a part is forgotten, so that a read that began before is not kept. */
  readonly #turn = new Array<number>(parts).fill(0)
  readonly #marks = new Array<number>(parts).fill(0)
  #lookedAt = -Infinity
  #looking = false
  #failing = false
  #timer: Timer | undefined

  constructor(given: RecallParts) {
    this.#parts = given
  }

  async start(): Promise<void> {
    await this.look()
    this.#timer = this.#parts.clock.every(lookMs, () => void this.look())
  }

  stop(): void {
    this.#timer?.cancel()
  }

  /** What is remembered under a key, or else what `read` gives. */
  get<T>(key: string, read: () => Promise<T>): Awaitable<T> {
    const part = partOf(key)
    const known = this.#known[part]!
    const remembered = known.get(key)
    if (remembered !== undefined && this.#parts.clock.monotonic() - this.#lookedAt < countsMs) return remembered as T
    return this.#read(part, key, read)
  }

  async #read<T>(part: number, key: string, read: () => Promise<T>): Promise<T> {
    const turn = this.#turn[part]
    const value = await read()
    const known = this.#known[part]!
    if (turn !== this.#turn[part]) return value
    if (known.size >= mostPerPart) {
      const [oldest] = known.keys()
      known.delete(oldest!)
    }
    known.set(key, value)
    return value
  }

  /** What is under this key was changed in the store. Resolves when other nodes can know. */
  async changed(key: string): Promise<void> {
    const part = partOf(key)
    this.forget(key)
    const version = await this.#raise(part)
    // Raised by this node alone since its last look: there is nothing else to forget.
    if (version === this.#marks[part]! + 1) this.#marks[part] = version
  }

  forget(key: string): void {
    const part = partOf(key)
    this.#turn[part]! += 1
    this.#known[part]!.delete(key)
  }

  async #raise(part: number): Promise<number> {
    const { marks } = this.#parts
    const raise = async () => (await marks.updateIf({ part }, {}, { version: 1 }))?.version
    const raised = await raise()
    if (raised !== undefined) return raised
    return (await marks.insert({ part, version: 1 })) === 'inserted' ? 1 : ((await raise()) ?? 1)
  }

  /** Looks at the marks, once at a time. */
  async look(): Promise<void> {
    if (this.#looking) return
    this.#looking = true
    const { marks, clock, log } = this.#parts
    const at = clock.monotonic()
    try {
      const { rows } = await marks.page({ part: { gte: 0 } }, { limit: parts })
      for (const { part, version } of rows) this.#moved(part, version)
      this.#lookedAt = at
      this.#failing = false
    } catch (error) {
      if (!this.#failing)
        log.warn({ err: error }, 'changes by other nodes could not be read; nothing is remembered now')
      this.#failing = true
    } finally {
      this.#looking = false
    }
  }

  #moved(part: number, version: number): void {
    if (this.#marks[part] === version || this.#known[part] === undefined) return
    this.#marks[part] = version
    this.#turn[part]! += 1
    this.#known[part].clear()
  }
}

function partOf(key: string): number {
  let hash = 0
  for (let i = 0; i < key.length; i++) hash = (Math.imul(hash, 31) + key.charCodeAt(i)) | 0
  return (hash >>> 0) % parts
}
