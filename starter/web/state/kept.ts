/** Small values in the browser's own storage. Where a page may not use it, they last as long as the page. */
export interface Kept {
  get<T>(key: string): T | undefined
  set(key: string, value: unknown): void
  remove(key: string): void
  keys(prefix: string): string[]
}

export function keptIn(open: () => Storage): Kept {
  let storage: Storage | undefined
  try {
    storage = open()
  } catch {
    storage = undefined
  }
  const memory = new Map<string, string>()
  const read = (key: string) => memory.get(key) ?? storage?.getItem(key) ?? undefined
  return {
    get(key) {
      try {
        return JSON.parse(read(key) ?? 'null') ?? undefined
      } catch {
        return undefined
      }
    },
    set(key, value) {
      const text = JSON.stringify(value)
      try {
        if (!storage) throw new Error('there is no storage')
        storage.setItem(key, text)
        memory.delete(key)
      } catch {
        memory.set(key, text)
      }
    },
    remove(key) {
      memory.delete(key)
      storage?.removeItem(key)
    },
    keys: (prefix) =>
      [...new Set([...memory.keys(), ...Object.keys(storage ?? {})])].filter((key) => key.startsWith(prefix)),
  }
}
