import type { Intents, OwnedModel } from '@natter/core/contract'
import type { OpenedStore, StoreHost } from '@natter/core/storage'
import { Beats } from './beats.js'
import { checkRouted, checkStores } from './check-routes.js'
import type { RoutedConfig } from './config.js'
import { runSteps } from './data-steps.js'
import { checkLeftBehind } from './left-behind.js'
import { checkDistinct } from './one-database.js'
import { RoutedStorage } from './routed-storage.js'
import type { Steps } from './routed-storage.js'
import { name, routesOf } from './routes.js'
import type { Routes } from './routes.js'
import { settleSet } from './store-set.js'

/**
 * Opens the stores of a configuration as one, without a plugin around it: for tools and tests.
 *
 * @throws STORAGE_ROUTED_STORE_UNKNOWN, STORAGE_ROUTED_STORE_UNUSED, and what the stores throw when they cannot be opened.
 */
export async function openStore(config: RoutedConfig, host: StoreHost): Promise<OpenedStore> {
  checkStores(config)
  const routes = routesOf(config)
  const stores = await openAll(config, host)
  const storages = new Map([...stores].map(([store, { storage }]) => [store, storage]))
  const notes = new Map([...storages].map(([store, storage]) => [store, storage.kv(`${name}.stores`)]))
  const beats = new Beats(notes)
  let held = false

  async function prepare(models: readonly OwnedModel[], steps: Steps): Promise<void> {
    checkRouted(config, models, host.plugins)
    if (!held) {
      await each([...storages.values()], (storage) => storage.prepare([], []))
      await checkDistinct(notes)
      const { accept } = config
      const accepted = await settleSet({ notes, accept, now: host.clock.now() })
      await beats.check(accept, accepted)
      await checkLeftBehind({ routes, stores, models, plugins: host.plugins, leave: config.leave })
      held = true
    }
    await each([...storages], ([store, storage]) =>
      storage.prepare(
        models.filter(({ plugin, model }) => routes.records(plugin, model.name) === store),
        [],
      ),
    )
    await runSteps(routes, storages, steps)
    await beats.beat(host.clock.now())
  }

  const intents = intentsOf(routes, stores)
  return {
    storage: new RoutedStorage(routes, storages, prepare),
    ...(intents ? { intents } : {}),
    sweep: () => {
      const sweeps = [...stores.values()].map((store) => () => store.sweep?.())
      return each([() => beats.beat(host.clock.now()), ...sweeps], (run) => run())
    },
    close: () => each([...stores.values()].toReversed(), (store) => store.close()),
  }
}

/** Opens all, or none. */
async function openAll({ stores }: RoutedConfig, host: StoreHost): Promise<ReadonlyMap<string, OpenedStore>> {
  const opened = new Map<string, OpenedStore>()
  try {
    await each(Object.entries(stores), async ([store, source]) => {
      opened.set(store, await source.open(host, `stores.${store}`))
    })
    return new Map(Object.keys(stores).map((store) => [store, opened.get(store)!]))
  } catch (error) {
    // whoever waits is told of the first failure
    await each([...opened.values()], (store) => store.close()).catch(() => undefined)
    throw error
  }
}

/** Of the store with the most rows where it has them, else of the first that has. */
function intentsOf({ journal }: Routes, stores: ReadonlyMap<string, OpenedStore>): Intents | undefined {
  return stores.get(journal)?.intents ?? [...stores.values()].find(({ intents }) => intents)?.intents
}

/** All at once; the first failure is told when the others are done. */
async function each<T>(all: readonly T[], run: (one: T) => unknown): Promise<void> {
  const results = await Promise.allSettled(all.map(async (one) => run(one)))
  for (const result of results) if (result.status === 'rejected') throw result.reason
}
