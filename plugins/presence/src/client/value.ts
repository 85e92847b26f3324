import type { Readable } from '@natter/client'

/** A value that its owner sets. */
export interface Value<T> extends Readable<T> {
  set(next: T): void
}

/** `watched` is told when the first subscribes, and when the last has gone. */
export function value<T>(first: T, watched: (some: boolean) => void = () => undefined): Value<T> {
  let now = first
  const listeners = new Set<() => void>()
  return {
    get: () => now,
    set(next) {
      now = next
      for (const listener of [...listeners]) listener()
    },
    subscribe(listener) {
      // Each subscription is its own, also of the same function.
      const own = () => listener()
      listeners.add(own)
      if (listeners.size === 1) watched(true)
      return () => {
        if (listeners.delete(own) && listeners.size === 0) watched(false)
      }
    },
  }
}
