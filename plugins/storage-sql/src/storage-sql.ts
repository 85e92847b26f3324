import { Clock, definePlugin } from '@natter/core'
import { Intents, Storage } from '@natter/core/contract'
import type { Timer } from '@natter/core'
import { configSchema } from './config.js'
import { openStore } from './open-store.js'
import type { SqlStore } from './sql-store.js'

/** Between two looks for expired values, ms of monotonic time. */
const sweepEvery = 60_000

/**
 * Storage in an SQL database: an SQLite file by default, embedded and in full sync.
 *
 * @throws STORAGE_SQL_URL_UNKNOWN, STORAGE_SQL_DURABILITY_WEAK, STORAGE_SQL_SCHEMA_NEWER, STORAGE_MODEL_CHANGED at boot.
 * @example
 * const chat = await createChat({ plugins: [storageSql({ url: 'sqlite:data/chat.db' }), auth(), offline()] })
 */
export const storageSql = definePlugin({
  name: 'storage-sql',
  needs: { clock: Clock },
  provides: [Storage, Intents],
  config: configSchema,
  setup(api, { clock }, config) {
    let opening: Promise<SqlStore> | undefined
    let store: SqlStore | undefined
    let sweeping: Timer | undefined
    const open = () => (opening ??= openStore(config, clock).then((opened) => (store = opened)))
    api.provide(Storage, open)
    api.provide(Intents, async () => (await open()).intents())
    return {
      start() {
        sweeping = clock.every(sweepEvery, () => {
          store?.sweep().catch((error: unknown) => {
            api.log.warn({ error }, 'expired values could not be removed; the next minute tries again')
          })
        })
      },
      async stop() {
        sweeping?.cancel()
        await store?.close()
      },
    }
  },
})
