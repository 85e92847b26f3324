import { Clock, definePlugin } from '@natter/core'
import { Intents, Storage } from '@natter/core/contract'
import { defineStore, storeLife } from '@natter/core/storage'
import type { OpenedStore, StoreHost } from '@natter/core/storage'
import { configSchema } from './config.js'
import type { SqlConfig } from './config.js'
import { openStore } from './open-store.js'

const name = 'storage-sql'

async function open(config: SqlConfig, { clock }: StoreHost): Promise<OpenedStore> {
  const store = await openStore(config, clock)
  return {
    storage: store,
    intents: store.intents(),
    sweep: () => store.sweep(),
    inventory: () => store.inventory(),
    close: () => store.close(),
  }
}

/**
 * Storage in an SQL database: an SQLite file by default, embedded and in full sync.
 *
 * @throws STORAGE_SQL_URL_UNKNOWN, STORAGE_SQL_DURABILITY_WEAK, STORAGE_SQL_SCHEMA_NEWER, STORAGE_MODEL_CHANGED at boot.
 * @example
 * const chat = await createChat({ plugins: [storageSql({ url: 'sqlite:data/chat.db' }), auth(), offline()] })
 */
export const storageSql = definePlugin({
  name,
  needs: { clock: Clock },
  provides: [Storage, Intents],
  config: configSchema,
  setup: (api, { clock }, config) => storeLife(api, clock, (host) => open(config, host), { intents: true }),
})

/**
 * The same database as one of several, for a plugin that keeps some things here and others elsewhere.
 *
 * @example
 * storageRouted({ stores: { sql: sqlStore({ url: 'postgres://db.example/chat' }), mongo: mongoStore() }, … })
 */
export const sqlStore = defineStore({ name, config: configSchema, open })
