import type { Plugin } from '@natter/core'
import { memoryStorage } from './memory-storage.js'
import type { TestContext } from './test-chat.js'

/**
 * The storage of tests that name none: in memory, or what the module in the environment variable `TEST_STORAGE` gives, so
 * that one suite runs on any store. The module exports `testStorage(t)`: a storage plugin for one server, on a new and
 * empty database, or a promise of it.
 */
export async function defaultStorage(t: TestContext): Promise<Plugin> {
  const module = process.env['TEST_STORAGE']
  if (!module) return memoryStorage()
  const { testStorage } = (await import(module)) as { testStorage(test: TestContext): Promise<Plugin> | Plugin }
  return testStorage(t)
}
