import { StorageErrors } from '@natter/core/contract'

/** Waits between two tries to reach a server that is not there, ms: doubling from the first, up to the last. */
const firstPause = 100
const longestPause = 5_000

/** Keeps requests from queueing up before a server that is not there: between tries they are refused at once. */
export class Backoff {
  readonly #monotonic: () => number
  #failures = 0
  #retryAt = 0
  #cause: unknown

  constructor(monotonic: () => number) {
    this.#monotonic = monotonic
  }

  /** @throws STORAGE_UNAVAILABLE, with the time that is left. */
  check(): void {
    const left = this.#retryAt - this.#monotonic()
    if (left > 0) throw StorageErrors.UNAVAILABLE({ cause: this.#cause, retryAfterMs: Math.ceil(left) })
  }

  failed(cause: unknown): void {
    this.#cause = cause
    // the first failure may be one connection's own, and is tried again at once
    const pause = this.#failures === 0 ? 0 : Math.min(firstPause * 2 ** (this.#failures - 1), longestPause)
    this.#failures++
    this.#retryAt = this.#monotonic() + pause
  }

  succeeded(): void {
    this.#failures = 0
  }
}
