import { NatterErrors } from '../errors.js'
import type { Schema } from '../contract/index.js'
import type { Plugin } from './plugin.js'
import { didYouMean } from './did-you-mean.js'
import { isClass, kindOf } from './error-text.js'
import { pluginInvalid } from './plugin-error.js'
import { isThenable } from './thenable.js'

type Spec = Plugin['spec']
const nameShape = /^[a-z][a-z0-9-]{0,31}$/
const versionShape = /^\d+\.\d+\.\d+(-[0-9A-Za-z.-]+)?(\+[0-9A-Za-z.-]+)?$/
const steps = ['init', 'start', 'ready', 'drain', 'stop', 'hook']
const parts = [
  'name',
  'version',
  'contract',
  'needs',
  'wants',
  'provides',
  'models',
  'steps',
  'config',
  'timeouts',
  'setup',
]

/**
 * Says what is wrong with a list of plugins before anything of theirs runs.
 *
 * @throws NATTER_PLUGIN_INVALID, NATTER_PLUGIN_TWICE
 */
export function checkPlugins(plugins: readonly Plugin[], reserved: readonly string[]): void {
  if (!Array.isArray(plugins))
    throw pluginInvalid(`"plugins" is ${kindOf(plugins)}.`, 'Give a list: createChat({ plugins: [ … ] }).')
  const seen = new Set<string>()
  for (const [i, plugin] of plugins.entries()) {
    checkPlugin(plugin, i)
    if (seen.has(plugin.name)) {
      throw NatterErrors.PLUGIN_TWICE({
        message: `${plugin.name} is listed twice.\n  Take one of them out of createChat({ plugins }).`,
      })
    }
    seen.add(plugin.name)
    checkSpec(plugin.name, plugin.spec, reserved)
  }
}

function checkPlugin(plugin: unknown, i: number): void {
  if (isClass(plugin)) {
    throw pluginInvalid(
      `plugins[${i}] is ${kindOf(plugin)}, not a plugin.`,
      'Make plugins with definePlugin({ … }), and list what its factory returns.',
    )
  }
  if (isThenable(plugin)) throw pluginInvalid(`plugins[${i}] is a promise.`, 'Write await before it.')
  if (typeof plugin === 'function') {
    const call = `${plugin.name || 'plugin'}()`
    throw pluginInvalid(`plugins[${i}] is a function, not a plugin.`, `Call it: ${call}.`)
  }
  const like = plugin as Partial<Plugin> | null | undefined
  if (like?.kind === 'plugin' && typeof like.spec === 'object' && typeof like.name === 'string') return
  throw pluginInvalid(`plugins[${i}] is ${kindOf(plugin)}, not a plugin.`, 'Make plugins with definePlugin({ … }).')
}

function checkSpec(name: string, spec: Spec, reserved: readonly string[]): void {
  const taken = reserved.includes(name)
  if (!nameShape.test(name) || taken) {
    const why = taken ? 'is taken by the core' : 'cannot name a plugin'
    throw pluginInvalid(`"${name}" ${why}.`, 'Use 1 to 32 of a-z, 0-9 and "-", beginning with a letter: "my-plugin".')
  }
  if (typeof spec.setup !== 'function') {
    throw pluginInvalid(
      `${name}: "setup" is ${kindOf(spec.setup)}.`,
      'Give the function that registers: setup(api, services, config) { … }.',
    )
  }
  const stray = Object.keys(spec).find((part) => !parts.includes(part))
  if (stray !== undefined) {
    throw pluginInvalid(
      `${name}: "${stray}" is no part of a plugin.`,
      `Take it out or rename it.${didYouMean(stray, parts)}`,
    )
  }
  for (const [i, model] of ((spec.models ?? []) as readonly { readonly kind?: unknown }[]).entries()) {
    if (model?.kind === 'model') continue
    throw pluginInvalid(
      `${name}: models[${i}] is ${kindOf(model)}, not a model.`,
      'Declare it with model(…) in its contract.',
    )
  }
  if (spec.version !== undefined && !versionShape.test(spec.version)) {
    throw pluginInvalid(`${name}: the version is "${spec.version}".`, 'Use a semantic version: "1.0.0".')
  }
  for (const [step, ms] of Object.entries(spec.timeouts ?? {})) {
    if (steps.includes(step) && typeof ms === 'number' && ms > 0) continue
    throw pluginInvalid(`${name}: timeouts.${step} is ${String(ms)}.`, `Give ms above 0 for ${steps.join(', ')}.`)
  }
  checkTokens(name, spec)
  const config = spec.config as Schema | undefined
  if (config !== undefined && typeof config?.['~standard']?.validate !== 'function') {
    throw pluginInvalid(
      `${name}: "config" is ${kindOf(config)}, not a schema.`,
      'Give a Standard Schema: z.object({ … }).',
    )
  }
}

function checkTokens(name: string, spec: Spec): void {
  const named = [...Object.entries(spec.needs ?? {}), ...Object.entries(spec.wants ?? {})]
  const listed = (spec.provides ?? []).map((token: unknown, i: number) => [`provides[${i}]`, token] as const)
  for (const [local, token] of [...named, ...listed]) {
    const like = token as { kind?: unknown; name?: unknown } | undefined
    if (like?.kind === 'token' && typeof like.name === 'string') continue
    throw pluginInvalid(
      `${name}: "${local}" is ${kindOf(token)}, not a token.`,
      "Import the service's token from its contract; was it imported as a type only?",
    )
  }
}
