import { Clock, definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { storeLife } from '@natter/core/storage'
import type { OpenedStore, StoreSource } from '@natter/core/storage'
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
  setup: (api, { clock }) => storeLife(api, clock, () => opened(new MemoryStore({ clock }))),
})

/** A store in memory as one of several. One that is given is left open, and so outlives who opened it. */
export function memorySource(kept?: MemoryStore): StoreSource {
  return {
    kind: 'store',
    backend: 'memory-storage',
    open: async ({ clock }) =>
      kept ? { ...opened(kept), close: () => undefined } : opened(new MemoryStore({ clock })),
  }
}

const opened = (storage: MemoryStore): OpenedStore => ({
  storage,
  inventory: () => storage.inventory(),
  close: () => storage.close(),
})
export { MemoryStore } from './memory-storage/memory-store.js'
