import type { DataStep, Model, OwnedModel, Token } from '../contract/index.js'
import { Storage } from '../contract/index.js'
import { checkPlugins } from './check-plugins.js'
import { HookSet } from './hooks/hook-set.js'
import type { KernelOptions } from './kernel-options.js'
import { Lives } from './lives.js'
import type { Beginning } from './lives.js'
import { makePluginApi } from './plugin-api.js'
import type { Lifecycle, Plugin } from './plugin.js'
import { readConfig } from './read-config.js'
import { checkModels, Registry } from './registry.js'
import { runSetup } from './run-setup.js'
import { checkPromises, Services } from './services.js'
import { findProviders, sortPlugins } from './sort-plugins.js'
import { StoredData } from './stored-data.js'
import { timeoutsOf } from './timeouts.js'

/** What a kernel is made of once all setups have run. */
export interface Assembly {
  readonly plugins: readonly Plugin[]
  readonly registry: Registry
  readonly services: Services
  readonly lives: Lives
}

const modelsOf = ({ spec }: Plugin): readonly Model[] => spec.models ?? []
const stepsOf = ({ spec }: Plugin): readonly DataStep[] => spec.steps ?? []
const core = 'core'
const theHost = "the host's container"

/** Checks and orders plugins, runs their setups, compiles the hooks, and lays out their lives. */
export async function assemble(options: KernelOptions): Promise<Assembly> {
  const { clock, logger, plugins, host = [] } = options
  checkPlugins(plugins, [core, ...(options.reserved ?? [])])
  const providers = findProviders(
    plugins,
    options.core.map(([token]) => token),
    host.map(([token]) => token),
  )
  const listed = sortPlugins(plugins, providers, (plugin) => modelsOf(plugin).length > 0)
  const configs = new Map<string, unknown>()
  for (const plugin of listed) configs.set(plugin.name, await readConfig(plugin))

  const logs = new Map(listed.map(({ name }) => [name, logger.child({ plugin: name })]))
  const log = (plugin: string) => logs.get(plugin) ?? logger
  const registry = new Registry(new HookSet({ clock, log }))
  const services = new Services(providers)
  const stored = new StoredData()
  for (const body of options.bodies ?? []) registry.addBody(core, body)
  for (const [token, service] of options.core) if (service !== undefined) services.supply(token, service)
  for (const plugin of listed) {
    checkModels(plugin)
    registry.addContract(plugin)
  }
  const models = listed.flatMap((plugin): OwnedModel[] =>
    modelsOf(plugin).map((model) => ({ plugin: plugin.name, model })),
  )
  const steps = listed.flatMap((plugin) => stepsOf(plugin).map((step) => ({ plugin: plugin.name, step })))

  const lifecycles = new Map<string, Lifecycle>()
  for (const plugin of listed) {
    const { hook: hookTimeoutMs } = timeoutsOf(plugin, options.timeouts)
    const { publish } = options
    const parts = { registry, stored, log: log(plugin.name), publish, hookTimeoutMs, models, steps }
    const { api, close } = makePluginApi(plugin, parts)
    lifecycles.set(plugin.name, runSetup(plugin, api, services.of(plugin), configs.get(plugin.name)))
    close()
    for (const command of registry.unanswered(plugin)) {
      log(plugin.name).warn({ command }, `${plugin.name} declares the command "${command}" and does not answer it`)
    }
  }
  checkPromises(listed, registry.makers)
  // Who keeps keys is known only now, and must come after the store like who has models.
  const keepsData = (plugin: Plugin) => modelsOf(plugin).length > 0 || registry.keepsKeys.has(plugin.name)
  const ordered = sortPlugins(plugins, providers, keepsData)
  registry.hooks.freeze(ordered.map(({ name }) => name))

  const prepare: Beginning = {
    doing: 'preparing the store',
    async run() {
      const store = services.get(Storage)
      await store.prepare(models, steps)
      stored.bind(store)
    },
  }
  const making = (who: string, token: Token, make: () => unknown): Beginning => ({
    doing: `making the service "${token.name}"`,
    run: () => services.make(token, who, make),
  })
  const storedBy = providers.get(Storage.name)
  const outside = { timeouts: timeoutsOf(undefined, options.timeouts), lifecycle: {} }
  const bridged = {
    ...outside,
    plugin: theHost,
    begin: host.map(([token, make]) => making(theHost, token, make)),
  }
  const ownStore = storedBy !== undefined && storedBy.by !== 'plugin'
  const own = { ...outside, plugin: core, begin: ownStore ? [prepare] : [] }
  const inside = ordered.map((plugin) => {
    const { name } = plugin
    const lifecycle = lifecycles.get(name) ?? {}
    const makers = [...registry.makers.values()].filter((maker) => maker.plugin === name)
    return {
      plugin: name,
      timeouts: timeoutsOf(plugin, options.timeouts),
      lifecycle,
      begin: [
        ...makers.map(({ token, make }) => making(name, token, make)),
        { run: () => lifecycle.init?.() },
        ...(storedBy?.by === 'plugin' && storedBy.plugin === name ? [prepare] : []),
      ],
    }
  })
  return { plugins: ordered, registry, services, lives: new Lives({ clock, log }, [bridged, own, ...inside]) }
}
