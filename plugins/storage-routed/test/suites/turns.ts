/** Lets so many run at once; the others wait. Who runs already may ask again. */
export class Turns {
  readonly #waiting: (() => void)[] = []
  readonly #running = new WeakSet<object>()
  #free: number

  constructor(most: number) {
    this.#free = most
  }

  async take(who: object, atEnd: (run: () => void) => void): Promise<void> {
    if (this.#running.has(who)) return
    this.#running.add(who)
    if (this.#free > 0) this.#free--
    else await new Promise<void>((resolve) => this.#waiting.push(resolve))
    atEnd(() => {
      const next = this.#waiting.shift()
      if (next) next()
      else this.#free++
    })
  }
}
