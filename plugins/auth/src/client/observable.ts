/** A value that can be read and watched. */
export interface Readable<T> {
  get(): T
  /** Calls back after every change, until the returned function is called. */
  subscribe(listener: (value: T) => void): () => void
}

export function observable<T>(first: T): Readable<T> & { set(value: T): void } {
  let value = first
  const listeners = new Set<(value: T) => void>()
  return {
    get: () => value,
    set(next) {
      if (next === value) return
      value = next
      for (const listener of [...listeners]) listener(next)
    },
    subscribe(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
  }
}
