import { Clock, definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import { defineStore, storeLife } from '@natter/core/storage'
import type { OpenedStore, StoreHost } from '@natter/core/storage'
import { configSchema } from './config.js'
import type { MongoConfig } from './config.js'
import { openStore } from './open-store.js'

const name = 'storage-mongo'

async function open(config: MongoConfig, { clock }: StoreHost): Promise<OpenedStore> {
  const store = await openStore(config, clock)
  return {
    storage: store,
    sweep: () => store.sweep(),
    inventory: () => store.inventory(),
    close: () => store.close(),
  }
}

/**
 * Storage in a MongoDB replica set: every write on a majority, with the journal.
 *
 * @throws STORAGE_MONGO_URL_INVALID, STORAGE_MONGO_LOGIN_REFUSED, STORAGE_MONGO_REPLICA_SET_REQUIRED,
 * STORAGE_MONGO_VERSION_OLD, STORAGE_MONGO_DURABILITY_WEAK, STORAGE_MONGO_SCHEMA_NEWER, STORAGE_MODEL_CHANGED at boot.
 * @example
 * const chat = await createChat({ plugins: [storageMongo({ url: 'mongodb://127.0.0.1:27017/chat' }), auth(), offline()] })
 */
export const storageMongo = definePlugin({
  name,
  needs: { clock: Clock },
  provides: [Storage],
  config: configSchema,
  setup: (api, { clock }, config) => storeLife(api, clock, (host) => open(config, host)),
})

/**
 * The same database as one of several, for a plugin that keeps some things here and others elsewhere.
 *
 * @example
 * storageRouted({ stores: { sql: sqlStore(), mongo: mongoStore({ url: 'mongodb://127.0.0.1:27017/chat' }) }, … })
 */
export const mongoStore = defineStore({ name, config: configSchema, open })
