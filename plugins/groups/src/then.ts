import type { Awaitable } from '@natter/core/contract'

/** Goes on with a value, at once where it is no promise. */
export const then = <T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> =>
  isPromise(value) ? value.then(next) : next(value)

/** Goes on with two values, at once where neither is a promise. */
export const both = <A, B, R>(a: Awaitable<A>, b: Awaitable<B>, next: (a: A, b: B) => Awaitable<R>): Awaitable<R> =>
  isPromise(a) || isPromise(b) ? Promise.all([a, b]).then(([x, y]) => next(x, y)) : next(a, b)

function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
