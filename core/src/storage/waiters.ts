/**
 * Those who wait for something, each in a place that is free again when they leave. For who comes and goes thousands of times a
 * second.
 *
 * Not a `Map` or a `Set`: each time one is tidied, the table that it leaves behind still holds whoever waited then, and with
 * them what they were answered with, until the next full collection.
 *
 * @example
 *   const waiting = new Waiters<(answer: string) => void>()
 *   const place = waiting.add(resolve)
 *   waiting.take(place)?.('done')
 */
export class Waiters<T extends object> {
  #places: (T | undefined)[] = []
  #free: number[] = []

  get size(): number {
    return this.#places.length - this.#free.length
  }

  add(waiter: T): number {
    const place = this.#free.pop() ?? this.#places.length
    this.#places[place] = waiter
    return place
  }

  /** Who waits there, and waits no more. */
  take(place: number): T | undefined {
    const waiter = this.#places[place]
    if (waiter === undefined) return undefined
    this.#places[place] = undefined
    this.#free.push(place)
    return waiter
  }

  all(): readonly T[] {
    return this.#places.filter((waiter) => waiter !== undefined)
  }

  takeAll(): readonly T[] {
    const all = this.all()
    this.#places = []
    this.#free = []
    return all
  }
}
