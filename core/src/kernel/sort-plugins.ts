import type { Token } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Plugin } from './plugin.js'
import { toProvide } from './suggestions.js'

/** Who has a service: a plugin by name, the core, or the host's container. */
export type Provider =
  { readonly by: 'plugin'; readonly plugin: string } | { readonly by: 'core' } | { readonly by: 'host' }

const needsOf = (plugin: Plugin): readonly Token[] => Object.values(plugin.spec.needs ?? {})
const wantsOf = (plugin: Plugin): readonly Token[] => Object.values(plugin.spec.wants ?? {})
const providesOf = (plugin: Plugin): readonly Token[] => plugin.spec.provides ?? []

/**
 * Who provides what.
 *
 * @throws NATTER_PROVIDED_TWICE
 */
export function findProviders(
  plugins: readonly Plugin[],
  core: readonly Token[],
  host: readonly Token[],
): ReadonlyMap<string, Provider> {
  const providers = new Map<string, Provider>()
  const add = (service: string, provider: Provider) => {
    const other = providers.get(service)
    if (other !== undefined) {
      throw NatterErrors.PROVIDED_TWICE({
        message: `${title(other)} and ${title(provider)} both provide the service "${service}".\n  Keep one of them.`,
      })
    }
    providers.set(service, provider)
  }
  for (const token of core) add(token.name, { by: 'core' })
  for (const token of host) add(token.name, { by: 'host' })
  for (const plugin of plugins) {
    for (const token of providesOf(plugin)) add(token.name, { by: 'plugin', plugin: plugin.name })
  }
  return providers
}

const title = (provider: Provider) =>
  provider.by === 'plugin' ? provider.plugin : provider.by === 'core' ? 'the core' : "the host's container"

/** One plugin must come after another, because of a service. */
interface Edge {
  readonly plugin: string
  readonly service: string
}

/**
 * Orders plugins so that each comes after those whose services it needs, wants, or (`keepsData`) stores in. Of those
 * that could come next, the first listed does.
 *
 * @throws NATTER_NEED_MISSING, NATTER_STORAGE_MISSING, NATTER_PLUGIN_CYCLE with its path
 */
export function sortPlugins(
  plugins: readonly Plugin[],
  providers: ReadonlyMap<string, Provider>,
  keepsData: (plugin: Plugin) => boolean,
): readonly Plugin[] {
  const edges = new Map(plugins.map((plugin) => [plugin.name, edgesOf(plugin, providers, keepsData(plugin))]))
  const sorted: Plugin[] = []
  const waiting = new Map(plugins.map((plugin) => [plugin.name, plugin]))
  while (waiting.size > 0) {
    const next = [...waiting.values()].find(({ name }) => edges.get(name)?.every((edge) => !waiting.has(edge.plugin)))
    if (next === undefined) throw cycle(waiting, edges)
    waiting.delete(next.name)
    sorted.push(next)
  }
  return sorted
}

function edgesOf(plugin: Plugin, providers: ReadonlyMap<string, Provider>, keepsData: boolean): readonly Edge[] {
  const edges: Edge[] = []
  const after = (service: string) => {
    const provider = providers.get(service)
    if (provider?.by === 'plugin') edges.push({ plugin: provider.plugin, service })
    return provider !== undefined
  }
  for (const { name: service } of needsOf(plugin)) {
    if (after(service)) continue
    throw NatterErrors.NEED_MISSING({
      message: `${plugin.name} needs the service "${service}", and no plugin provides it.\n  ${toProvide(service)}`,
    })
  }
  for (const { name: service } of wantsOf(plugin)) after(service)
  const isStore = providesOf(plugin).some(({ name }) => name === 'storage')
  if (keepsData && !isStore && !after('storage')) {
    throw NatterErrors.STORAGE_MISSING({
      message: `${plugin.name} keeps data, and no plugin provides storage.\n  ${toProvide('storage')}`,
    })
  }
  return edges
}

/** Every plugin left waits for one that is left, so following them must meet a plugin again. */
function cycle(waiting: ReadonlyMap<string, Plugin>, edges: ReadonlyMap<string, readonly Edge[]>) {
  const path: string[] = []
  const reasons: string[] = []
  let [at] = waiting.keys()
  while (at !== undefined && !path.includes(at)) {
    const edge: Edge | undefined = edges.get(at)?.find(({ plugin }) => waiting.has(plugin))
    path.push(at)
    reasons.push(`${at} needs "${edge?.service}" of ${edge?.plugin}`)
    at = edge?.plugin
  }
  const from = path.indexOf(at as string)
  return NatterErrors.PLUGIN_CYCLE({
    message:
      `Plugins need each other in a circle: ${reasons.slice(from).join(', ')}.\n` +
      '  Turn one of these needs into a hook that the other plugin offers.',
  })
}
