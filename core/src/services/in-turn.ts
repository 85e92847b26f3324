/**
 * Runs what is of one key one after the other; different keys do not wait for each other. For a plugin that reads, decides
 * and writes: on one node nobody comes in between. What another node does meanwhile the store's own conditions must refuse.
 *
 * @example
 * const turns = new InTurn()
 * await turns.run(user, async () => store((await read(user)) + 1))
 */
export class InTurn {
  readonly #last = new Map<string, Promise<unknown>>()

  /** Resolves and rejects as the task does; a task that fails does not hold up the next. */
  async run<T>(key: string, task: () => Promise<T>): Promise<T> {
    const before = this.#last.get(key) ?? Promise.resolve()
    const mine = before.then(task, task)
    this.#last.set(key, mine)
    try {
      return await mine
    } finally {
      if (this.#last.get(key) === mine) this.#last.delete(key)
    }
  }
}
