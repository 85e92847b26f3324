import { directId } from './direct-id.js'

/** Ids of direct conversations that were asked for a moment ago, bounded: who talks is not hashed for every message. */
export class DirectIds {
  readonly #ids = new Map<string, string>()
  readonly #max: number

  constructor(max = 20_000) {
    this.#max = max
  }

  of(a: string, b: string): string {
    // No id has this character.
    const pair = `${a}\0${b}`
    const known = this.#ids.get(pair)
    if (known !== undefined) return known
    if (this.#ids.size >= this.#max) {
      const [oldest] = this.#ids.keys()
      this.#ids.delete(oldest!)
    }
    const id = directId(a, b)
    this.#ids.set(pair, id)
    return id
  }
}
