import { Clock, definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { MemoryStore } from './memory-storage/memory-store.js'

/**
 * Storage in memory, as a plugin: for tests. It keeps every rule of the port and survives nothing.
 *
 * @example
 * const chat = await createChat({ plugins: [memoryStorage(), auth(), offline()] })
 */
export const memoryStorage = definePlugin({
  name: 'memory-storage',
  needs: { clock: Clock },
  provides: [Storage],
  setup(api, { clock }) {
    let store: MemoryStore | undefined
    api.provide(Storage, () => (store = new MemoryStore({ clock })))
    return { stop: () => store?.close() }
  },
})
export { MemoryStore } from './memory-storage/memory-store.js'
