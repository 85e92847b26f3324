import type { Awaitable, Denied, MessageHook } from '../../contract/index.js'
import type { BodyValue } from './keep-envelope.js'

/** Runs a hook over messages. Synchronous until a handler really returns a promise. */
export type BodyRunner<H> =
  H extends MessageHook<infer K, infer _S, infer X, infer C>
    ? K extends 'veto'
      ? (value: BodyValue, ctx: C) => Awaitable<Denied | undefined>
      : K extends 'transform'
        ? <V extends BodyValue>(value: V, ctx: C) => Awaitable<V | Denied>
        : K extends 'first'
          ? (value: BodyValue, ctx: C) => Awaitable<X | Denied | undefined>
          : K extends 'collect'
            ? (value: BodyValue, ctx: C) => Awaitable<readonly X[]>
            : (value: BodyValue, ctx: C) => void
    : never
