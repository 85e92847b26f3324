import type { Clock } from '@natter/core'
import type { MongoConfig } from './config.js'
import { connect } from './connect.js'
import { MongoStore } from './mongo-store.js'

/**
 * Opens the database of a configuration, without a plugin around it: for tools and tests.
 *
 * @throws STORAGE_MONGO_… and STORAGE_UNAVAILABLE when it cannot be opened.
 */
export async function openStore(config: MongoConfig, clock: Pick<Clock, 'now' | 'monotonic'>): Promise<MongoStore> {
  return new MongoStore(await connect(config), config, clock)
}
