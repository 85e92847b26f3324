import type { Clock, Timer } from './clock.js'

/** What a backlog is made of. */
export interface BacklogParts {
  readonly clock: Clock
  /** Between two looks that nobody asked for, ms: for what another process left or wrote. */
  readonly everyMs: number
  /** Does a page of what waits. True where there may be more. */
  readonly work: () => Promise<boolean>
  /** Work that failed. What waits is looked for again when next asked, at the latest after `everyMs`. */
  readonly failed: (err: unknown) => void
}

/**
 * Works off what waits in a store, page by page: one page at a time, and again for as long as there may be more or somebody
 * asked meanwhile. For a plugin whose work outlives its process: the rows say what is left.
 *
 * @example
 * const backlog = new Backlog({ clock, everyMs: 5_000, work: () => sendDue(), failed: (err) => log.warn({ err }, 'later') })
 * backlog.start()
 * backlog.wake() // there is something
 * await backlog.stop() // what is under way has ended
 */
export class Backlog {
  readonly #parts: BacklogParts
  #timer: Timer | undefined
  #running: Promise<void> | undefined
  #again = false
  #stopped = false

  constructor(parts: BacklogParts) {
    this.#parts = parts
  }

  /** True from `stop` on: work that takes long leaves the rest. */
  get stopped(): boolean {
    return this.#stopped
  }

  /** Looks at once, and from now on every so often. */
  start(): void {
    this.#timer = this.#parts.clock.every(this.#parts.everyMs, () => this.wake())
    this.wake()
  }

  /** There may be something: it is looked for, once more where a look is under way. */
  wake(): void {
    this.#again = true
    this.#running ??= this.#run()
  }

  /** What is under way ends; the rest is left. */
  async stop(): Promise<void> {
    this.#stopped = true
    this.#timer?.cancel()
    await this.#running
  }

  async #run(): Promise<void> {
    // `#running` is set by then, and unset in the turn in which this ends: whoever asks meanwhile is not missed.
    await Promise.resolve()
    try {
      while (this.#again && !this.#stopped) {
        this.#again = false
        this.#again = (await this.#parts.work()) || this.#again
      }
    } catch (err) {
      this.#parts.failed(err)
    } finally {
      this.#running = undefined
    }
  }
}
