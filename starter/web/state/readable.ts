import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { useLayoutEffect, useReducer } from 'preact/hooks'

/** What the client gives for a value that changes. */
export interface Readable<T> {
  get(): T
  subscribe(listener: () => void): () => void
}

/** Follows a value for as long as the app runs. */
export function signalOf<T>(readable: Readable<T>, on: (stop: () => void) => void): ReadonlySignal<T> {
  const value = signal(readable.get())
  on(readable.subscribe(() => (value.value = readable.get())))
  value.value = readable.get()
  return value
}

/** Follows a value for as long as the component is on screen. */
export function useReadable<T>(readable: Readable<T>): T {
  const [, update] = useReducer<number, void>((n) => n + 1, 0)
  const value = readable.get()
  useLayoutEffect(() => {
    const stop = readable.subscribe(() => update())
    if (readable.get() !== value) update()
    return stop
  }, [readable])
  return value
}
