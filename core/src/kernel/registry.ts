import type {
  Awaitable,
  Body,
  Command,
  ErrorFactory,
  ErrorSpec,
  Event,
  Model,
  Route,
  Token,
} from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { CommandContext, RouteContext } from './context.js'
import type { HookSet } from './hooks/hook-set.js'
import { checkSchema } from './check-contract.js'
import { pluginInvalid } from './plugin-error.js'
import type { KeySpace } from './holdings.js'
import type { Plugin } from './plugin.js'
import { channels, trace } from './tracing.js'
import type { CommandTrace } from './tracing.js'

export interface RegisteredCommand {
  readonly name: string
  readonly plugin: string
  readonly command: Command
  /** Takes parsed input. Inside a trace while somebody listens on `natter:command`. */
  readonly handler: (input: unknown, context: CommandContext) => Awaitable<unknown>
}
export interface RegisteredRoute {
  readonly plugin: string
  readonly route: Route
  readonly handler: (input: unknown, context: RouteContext) => Awaitable<unknown>
}
export interface RegisteredBody {
  readonly plugin: string
  readonly body: Body
}
export interface RegisteredEvent {
  readonly plugin: string
  readonly event: Event
}
export interface Maker {
  readonly plugin: string
  readonly token: Token
  readonly make: () => Awaitable<unknown>
}

/** What the plugins registered. */
export class Registry {
  readonly hooks: HookSet
  readonly commands = new Map<string, RegisteredCommand>()
  /** What contracts declare as errors, by code. */
  readonly errors = new Map<string, ErrorSpec>()
  readonly routes: RegisteredRoute[] = []
  readonly bodies = new Map<string, RegisteredBody>()
  readonly events = new Map<string, RegisteredEvent>()
  readonly makers = new Map<string, Maker>()
  /** Plugins that took a key space. */
  readonly keepsKeys = new Set<string>()
  /** Key spaces, and what is said of them. */
  readonly keys: KeySpace[] = []
  readonly #slots = new Set<string>()

  constructor(hooks: HookSet) {
    this.hooks = hooks
  }

  get slotCount(): number {
    return this.#slots.size
  }

  /** @throws NATTER_REGISTERED_TWICE */
  addCommand(plugin: string, command: Command, handler: RegisteredCommand['handler']): void {
    const { name } = command
    const other = this.commands.get(name)
    if (other !== undefined) throw twice(plugin, `the command "${name}"`, other.plugin)
    const traced: RegisteredCommand['handler'] = (input, context) =>
      channels.command.hasSubscribers
        ? trace<CommandTrace>(
            channels.command,
            // A public command may come without a user.
            {
              command: name,
              plugin,
              user: (context.user as { id: string } | undefined)?.id,
              requestId: context.requestId,
            },
            () => handler(input, context),
          )
        : handler(input, context)
    this.commands.set(name, { name, plugin, command, handler: traced })
  }

  /** @throws NATTER_REGISTERED_TWICE also where only the parameters' names differ. */
  addRoute(plugin: string, route: Route, handler: RegisteredRoute['handler']): void {
    const same = this.routes.some(
      (other) =>
        other.plugin === plugin && other.route.method === route.method && bare(other.route.path) === bare(route.path),
    )
    if (same) throw twice(plugin, `the route ${route.method} ${route.path}`, plugin)
    this.routes.push({ plugin, route, handler })
  }

  /** @throws NATTER_REGISTERED_TWICE */
  addBody(plugin: string, body: Body): void {
    const other = this.bodies.get(body.type)
    // A contract may pass on another plugin's body, for the client's types.
    if (other?.body === body) return
    if (other !== undefined) throw twice(plugin, `the kind of message "${body.type}"`, other.plugin)
    this.bodies.set(body.type, { plugin, body })
  }

  /** Reads what a contract declares. */
  addContract(plugin: Plugin): void {
    for (const declared of Object.values((plugin.spec.contract ?? {}) as Record<string, unknown>)) {
      const like = declared as { kind?: unknown } | null | undefined
      if (like && like.kind === undefined) this.#addErrors(like)
      if (like?.kind === 'body') {
        checkSchema(
          `${plugin.name}: the kind of message "${(declared as Body).type}"`,
          'schema',
          (declared as Body).schema,
        )
        this.addBody(plugin.name, declared as Body)
      }
      if (like?.kind === 'event') {
        checkSchema(`${plugin.name}: the event "${(declared as Event).name}"`, 'payload', (declared as Event).payload)
        this.addEvent(plugin.name, declared as Event)
      }
    }
  }

  #addErrors(group: object): void {
    for (const made of Object.values(group) as unknown[])
      if (isErrorFactory(made)) this.errors.set(made.code, made.spec)
  }

  /** Commands that a plugin's contract declares and no handler answers: clients would ask in vain. */
  unanswered(plugin: Plugin): readonly string[] {
    return Object.values((plugin.spec.contract ?? {}) as Record<string, unknown>)
      .filter((declared): declared is Command => (declared as { kind?: unknown } | undefined)?.kind === 'command')
      .map(({ name }) => name)
      .filter((name) => name.startsWith(`${plugin.name}.`) && !this.commands.has(name))
  }

  addEvent(plugin: string, event: Event): void {
    const other = this.events.get(event.name)
    if (other?.event === event) return
    if (other !== undefined) throw twice(plugin, `the event "${event.name}"`, other.plugin)
    this.events.set(event.name, { plugin, event })
  }

  /** @throws NATTER_NOT_PROVIDED for a service that was not promised, NATTER_REGISTERED_TWICE */
  addMaker(plugin: Plugin, token: Token, make: Maker['make']): void {
    const promised = (plugin.spec.provides ?? []) as readonly Token[]
    if (!promised.some(({ name }) => name === token.name)) {
      throw NatterErrors.NOT_PROVIDED({
        message: `${plugin.name} provides the service "${token.name}", which its definition does not name.\n  Add the token to its "provides".`,
      })
    }
    if (this.makers.has(token.name)) throw twice(plugin.name, `the service "${token.name}"`, plugin.name)
    this.makers.set(token.name, { plugin: plugin.name, token, make })
  }

  /** The place of a new slot. */
  addSlot(plugin: string, name: string): number {
    const full = `${plugin}.${name}`
    if (this.#slots.has(full)) throw twice(plugin, `the slot "${name}"`, plugin)
    this.#slots.add(full)
    return this.#slots.size - 1
  }
}

const isErrorFactory = (value: unknown): value is ErrorFactory =>
  typeof value === 'function' && typeof (value as Partial<ErrorFactory>).code === 'string' && 'spec' in value

const bare = (path: string) => path.replaceAll(/:[^/]+/g, ':')

function twice(plugin: string, what: string, other: string) {
  return NatterErrors.REGISTERED_TWICE({
    message:
      plugin === other
        ? `${plugin} registers ${what} twice.\n  Take one of them away.`
        : `${plugin} registers ${what}, which ${other === 'core' ? 'the core' : other} registered before.\n  Give it another name.`,
  })
}

/** @throws NATTER_PLUGIN_INVALID where a plugin lists two models of one name. */
export function checkModels(plugin: Plugin): void {
  const names = new Set<string>()
  for (const { name } of (plugin.spec.models ?? []) as readonly Model[]) {
    if (names.has(name)) throw twice(plugin.name, `the model "${name}"`, plugin.name)
    names.add(name)
  }
}

/** @throws NATTER_PLUGIN_INVALID */
export function mustBeFunction(plugin: string, what: string, value: unknown): void {
  if (typeof value === 'function') return
  throw pluginInvalid(`${plugin}: ${what} was given no function.`, 'Give the function that answers it.')
}
