import type { Store } from '../api/store.js'

/** Keeps everything in memory: gone with the process. Pass the same one to two clients and they share it. */
export function memory(name = 'memory'): Store {
  const values = new Map<string, unknown>()
  const copy = (value: unknown) => (value === undefined ? undefined : JSON.parse(JSON.stringify(value)))
  return {
    name,
    shared: false,
    list: async (prefix) =>
      [...values].filter(([key]) => key.startsWith(prefix)).map(([key, value]) => [key, copy(value)]),
    get: async (key) => copy(values.get(key)),
    set: async (key, value) => void values.set(key, copy(value)),
    remove: async (key) => void values.delete(key),
    clear: async () => values.clear(),
    close() {},
  }
}
