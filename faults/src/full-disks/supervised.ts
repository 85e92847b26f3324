import { setTimeout as pause } from 'node:timers/promises'
import type { Database } from '../databases/database.js'
import type { LoneDatabases } from '../databases/lone-databases.js'

const pollMs = 100

/** Databases that are started again when they end by themselves, as a service manager does it. */
export class Supervised implements Database {
  readonly #databases: LoneDatabases
  readonly #watching: Promise<void>
  #resting = false
  #over = false
  /** So often one had ended. */
  ended = 0

  constructor(databases: LoneDatabases) {
    this.#databases = databases
    this.#watching = this.#watch()
    // told at the end
    this.#watching.catch(() => undefined)
  }

  get urls(): readonly string[] {
    return this.#databases.urls
  }

  /** None has ended. */
  get run(): boolean {
    return this.#databases.run
  }

  /** What ends stays so. */
  rest(): void {
    this.#resting = true
  }

  resume(): void {
    this.#resting = false
  }

  async #watch(): Promise<void> {
    while (!this.#over) {
      if (!this.#resting) this.ended += await this.#databases.revive()
      await pause(pollMs)
    }
  }

  async close(): Promise<void> {
    this.#over = true
    try {
      await this.#watching
    } finally {
      await this.#databases.close()
    }
  }
}
