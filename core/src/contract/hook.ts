import type { Body, Draft, Message } from './body.js'
import type { Denied } from './error.js'
import type { Awaitable } from './flat.js'

/** How a hook's handlers run, and what a failure means (see each maker in `hook`). */
export type HookKind = 'veto' | 'transform' | 'first' | 'collect' | 'notify'

/** T is the value a handler gets, R what it returns, Ctx the second argument. */
export interface Hook<Kind extends HookKind = HookKind, T = any, R = any, Ctx = any> {
  readonly kind: 'hook'
  readonly run: Kind
  readonly name: string
  /** Set by `.of(body)`: only values of this body type reach the handler. */
  readonly filter?: string
  readonly '~sig'?: (ctx: Ctx) => [T, R]
}
/** A hook over messages: its value is of the bodies that the plugin knows, or of one with `.of(body)`. */
export interface MessageHook<
  Kind extends HookKind = HookKind,
  Stage extends 'draft' | 'message' = any,
  Extra = any,
  Ctx = any,
> {
  readonly kind: 'messageHook'
  readonly run: Kind
  readonly name: string
  readonly '~sig'?: (ctx: Ctx) => [Stage, Extra]
  of<B extends Body>(body: B): Hook<Kind, At<Stage, B>, Answer<Kind, At<Stage, B>, Extra>, Ctx>
}
/** What handlers of a message hook get: a draft before it is stored, a message afterwards. */
export type At<Stage, B extends Body> = Stage extends 'draft' ? Draft<B> : Message<B>
/** What a handler may return, by the kind of its hook. */
export type Answer<Kind, T, Extra> = Kind extends 'veto'
  ? Denied | undefined
  : Kind extends 'transform'
    ? T | Denied | undefined
    : Kind extends 'first'
      ? Extra | Denied | undefined
      : Kind extends 'collect'
        ? readonly Extra[]
        : void
/** A handler of a hook, with the bodies that the plugin knows. */
export type Handler<H, B extends Body> =
  H extends MessageHook<infer K, infer S, infer X, infer C>
    ? (value: At<S, B>, ctx: C) => Awaitable<Answer<K, At<S, B>, X>>
    : H extends Hook<any, infer T, infer R, infer C>
      ? (value: T, ctx: C) => Awaitable<R>
      : never

/** Where a handler stands among the others of its hook, by plugin name. Absent names are ignored. */
export interface HookOrder {
  readonly before?: readonly string[]
  readonly after?: readonly string[]
}

const make = (run: HookKind) => (name: string) => ({ kind: 'hook', run, name }) as never

/**
 * Makes hooks. Export the constant from the package that owns the moment.
 *
 * | kind | handlers return | run | a throw or a time-out |
 * |---|---|---|---|
 * | `veto` | `deny(error)` or nothing | in order | refuses (closed) |
 * | `transform` | a new value, `deny(error)`, or nothing | in order | refuses (closed) |
 * | `first` | the first answer wins, or `deny(error)` | in order | refuses (closed) |
 * | `collect` | lists, concatenated | in parallel | refuses (closed) |
 * | `notify` | nothing | in parallel | logged with plugin and hook (open) |
 *
 * @example
 * export const inviteAllow = hook.veto<Invite>('invite.allow')
 */
export const hook: {
  veto<T, C = unknown>(name: string): Hook<'veto', T, Denied | undefined | void, C>
  transform<T, C = unknown>(name: string): Hook<'transform', T, T | Denied | undefined | void, C>
  first<T, R, C = unknown>(name: string): Hook<'first', T, R | Denied | undefined, C>
  collect<T, R, C = unknown>(name: string): Hook<'collect', T, readonly R[], C>
  notify<T, C = unknown>(name: string): Hook<'notify', T, void, C>
} = {
  veto: make('veto'),
  transform: make('transform'),
  first: make('first'),
  collect: make('collect'),
  notify: make('notify'),
}

/** Makes a hook over messages, whose value is typed by the bodies that the plugin knows. */
export function messageHook<Kind extends HookKind, Stage extends 'draft' | 'message', Extra = never, Ctx = unknown>(
  run: Kind,
  name: string,
): MessageHook<Kind, Stage, Extra, Ctx> {
  return {
    kind: 'messageHook',
    run,
    name,
    of: (body: Body) => ({ kind: 'hook', run, name, filter: body.type }),
  } as never
}
