import { performance } from 'node:perf_hooks'
import type { Storage } from '@natter/core/contract'

type BenchStore = Storage & { close(): Promise<void> }

/** A store by its url, without a chat around it; only its own driver is loaded. */
export async function openBenchStore(url: string): Promise<BenchStore> {
  const clock = { now: () => Date.now(), monotonic: () => performance.now() }
  if (url.startsWith('mongodb:')) {
    const { configSchema, openStore } = await import('@natter/storage-mongo')
    return openStore(configSchema.parse({ url }), clock)
  }
  const { configSchema, openStore } = await import('@natter/storage-sql')
  return openStore(configSchema.parse({ url }), clock)
}

/** The same, prepared. */
export async function benchStore(url: string): Promise<BenchStore> {
  const store = await openBenchStore(url)
  await store.prepare([], [])
  return store
}
