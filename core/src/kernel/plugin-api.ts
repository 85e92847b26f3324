import type {
  Command,
  DataStep,
  Event,
  Hook,
  HookOrder,
  Kv,
  MessageHook,
  Model,
  OwnedModel,
  Records,
  Route,
  Token,
} from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { checkRoute, checkSchema } from './check-contract.js'
import { makeSlot } from './connection-slot.js'
import { kindOf } from './error-text.js'
import { checkHook } from './hooks/hook-set.js'
import type { Registration } from './hooks/registration.js'
import type { Logger } from './logger.js'
import { pluginInvalid } from './plugin-error.js'
import type { Audience, Plugin, PluginApi } from './plugin.js'
import { mustBeFunction } from './registry.js'
import type { Maker, RegisteredCommand, RegisteredRoute, Registry } from './registry.js'
import type { StoredData } from './stored-data.js'
import { isThenable } from './thenable.js'

/** How the core delivers an event. */
export type Publish = (event: Event, to: Audience, payload: unknown) => void

export interface ApiParts {
  readonly registry: Registry
  readonly stored: StoredData
  readonly log: Logger
  readonly publish: Publish
  readonly hookTimeoutMs: number
  readonly plugins: readonly string[]
  readonly models: readonly OwnedModel[]
  readonly steps: readonly { readonly plugin: string; readonly step: DataStep }[]
}

/** What one plugin gets in its setup; `close` ends registration. */
export function makePluginApi(
  plugin: Plugin,
  parts: ApiParts,
): { readonly api: PluginApi; readonly close: () => void } {
  const { registry, stored, log, publish } = parts
  const { name } = plugin
  let open = true

  const registers = (what: string) => {
    if (open) return
    throw NatterErrors.REGISTERED_LATE({
      message: `${name} registers ${what} after its setup.\n  Register everything in setup; from init on, only use it.`,
    })
  }
  const own = (kind: string, full: string) => {
    if (full.startsWith(`${name}.`)) return
    throw pluginInvalid(`${name}: the ${kind} "${full}" is not its own.`, `Name it "${name}.…".`)
  }

  const api = {
    log,
    command(command: Command, handler: RegisteredCommand['handler']) {
      if (command?.kind !== 'command')
        throw pluginInvalid(
          `${name} answers something that is not a command.`,
          'Declare it with command(…) in its contract.',
        )
      registers(`the command "${command.name}"`)
      own('command', command.name)
      checkSchema(`${name}: the command "${command.name}"`, 'input', command.input)
      checkSchema(`${name}: the command "${command.name}"`, 'output', command.output)
      mustBeFunction(name, `the command "${command.name}"`, handler)
      registry.addCommand(name, command, handler)
    },
    route(route: Route, handler: RegisteredRoute['handler']) {
      if (route?.kind !== 'route')
        throw pluginInvalid(
          `${name} mounts something that is not a route.`,
          'Declare it with route(…) in its contract.',
        )
      registers(`the route ${route.method} ${route.path}`)
      checkRoute(name, route)
      mustBeFunction(name, `the route ${route.method} ${route.path}`, handler)
      registry.addRoute(name, route, handler)
    },
    publish(event: Event, to: Audience, payload: unknown) {
      if (event?.kind !== 'event') {
        throw pluginInvalid(
          `${name} publishes ${kindOf(event)}, which is not an event.`,
          'Declare it with event(…) in its contract.',
        )
      }
      if (isThenable(payload)) {
        throw pluginInvalid(
          `${name} publishes "${event.name}" with a promise.`,
          'Write await before what the payload comes from.',
        )
      }
      publish(event, to, payload)
      return payload
    },
    hook(hook: Hook | MessageHook, handler: Registration['handler'], order: HookOrder = {}) {
      registers(`a handler of the hook "${hook?.name}"`)
      checkHook(hook, name)
      mustBeFunction(name, `the hook "${hook.name}"`, handler)
      if (![order.before, order.after].every((names) => names === undefined || Array.isArray(names))) {
        throw pluginInvalid(
          `${name}: the order of its handler of "${hook?.name}" is not of lists.`,
          "Write { before: ['name'] }.",
        )
      }
      const filter = hook?.kind === 'hook' ? hook.filter : undefined
      registry.hooks.add(hook, { plugin: name, handler, order, filter, timeoutMs: parts.hookTimeoutMs })
    },
    records<M extends Model>(model: M): Records<M> {
      if ((plugin.spec.models as readonly Model[] | undefined)?.includes(model) !== true) {
        throw pluginInvalid(`${name} uses the model "${model?.name}" and does not list it.`, 'Add it to its "models".')
      }
      return stored.records(name, model)
    },
    kv(namespace: string, { personal }: { readonly personal?: string } = {}): Kv {
      registers(`the key space "${namespace}"`)
      registry.keepsKeys.add(name)
      registry.keys.push({ plugin: name, space: namespace, personal })
      return stored.kv(name, namespace)
    },
    provide(token: Token, make: Maker['make']) {
      registers(`the service "${token?.name}"`)
      mustBeFunction(name, `the service "${token?.name}"`, make)
      registry.addMaker(plugin, token, make)
    },
    slot(slot: string) {
      registers(`the slot "${slot}"`)
      return makeSlot(`${name}.${slot}`, registry.addSlot(name, slot))
    },
    runner: (hook: Hook) => registry.hooks.runner(hook),
    plugins: () => parts.plugins,
    models: () => parts.models,
    steps: () => parts.steps,
  }
  return {
    api: api as PluginApi,
    close() {
      open = false
    },
  }
}
