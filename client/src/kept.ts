import type { Store } from './api/store.js'
import { localError } from './errors.js'
import type { ClientError } from './errors.js'
import { memory } from './stores/memory.js'

/** A store that goes on in memory when the device's cannot be used, and says so once. */
export function createKept(store: Store, problem: (error: ClientError) => void): Store {
  const instead = memory(store.name)
  let broken = false
  const tryFirst = async <T>(act: (store: Store) => Promise<T>): Promise<T> => {
    if (!broken) {
      try {
        return await act(store)
      } catch (cause) {
        if (!broken) {
          broken = true
          const message = 'What is unsent is lost when the app is closed: this device cannot keep it.'
          problem(localError('CLIENT_STORE_FAILED', message, { cause }))
        }
      }
    }
    return act(instead)
  }
  return {
    name: store.name,
    shared: store.shared,
    list: (prefix) => tryFirst((from) => from.list(prefix)),
    get: (key) => tryFirst((from) => from.get(key)),
    set: (key, value) => tryFirst((from) => from.set(key, value)),
    remove: (key) => tryFirst((from) => from.remove(key)),
    async clear() {
      await instead.clear()
      await store.clear()
    },
    close: () => store.close(),
  }
}
