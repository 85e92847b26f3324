/**
 * A value that changes over time. Fits `useSyncExternalStore`, signals and Kotlin's `Flow` alike: `get` returns the same
 * object until something changed, and what it returns is never modified.
 *
 * @example
 * const stop = chat.status.subscribe(() => console.log(chat.status.get().link))
 */
export interface Readable<T> {
  get(): T
  /** Calls back after a change, once for changes of the same turn. Returns how to stop. */
  subscribe(listener: () => void): () => void
}
