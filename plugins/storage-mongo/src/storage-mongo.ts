import { Clock, definePlugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import type { Timer } from '@natter/core'
import { configSchema } from './config.js'
import type { MongoStore } from './mongo-store.js'
import { openStore } from './open-store.js'

/** Between two looks for what is not needed any more, ms of monotonic time. */
const sweepEvery = 60_000

/**
 * Storage in a MongoDB replica set: every write on a majority, with the journal.
 *
 * @throws STORAGE_MONGO_URL_INVALID, STORAGE_MONGO_LOGIN_REFUSED, STORAGE_MONGO_REPLICA_SET_REQUIRED,
 * STORAGE_MONGO_VERSION_OLD, STORAGE_MONGO_DURABILITY_WEAK, STORAGE_MONGO_SCHEMA_NEWER, STORAGE_MODEL_CHANGED at boot.
 * @example
 * const chat = await createChat({ plugins: [storageMongo({ url: 'mongodb://127.0.0.1:27017/chat' }), auth(), offline()] })
 */
export const storageMongo = definePlugin({
  name: 'storage-mongo',
  needs: { clock: Clock },
  provides: [Storage],
  config: configSchema,
  setup(api, { clock }, config) {
    let store: MongoStore | undefined
    let sweeping: Timer | undefined
    api.provide(Storage, async () => (store = await openStore(config, clock)))
    return {
      start() {
        sweeping = clock.every(sweepEvery, () => {
          store?.sweep().catch((error: unknown) => {
            api.log.warn({ error }, 'what is not needed any more could not be removed; the next minute tries again')
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
