import type { Store } from '@natter/client'

/** A store that a process has open; after a crash nothing it still does arrives. */
export interface OpenStore extends Store {
  crash(): void
}

/**
 * What a device keeps on its disk. It outlives the process that uses it, and several may use it at once. A write is kept
 * a moment after it was asked for, as on a disk.
 */
export class KeptStore {
  readonly #name: string
  readonly #values = new Map<string, string>()

  constructor(name: string) {
    this.#name = name
  }

  /** Whether anything under this key is kept. */
  has(key: string): boolean {
    return this.#values.has(key)
  }

  open(): OpenStore {
    let crashed = false
    const values = this.#values
    const later = <T>(act: () => T) =>
      new Promise<T>((resolve) => {
        setImmediate(() => {
          if (!crashed) resolve(act())
        })
      })
    const parse = (text: string | undefined): unknown => (text === undefined ? undefined : JSON.parse(text))
    return {
      name: this.#name,
      shared: false,
      list: (prefix) =>
        later(() =>
          [...values].filter(([key]) => key.startsWith(prefix)).map(([key, text]) => [key, parse(text)] as const),
        ),
      get: (key) => later(() => parse(values.get(key))),
      set: (key, value) => later(() => void values.set(key, JSON.stringify(value))),
      remove: (key) => later(() => void values.delete(key)),
      clear: () => later(() => values.clear()),
      close: () => undefined,
      crash: () => void (crashed = true),
    }
  }
}
