import { performance } from 'node:perf_hooks'
import type { Storage } from '@natter/core/contract'
import { configSchema as mongoConfig, openStore as openMongo } from '@natter/storage-mongo'
import { configSchema as sqlConfig, openStore as openSql } from '@natter/storage-sql'

type BenchStore = Storage & { close(): Promise<void> }

/** A store by its url, without a chat around it. */
export async function openBenchStore(url: string): Promise<BenchStore> {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  return url.startsWith('mongodb:')
    ? await openMongo(mongoConfig.parse({ url }), clock)
    : await openSql(sqlConfig.parse({ url }), clock)
}

/** The same, prepared. */
export async function benchStore(url: string): Promise<BenchStore> {
  const store = await openBenchStore(url)
  await store.prepare([], [])
  return store
}
