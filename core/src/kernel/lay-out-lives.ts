import { Storage, StorageErrors } from '../contract/index.js'
import type { OwnedModel, Token } from '../contract/index.js'
import type { KernelOptions } from './kernel-options.js'
import type { Beginning, Life } from './lives.js'
import type { Lifecycle, Plugin, PluginApi } from './plugin.js'
import type { Registry } from './registry.js'
import type { Services } from './services.js'
import type { Provider } from './sort-plugins.js'
import type { StoredData } from './stored-data.js'
import { timeoutsOf } from './timeouts.js'

export interface LifeParts {
  readonly options: KernelOptions
  /** In the order in which they boot. */
  readonly plugins: readonly Plugin[]
  readonly lifecycles: ReadonlyMap<string, Lifecycle>
  readonly providers: ReadonlyMap<string, Provider>
  readonly registry: Registry
  readonly services: Services
  readonly stored: StoredData
  readonly models: readonly OwnedModel[]
  readonly steps: ReturnType<PluginApi['steps']>
}

const core = 'core'
const theHost = "the host's container"

/**
 * How everything begins: the host's services, the store of the core or the host, then each plugin. A plugin's services are
 * made before its `init`; the store is prepared right after the `init` of who provides it.
 */
export function layOutLives(parts: LifeParts): readonly Life[] {
  const { options, services, registry, lifecycles } = parts
  const { timeouts, host = [] } = options
  const making = (who: string, token: Token, make: () => unknown): Beginning => ({
    doing: `making the service "${token.name}"`,
    run: () => services.make(token, who, make),
  })
  const prepare = preparing(parts)
  const store = parts.providers.get(Storage.name)
  const storesIn = (plugin: string) => store?.by === 'plugin' && store.plugin === plugin
  const outside = { timeouts: timeoutsOf(undefined, timeouts), lifecycle: {} }

  const bridged = { ...outside, plugin: theHost, begin: host.map(([token, make]) => making(theHost, token, make)) }
  const own = { ...outside, plugin: core, begin: store !== undefined && store.by !== 'plugin' ? [prepare] : [] }
  const inside = parts.plugins.map((plugin): Life => {
    const { name } = plugin
    const lifecycle = lifecycles.get(name) ?? {}
    const makers = [...registry.makers.values()].filter((maker) => maker.plugin === name)
    const begin: readonly Beginning[] = [
      ...makers.map(({ token, make }) => making(name, token, make)),
      { run: () => lifecycle.init?.() },
      ...(storesIn(name) ? [prepare] : []),
    ]
    return { plugin: name, timeouts: timeoutsOf(plugin, timeouts), lifecycle, begin }
  })
  return [bridged, own, ...inside]
}

const preparing = ({ services, stored, models, steps }: LifeParts): Beginning => ({
  doing: 'preparing the store',
  async run() {
    const store = services.get(Storage)
    requireTerms(store, models)
    await store.prepare(models, steps)
    stored.bind(store)
  },
})

/** @throws STORAGE_NO_TERMS */
function requireTerms(store: Storage, models: LifeParts['models']): void {
  for (const { plugin, model } of models) {
    if (model.terms === undefined || store.records(plugin, model).match) continue
    throw StorageErrors.NO_TERMS({
      message:
        `${plugin} keeps "${model.name}" in a full-text index, and ${store.description} has none.\n` +
        '  Use a storage plugin whose records have "match", route the plugin to one with storage-routed, or leave it out.',
    })
  }
}
