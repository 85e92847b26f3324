import { performance } from 'node:perf_hooks'
import type { Storage } from '@natter/core/contract'
import { configSchema as mongoConfig, openStore as openMongo } from '@natter/storage-mongo'
import { configSchema as sqlConfig, openStore as openSql } from '@natter/storage-sql'

/** A store by its url, prepared, without a chat around it. */
export async function benchStore(url: string): Promise<Storage & { close(): Promise<void> }> {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  const store = url.startsWith('mongodb:')
    ? await openMongo(mongoConfig.parse({ url }), clock)
    : await openSql(sqlConfig.parse({ url }), clock)
  await store.prepare([], [])
  return store
}
