import { copying } from './storage-conformance/bulk.js'
import { restoredCopies } from './storage-conformance/copies.js'
import { hostileValues } from './storage-conformance/hostile.js'
import { interrupted } from './storage-conformance/interrupted.js'
import { keySpaces } from './storage-conformance/kv.js'
import { storeLife } from './storage-conformance/life.js'
import { keyRaces } from './storage-conformance/kv-races.js'
import { limits } from './storage-conformance/limits.js'
import { logAppend } from './storage-conformance/log-append.js'
import { logBatches } from './storage-conformance/log-batches.js'
import { logChanges } from './storage-conformance/log-changes.js'
import { logEpoch } from './storage-conformance/log-epoch.js'
import { logMarks } from './storage-conformance/log-marks.js'
import { logMembers } from './storage-conformance/log-members.js'
import { logRaces } from './storage-conformance/log-races.js'
import { logPage } from './storage-conformance/log-page.js'
import { logRange } from './storage-conformance/log-range.js'
import { logForget } from './storage-conformance/log-forget.js'
import { logRewrite } from './storage-conformance/log-rewrite.js'
import { olderStores } from './storage-conformance/older.js'
import { preparing } from './storage-conformance/prepare.js'
import { recordPages } from './storage-conformance/records-pages.js'
import { recordRaces } from './storage-conformance/records-races.js'
import { recordTerms } from './storage-conformance/records-terms.js'
import { recordValues } from './storage-conformance/records-values.js'
import { recordVerbs } from './storage-conformance/records-verbs.js'
import { reopening } from './storage-conformance/reopen.js'
import { capabilities, makeSuite } from './storage-conformance/suite.js'
import type { OpenStore, StorageBackend, SuiteTest } from './storage-conformance/suite.js'
import { textOrder } from './storage-conformance/text-order.js'
import { twoWriters } from './storage-conformance/writers.js'

/**
 * Every rule of the storage port as tests, the same for every backend. Each opens a store of its own, so give a `test`
 * that runs them one after another.
 *
 * @example
 * import test from 'ava'
 * storageConformance(test.serial, {
 *   name: 'my database',
 *   open: async ({ models, steps, clock }) => {
 *     const storage = await openMine({ database: randomName(), clock })
 *     await storage.prepare(models, steps ?? [])
 *     return { storage, close: () => storage.close() }
 *   },
 *   without: ['reopen', 'beside', 'elsewhere', 'refuse', 'copy', 'older', 'bulk'],
 * })
 */
export function storageConformance<Opened extends OpenStore>(test: SuiteTest, backend: StorageBackend<Opened>): void {
  const suite = makeSuite(test, backend as StorageBackend<never> as StorageBackend)
  for (const way of backend.without ?? []) {
    test.skip(`${backend.name}: NOT CLAIMED: ${capabilities[way]} (${way})`, async (t) => void t.true(false))
  }
  for (const part of [
    storeLife,
    recordVerbs,
    recordValues,
    recordPages,
    recordRaces,
    recordTerms,
    keySpaces,
    keyRaces,
    logAppend,
    logBatches,
    logMembers,
    logRange,
    logPage,
    logMarks,
    logChanges,
    logRewrite,
    logForget,
    logRaces,
    logEpoch,
    textOrder,
    hostileValues,
    limits,
    preparing,
    reopening,
    interrupted,
    olderStores,
    twoWriters,
    restoredCopies,
    copying,
  ]) {
    part(suite)
  }
}
export { furnish, furnishedModels } from './storage-conformance/furnish.js'
export type {
  OlderStore,
  OpenElsewhere,
  OpenStore,
  StorageBackend,
  StoreSetting,
  SuiteContext,
  SuiteTest,
} from './storage-conformance/suite.js'
