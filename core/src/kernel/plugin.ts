import type {
  Awaitable,
  BodiesOf,
  Body,
  Command,
  CommandsOf,
  DataStep,
  Event,
  EventsOf,
  Handler,
  Hook,
  HookOrder,
  InputOf,
  Kv,
  MessageHook,
  Model,
  NamespaceOf,
  OtherBody,
  OutputOf,
  OwnedModel,
  Records,
  Route,
  Schema,
  ServiceOf,
  TextBody,
  Token,
} from '../contract/index.js'
import type { CommandContext, RouteContext } from './context.js'
import { kindOf } from './error-text.js'
import type { Logger } from './logger.js'
import { pluginInvalid } from './plugin-error.js'
import type { Slot } from './slot.js'

type Tokens = Readonly<Record<string, Token>>
/** The services that a plugin needs, by its local names. */
export type Services<N> = { readonly [K in keyof N]: ServiceOf<N[K]> }
/** The services that a plugin uses where they are there. */
export type Wanted<W> = { readonly [K in keyof W]: ServiceOf<W[K]> | undefined }
type NamesOf<N extends Tokens> = N[keyof N]['name']

/** The steps of a plugin's life, in this order; `drain` and `stop` run in reverse order of the plugins. */
export interface Lifecycle {
  /** Connect, migrate. */
  init?(): Awaitable<void>
  /** Timers, consumers. */
  start?(): Awaitable<void>
  /** Traffic is about to be accepted. */
  ready?(): Awaitable<void>
  /** Traffic stops; finish what is under way. */
  drain?(): Awaitable<void>
  /** Close. May be called after a half-done `init`. */
  stop?(): Awaitable<void>
}
/** How long each step may take, ms. */
export type Timeouts = { readonly [K in keyof Lifecycle]?: number }

/** Answers a command. Input is validated before; what it returns is the answer. */
export type CommandHandler<K> =
  K extends Command<any, any, infer I, infer O> ? (input: I, context: CommandContext) => Awaitable<O> : never
/** Answers a route. Nothing returned is status 204. */
export type RouteHandler<R> =
  R extends Route<any, any, infer I, infer O> ? (input: I, context: RouteContext) => Awaitable<O> : never
/** What an event carries. */
export type PayloadOf<E> = E extends Event<any, infer P> ? P : never

/** Who gets an event: the members of a conversation, one person's devices, several people's, or one device. */
export type Audience =
  | { readonly conversation: string; readonly except?: string }
  | { readonly user: string; readonly exceptDevice?: string }
  | { readonly users: readonly string[] }
  | { readonly device: string; readonly user: string }

/** What a plugin gets in `setup`: it registers, and does no I/O. Registering after boot throws. */
export interface PluginApi<C = unknown> {
  readonly log: Logger
  /** Answers a command of the contract. Input is validated before, and output is what the contract says. */
  command<K extends CommandsOf<C>>(command: K, handler: CommandHandler<K>): void
  /** Mounts a route below `<prefix>/<plugin>`: validated, limited, documented in `<prefix>/openapi.json`. */
  route<R extends Route>(route: R, handler: RouteHandler<R>): void
  /** Pushes an event: a hint, which may be lost. Resolves with the payload. */
  publish<E extends EventsOf<C>>(event: E, to: Audience, payload: PayloadOf<E>): PayloadOf<E>
  hook<H extends Hook | MessageHook>(
    hook: H,
    handler: Handler<H, TextBody | OtherBody | BodiesOf<C>>,
    order?: HookOrder,
  ): void
  /** Rows of one of this plugin's models. Usable from `init` on. */
  records<M extends Model>(model: M): Records<M>
  /**
   * A key space of this plugin's own. Usable from `init` on. `personal` says what of it tells about people and when that ends,
   * or `none`: nothing in it can be found by person, so it must end by itself.
   */
  kv(namespace: string, options?: { readonly personal?: string }): Kv
  /** Provides a service named in `provides`; made once, after the `init` of the plugins before and before the own. */
  provide<T>(token: Token<T>, make: () => Awaitable<T>): void
  /** Names a place for per-connection state. */
  slot<T>(name: string): Slot<T>
  /** Calls the handlers of a hook that this plugin owns. Compiled at boot. */
  runner<H extends Hook>(hook: H): Runner<H>
  /** The names of all plugins. For storage backends. */
  plugins(): readonly string[]
  /** All plugins' models; complete from `init` on. For storage backends. */
  models(): readonly OwnedModel[]
  /** All plugins' data steps. For storage backends. */
  steps(): readonly { readonly plugin: string; readonly step: DataStep }[]
}

/** Runs a hook. Synchronous until a handler really returns a promise. */
export type Runner<H> =
  H extends Hook<infer K, infer T, infer R, infer C>
    ? K extends 'veto'
      ? (value: T, ctx: C) => Awaitable<import('../contract/index.js').Denied | undefined>
      : K extends 'transform'
        ? (value: T, ctx: C) => Awaitable<T | import('../contract/index.js').Denied>
        : K extends 'first'
          ? (value: T, ctx: C) => Awaitable<R>
          : K extends 'collect'
            ? (value: T, ctx: C) => Awaitable<R>
            : (value: T, ctx: C) => void
    : never

/** What the type of a plugin tells: its contract, the services it needs and provides (by name), its transaction type. */
export interface Plugin<
  Name extends string = string,
  C = unknown,
  Needs extends string = string,
  Provides extends string = string,
  Trx = unknown,
> {
  readonly kind: 'plugin'
  readonly name: Name
  readonly spec: PluginSpec<any, any, any, any, any, any>
  readonly config: unknown
  readonly '~types'?: { readonly contract: C; readonly needs: Needs; readonly provides: Provides; readonly trx: Trx }
}
/** Makes the plugin, given its configuration: `echo()`, or `poll({ maxOptions: 5 })`. */
export type PluginFactory<P extends Plugin, Config = never> = [Config] extends [never]
  ? () => P
  : {} extends Config
    ? (config?: Config) => P
    : (config: Config) => P

/** What `definePlugin` takes. */
export interface PluginSpec<
  Name extends string,
  C,
  N extends Tokens,
  W extends Tokens,
  P extends readonly Token[],
  S extends Schema,
> {
  readonly name: Name
  /** Semantic version. The major is the contract's: clients see it in the welcome. Default '0.0.0'. */
  readonly version?: string
  readonly contract?: C
  /** Services it cannot do without, by local name. */
  readonly needs?: N
  /** Services it uses where they are. */
  readonly wants?: W
  readonly provides?: P
  readonly models?: readonly Model[]
  readonly steps?: readonly DataStep[]
  readonly config?: S
  /** Per step, in ms. Defaults: init 30,000, start 10,000, ready 10,000, drain 5,000, stop 5,000; `hook` 5,000 per handler. */
  readonly timeouts?: Timeouts & { readonly hook?: number }
  setup(api: PluginApi<C>, services: Services<N> & Wanted<W>, config: OutputOf<S>): Lifecycle | void
}

type OwnNamespace<Name, C> = [NamespaceOf<C>] extends [Name]
  ? unknown
  : { readonly contract: { readonly 'commands and events must be named': `${Name & string}.…` } }

/**
 * Defines a plugin and returns its factory, which takes the plugin's configuration.
 *
 * @example
 * export const echo = definePlugin({
 *   name: 'echo',
 *   contract,
 *   setup(api) {
 *     api.command(contract.say, (input) => ({ text: input.text }))
 *   },
 * })
 * // createChat({ plugins: [auth(), echo()] })
 */
export function definePlugin<
  const Name extends string,
  C extends object = {},
  const N extends Tokens = {},
  const W extends Tokens = {},
  const P extends readonly Token[] = [],
  S extends Schema = Schema<never, void>,
>(
  spec: PluginSpec<Name, C, N, W, P, S> & OwnNamespace<Name, C>,
): PluginFactory<Plugin<Name, C, NamesOf<N>, P[number]['name'], never>, InputOf<S>> {
  if (typeof (spec as { name?: unknown } | undefined)?.name !== 'string') {
    throw pluginInvalid(
      `definePlugin was given ${spec ? `the name ${kindOf(spec.name)}` : kindOf(spec)}.`,
      "Give a definition with a name: definePlugin({ name: 'my-plugin', setup(api) { … } }).",
    )
  }
  const factory = (config?: unknown) => ({ kind: 'plugin', name: spec.name, spec, config })
  // Whoever lists the factory itself is told by name what to call: `storage-sql` is called as `storageSql()`.
  const name = spec.name.replaceAll(/-(.)/g, (_, letter: string) => letter.toUpperCase())
  return Object.defineProperty(factory, 'name', { value: name }) as never
}

/** A list of plugins. */
export type Plugins = readonly Plugin[]
/** The contract of a plugin. */
export type ContractOf<P> = P extends Plugin<string, infer C> ? C : never
/** Distributes, so that one contract is read at a time. */
type BodiesIn<P> = P extends Plugin<string, infer C> ? BodiesOf<C> : never
type Provided<P> = P extends Plugin<string, unknown, string, infer X> ? X : never
/** The kinds of message that these plugins know. */
export type KnownBodies<P extends Plugins> = TextBody | BodiesIn<P[number]>
/** Any kind of body. */
export type AnyBody = Body

/** Shown by the compiler at a plugin that needs a service nobody provides. */
export interface NeedsMissing<Service extends string> {
  readonly 'no plugin provides the service': Service
}
/**
 * Each plugin as it is, or the name of the service that nobody provides, shown at that plugin. What is provided is computed
 * once, in the default of a parameter: within the mapped type conditional spreads would lose it.
 */
export type Checked<P extends Plugins, Given extends string, Have extends string = Given | Provided<P[number]>> = {
  readonly [K in keyof P]: P[K] extends Plugin<string, unknown, infer N>
    ? string extends N
      ? P[K]
      : [Exclude<N, Have>] extends [never]
        ? P[K]
        : NeedsMissing<Exclude<N, Have>>
    : P[K]
}
