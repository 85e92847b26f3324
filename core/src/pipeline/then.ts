import type { Awaitable } from '../contract/index.js'

/**
 * Goes on with a value, at once where it is no promise: a chain costs a turn only where somebody really waits. Plugins have
 * it as `andThen`.
 *
 * @example
 * return andThen(members.get(conversation), (found) => found?.users.length ?? 0)
 */
export function then<T, R>(value: Awaitable<T>, next: (value: T) => Awaitable<R>): Awaitable<R> {
  return isPromise(value) ? value.then(next) : next(value)
}

/** Whether somebody has to wait for it. */
export function isPromise<T>(value: Awaitable<T>): value is Promise<T> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function'
}
