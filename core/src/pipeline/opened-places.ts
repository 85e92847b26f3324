/** Direct conversations that were allowed to open a moment ago, bounded: the question is asked once, not per retry. */
export class OpenedPlaces {
  readonly #ids = new Set<string>()
  readonly #max: number

  constructor(max = 50_000) {
    this.#max = max
  }

  has(conversation: string): boolean {
    return this.#ids.has(conversation)
  }

  add(conversation: string): void {
    if (this.#ids.size >= this.#max) {
      const [oldest] = this.#ids
      this.#ids.delete(oldest!)
    }
    this.#ids.add(conversation)
  }
}
