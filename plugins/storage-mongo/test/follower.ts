import type { Log } from '@natter/core/contract'

/** Follows the changes of a log, or of one user, as resume and search do: from the last mark seen, a few at a time. */
export class Follower {
  readonly #log: Log
  readonly #user: string | undefined
  readonly seen = new Map<string, number>()
  #after = 0

  constructor(log: Log, user?: string) {
    this.#log = log
    this.#user = user
  }

  async catchUp(): Promise<void> {
    for (;;) {
      const options = { after: this.#after, limit: 3 }
      const page =
        this.#user === undefined ? await this.#log.changed(this.#after, 3) : await this.#log.states(this.#user, options)
      if (page.length === 0) return
      for (const { conversation, seq, mark } of page) {
        if (mark <= this.#after) throw new Error(`the change order is broken: ${mark} behind ${this.#after}`)
        this.#after = mark
        this.seen.set(conversation, Math.max(seq, this.seen.get(conversation) ?? 0))
      }
    }
  }
}
