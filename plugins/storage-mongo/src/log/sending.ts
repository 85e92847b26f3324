import type { Append, Appended } from '@natter/core/contract'
import { keyOf } from './documents.js'

/** What is stored under a key. */
export interface StoredEntry {
  readonly seq: number
  readonly n: number
  readonly at: number
  readonly digest: string
}

/** One append on its way, with those of the same key that came together with it. */
export class Sending {
  readonly append: Append
  readonly key: string
  readonly bytes: number
  /** Its place among all that came. */
  readonly turn: number
  readonly #resolve: (answer: Appended) => void
  readonly #reject: (error: Error) => void
  #twins: Sending[] = []
  answered = false
  /** Another one of the same key answers it. */
  isTwin = false

  constructor(turn: number, append: Append, resolve: (answer: Appended) => void, reject: (error: Error) => void) {
    this.turn = turn
    this.append = append
    this.key = keyOf(append.from, append.clientId)
    this.bytes = Buffer.byteLength(append.body)
    this.#resolve = resolve
    this.#reject = reject
  }

  /** Is answered by what becomes of this one. */
  joined(twin: Sending): void {
    twin.isTwin = true
    this.#twins.push(twin)
  }

  /** This one is in the log now, by ourselves or from an earlier time. */
  stored(status: 'appended' | 'duplicate', entry: StoredEntry): void {
    const { seq, n, at, digest } = entry
    const conflict = status === 'duplicate' && digest !== '' && digest !== this.append.digest
    this.answered = true
    this.#resolve(conflict ? { status: 'conflict' } : { status, seq, n, at })
    for (const twin of this.#twins) twin.stored('duplicate', entry)
  }

  /** It was judged and not stored. @returns the next one of the same key, which is to be judged on its own. */
  judged(answer: Appended): readonly Sending[] {
    this.answered = true
    this.#resolve(answer)
    return this.#followed()
  }

  /** The database does not take it. @returns as `judged`. */
  refused(error: Error): readonly Sending[] {
    this.answered = true
    this.#reject(error)
    return this.#followed()
  }

  /** Nothing is known of it, nor of those of the same key. */
  failed(error: Error): void {
    for (const twin of this.#twins) twin.failed(error)
    if (this.answered) return
    this.answered = true
    this.#reject(error)
  }

  #followed(): readonly Sending[] {
    const [next, ...others] = this.#twins
    this.#twins = []
    if (!next) return []
    next.isTwin = false
    for (const other of others) next.joined(other)
    return [next]
  }
}
