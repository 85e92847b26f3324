/** What became of one request. */
export type Settled<T> = { readonly value: T } | { readonly error: unknown }

interface Waiting<Request, T> {
  readonly request: Request
  readonly resolve: (value: T) => void
  readonly reject: (error: unknown) => void
}

/**
 * Requests that wait for the database. Whatever queued while the last ones were under way goes out together, at once and
 * without a timer: alone, a request waits for nobody.
 */
export class Lane<Request, T> {
  readonly #most: number
  readonly #width: number
  readonly #run: (requests: readonly Request[]) => Promise<readonly Settled<T>[]>
  readonly #answered: ((requests: number) => void) | undefined
  #queue: Waiting<Request, T>[] = []
  #running = 0
  #woken = false

  /** At most `most` requests go together, and `width` runs are under way at a time. `answered` hears how many a run has answered. */
  constructor(
    { most, width }: { readonly most: number; readonly width: number },
    run: (requests: readonly Request[]) => Promise<readonly Settled<T>[]>,
    answered?: (requests: number) => void,
  ) {
    this.#most = most
    this.#width = width
    this.#run = run
    this.#answered = answered
  }

  ask(request: Request): Promise<T> {
    return new Promise((resolve, reject) => {
      this.#queue.push({ request, resolve, reject })
      if (this.#woken || this.#running >= this.#width) return
      // what else is asked in this turn comes along
      this.#woken = true
      setImmediate(() => {
        this.#woken = false
        this.#start()
      })
    })
  }

  #start(): void {
    while (this.#queue.length > 0 && this.#running < this.#width) {
      this.#running++
      void this.#next(this.#queue.splice(0, this.#most))
    }
  }

  async #next(waiting: readonly Waiting<Request, T>[]): Promise<void> {
    try {
      const settled = await this.#run(waiting.map(({ request }) => request))
      for (let i = 0; i < waiting.length; i++) {
        const each = settled[i]!
        if ('value' in each) waiting[i]!.resolve(each.value)
        else waiting[i]!.reject(each.error)
      }
    } catch (error) {
      for (const { reject } of waiting) reject(error)
    }
    this.#answered?.(waiting.length)
    this.#running--
    this.#start()
  }
}
