import { FakeClock } from '../fake-clock.js'
import { checkFurnished, furnishedModels } from './furnish.js'
import type { Suite } from './suite.js'

export function olderStores({ test, backend, keep }: Suite): void {
  for (const { release, open } of backend.older ?? []) {
    test(`a store that ${release} furnished has all of it still, and goes on`, async (t) => {
      const { storage } = keep(t, await open({ models: furnishedModels, clock: new FakeClock() }))
      await checkFurnished(t, storage)
    })
  }
}
