/**
 * Who waits for an answer, by a number that is free again once it is answered.
 *
 * Not a `Map`: each time a map of numbers that only grow is tidied, the table that it leaves behind still holds whoever
 * waited then, with the pages that they were answered with, until the next full collection.
 */
export class Waiters<T> {
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

  take(place: number): T | undefined {
    const waiter = this.#places[place]
    if (waiter === undefined) return undefined
    this.#places[place] = undefined
    this.#free.push(place)
    return waiter
  }

  takeAll(): readonly T[] {
    const all = this.#places.filter((waiter) => waiter !== undefined)
    this.#places = []
    this.#free = []
    return all
  }
}
