import { Intents, Storage } from '../contract/index.js'
import type { Awaitable } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Lifecycle, PluginApi } from '../kernel/plugin.js'
import type { Clock, Timer } from '../services/clock.js'
import type { OpenedStore, StoreHost } from './store-source.js'

/** Between two looks for what is not needed any more, ms of monotonic time. */
const sweepEvery = 60_000

/** Of a store without a database that a host could have a transaction in. */
const noIntents: Intents = {
  write: async () => Promise.reject(NatterErrors.WITHIN_UNAVAILABLE()),
  pending: async () => [],
  done: async () => undefined,
  onCommit: () => undefined,
}

/**
 * The life of a plugin that provides a store: opened when the service is first wanted, swept once a minute, closed at
 * the end. Call it in `setup` and return what it gives.
 *
 * @param intents The plugin provides `Intents` too.
 * @example
 * setup: (api, { clock }, config) => storeLife(api, clock, (host) => openSql(config, host)),
 */
export function storeLife<C>(
  api: Pick<PluginApi<C>, 'provide' | 'log' | 'plugins'>,
  clock: Clock,
  open: (host: StoreHost) => Awaitable<OpenedStore>,
  { intents = false }: { readonly intents?: boolean } = {},
): Lifecycle {
  let opening: Promise<OpenedStore> | undefined
  let opened: OpenedStore | undefined
  let sweeping: Timer | undefined
  const openOnce = () =>
    (opening ??= (async () => (opened = await open({ clock, log: api.log, plugins: api.plugins() })))())
  api.provide(Storage, async () => (await openOnce()).storage)
  if (intents) api.provide(Intents, async () => (await openOnce()).intents ?? noIntents)
  return {
    start() {
      sweeping = clock.every(sweepEvery, () => {
        opened?.sweep?.().catch((error: unknown) => {
          api.log.warn({ error }, 'what is not needed any more could not be removed; the next minute tries again')
        })
      })
    },
    async stop() {
      sweeping?.cancel()
      await opened?.close()
    },
  }
}
