import { Storage } from '../contract/index.js'
import type { DataStep, Model, OwnedModel } from '../contract/index.js'
import type { HeldData } from '../services/personal-data.js'
import { checkPlugins } from './check-plugins.js'
import { HookSet } from './hooks/hook-set.js'
import type { KernelOptions } from './kernel-options.js'
import { layOutLives } from './lay-out-lives.js'
import { holdingsOf } from './holdings.js'
import { Lives } from './lives.js'
import type { Logger } from './logger.js'
import { makePluginApi } from './plugin-api.js'
import type { Lifecycle, Plugin, PluginApi } from './plugin.js'
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
  readonly holdings: readonly HeldData[]
}
interface SetupParts {
  readonly options: KernelOptions
  readonly registry: Registry
  readonly services: Services
  readonly stored: StoredData
  readonly log: (plugin: string) => Logger
  readonly names: readonly string[]
  readonly models: readonly OwnedModel[]
  readonly steps: ReturnType<PluginApi['steps']>
}

const modelsOf = ({ spec }: Plugin): readonly Model[] => spec.models ?? []
const stepsOf = ({ spec }: Plugin): readonly DataStep[] => spec.steps ?? []
const core = 'core'

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
  declare(options, registry, services, listed)
  const models = [
    ...(providers.has(Storage.name) ? (options.models ?? []) : []),
    ...listed.flatMap((plugin) => modelsOf(plugin).map((model) => ({ plugin: plugin.name, model }))),
  ]
  const steps = listed.flatMap((plugin) => stepsOf(plugin).map((step) => ({ plugin: plugin.name, step })))
  const names = listed.map(({ name }) => name)
  const parts = { options, registry, services, stored, log, names, models, steps }

  const lifecycles = new Map<string, Lifecycle>()
  for (const plugin of listed) lifecycles.set(plugin.name, setUp(plugin, configs.get(plugin.name), parts))
  checkPromises(listed, registry.makers)
  // Who keeps keys is known only now, and must come after the store like who has models.
  const keepsData = (plugin: Plugin) => modelsOf(plugin).length > 0 || registry.keepsKeys.has(plugin.name)
  const ordered = sortPlugins(plugins, providers, keepsData)
  registry.hooks.freeze(ordered.map(({ name }) => name))
  const lives = new Lives({ clock, log }, layOutLives({ ...parts, plugins: ordered, lifecycles, providers }))
  return { plugins: ordered, registry, services, lives, holdings: holdingsOf(models, registry.keys) }
}

/** What is known before any setup: the core's services and bodies, and the plugins' contracts. */
function declare(options: KernelOptions, registry: Registry, services: Services, plugins: readonly Plugin[]): void {
  for (const body of options.bodies ?? []) registry.addBody(core, body)
  for (const [token, service] of options.core) if (service !== undefined) services.supply(token, service)
  for (const plugin of plugins) {
    checkModels(plugin)
    registry.addContract(plugin)
  }
}

function setUp(plugin: Plugin, config: unknown, parts: SetupParts): Lifecycle {
  const { registry, services, stored, names, models, steps, options } = parts
  const { hook: hookTimeoutMs } = timeoutsOf(plugin, options.timeouts)
  const log = parts.log(plugin.name)
  const given = { registry, stored, log, publish: options.publish, hookTimeoutMs, plugins: names, models, steps }
  const { api, close } = makePluginApi(plugin, given)
  const lifecycle = runSetup(plugin, api, services.of(plugin), config)
  close()
  for (const command of registry.unanswered(plugin)) {
    log.warn({ command }, `${plugin.name} declares the command "${command}" and does not answer it`)
  }
  return lifecycle
}
