import type {
  BodiesOf,
  CallOptions,
  CallsOf,
  CodesOf,
  Command,
  Event,
  EventsOf,
  Message,
  OtherBody,
  TextBody,
} from '@natter/core/contract'
import type { ClientCode } from '../errors.js'
import type { EntryTuple } from '../wire.js'
import type { CoreEvents } from './client.js'
import type { Readable } from './readable.js'
import type { Me, Status } from './status.js'

/** What a plugin's client half can do. */
export interface ClientApi {
  /** The chat's prefix, without a slash at the end: routes of plugins are below it. */
  readonly url: string
  readonly me: Readable<Me | undefined>
  readonly status: Readable<Status>
  /** Asks a command by its wire name. The plugin's own typed calls are there without it. */
  call(name: string, input: unknown, options?: CallOptions): Promise<unknown>
  /** The same for a command that may be repeated: asked until it is answered, over lost connections and what passes. */
  ask(name: string, input: object): Promise<unknown>
  on(name: string, handler: (payload: never) => void): () => void
  /** Takes an entry as the server tells it now; held in an older form it is replaced. */
  take(conversation: string, ...entry: EntryTuple): void
  /** What is known of conversations may be another by now: compares with the server, as after an absence. */
  again(): void
  /** A value of the plugin's own that an app can watch. */
  cell<T>(value: T): Readable<T> & { set(value: T): void }
}

/** A plugin's client half. At run time its name, its verbs and perhaps a setup; its calls are types. */
export interface ClientPlugin<Name extends string = string, C = unknown, Extra = unknown> {
  readonly kind: 'clientPlugin'
  readonly name: Name
  readonly '~contract'?: C
  readonly verbs: { readonly [verb: string]: 1 | 'idempotent' }
  readonly setup?: (api: ClientApi) => Extra
}

/**
 * Every verb of a contract and whether it may be repeated after a lost answer: `idempotent` if the command is declared so,
 * otherwise `1`.
 */
export type VerbsOf<C> = {
  readonly [K in keyof C as C[K] extends Command<`${string}.${infer V}`> ? V : never]: C[K] extends Command<
    any,
    any,
    any,
    any,
    infer Idempotent
  >
    ? [Idempotent] extends [true]
      ? 'idempotent'
      : 1
    : never
}

/** Makes a plugin's client half: `poll()`. */
export interface ClientPluginFactory<Name extends string, C> {
  (): ClientPlugin<Name, C, {}>
  /** Adds state and methods of the client's own beside the calls. */
  with<Extra extends object, Options = void>(
    setup: (api: ClientApi, options: Options) => Extra,
  ): (options: Options) => ClientPlugin<Name, C, Extra>
}

/** A list of client halves. */
export type ClientPlugins = readonly ClientPlugin[]
type Contract<P> = P extends ClientPlugin<string, infer C> ? C : never
// These distribute over the plugins, so that each contract is read alone.
type BodiesIn<P> = P extends ClientPlugin<string, infer C> ? BodiesOf<C> : never
type EventsIn<P> = P extends ClientPlugin<string, infer C> ? EventsOf<C> : never
type CodesIn<P> = P extends ClientPlugin<string, infer C> ? CodesOf<C> : never

/** The kinds of message that the installed plugins know. */
export type Bodies<P extends ClientPlugins> = TextBody | BodiesIn<P[number]>
/** The error codes that can reach this client. */
export type Codes<P extends ClientPlugins> = ClientCode | CodesIn<P[number]>
/** What `chat.on` knows: the client's own events and those of the plugins, by their wire names. */
export type Events<P extends ClientPlugins> = CoreEvents & {
  readonly message: Message<Bodies<P> | OtherBody>
} & { readonly [E in EventsIn<P[number]> as E['name']]: E extends Event<any, infer T> ? T : never }
/** One property per plugin: `chat.poll.vote(...)`. */
export type Calls<P extends ClientPlugin> = { readonly [X in P as X['name']]: CallsOf<Contract<X>> & Extra<X> }
type Extra<X> = X extends ClientPlugin<string, unknown, infer E> ? E : never
