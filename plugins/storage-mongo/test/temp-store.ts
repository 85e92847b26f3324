import type { Clock } from '@natter/core'
import { configSchema, openStore } from '@natter/storage-mongo'
import type { MongoStore } from '@natter/storage-mongo'
import type { StoreSetting } from '@natter/testkit'

export interface StoreOptions {
  readonly queue?: number
  readonly batch?: number
  readonly durability?: 'full' | 'unsafe'
}

export const realClock = { now: () => Date.now(), monotonic: () => performance.now() }

/** A store at an address, prepared. */
export async function openUrl(
  url: string,
  { models, steps, clock }: Omit<StoreSetting, 'clock'> & { readonly clock: Pick<Clock, 'now' | 'monotonic'> },
  options: StoreOptions = {},
): Promise<MongoStore> {
  const store = await openStore(configSchema.parse({ url, ...options }), clock)
  try {
    await store.prepare(models, steps ?? [])
    return store
  } catch (error) {
    await store.close()
    throw error
  }
}
