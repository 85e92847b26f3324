import { NatterErrors } from '@natter/core'

/** Lets a few tasks run at a time and a bounded number wait. @throws NATTER_BUSY when no more may wait. */
export class Turnstile {
  readonly #width: number
  readonly #queue: number
  readonly #waiting: (() => void)[] = []
  #running = 0

  constructor(options: { readonly width: number; readonly queue: number }) {
    this.#width = options.width
    this.#queue = options.queue
  }

  async run<T>(task: () => Promise<T>): Promise<T> {
    if (this.#running >= this.#width) {
      if (this.#waiting.length >= this.#queue) throw NatterErrors.BUSY()
      // Whoever leaves hands its place over, so the number running stays as it is.
      await new Promise<void>((resolve) => this.#waiting.push(resolve))
    } else {
      this.#running++
    }
    try {
      return await task()
    } finally {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#running--
    }
  }
}
