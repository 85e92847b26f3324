import { isPromise } from '@natter/core'
import type { Awaitable } from '@natter/core/contract'

/** Goes on with two values, at once where neither is a promise. */
export const both = <A, B, R>(a: Awaitable<A>, b: Awaitable<B>, next: (a: A, b: B) => Awaitable<R>): Awaitable<R> =>
  isPromise(a) || isPromise(b) ? Promise.all([a, b]).then(([x, y]) => next(x, y)) : next(a, b)
