import test from 'ava'
import { FakeClock, MemoryStore, storageConformance } from '@natter/testkit'

storageConformance(test.serial, {
  name: 'memory',
  async open({ models, steps, clock }) {
    const storage = new MemoryStore({ clock })
    await storage.prepare(models, steps ?? [])
    return { storage, close: async () => storage.close() }
  },
  async bulk() {
    const storage = new MemoryStore({ clock: new FakeClock() })
    return { storage, close: async () => storage.close() }
  },
  without: ['reopen', 'beside', 'elsewhere', 'refuse', 'copy', 'older'],
})
