import type { Readable } from './api/readable.js'

interface Subscription {
  readonly run: () => void
  live: boolean
}
/** Calls each subscription once after the current turn, however often it is named. */
export type Notify = (subscriptions: Iterable<Subscription>) => void

export function createNotifier(guard: (run: () => void) => void): Notify {
  const due = new Set<Subscription>()
  const flush = () => {
    const now = [...due]
    due.clear()
    for (const subscription of now) if (subscription.live) guard(subscription.run)
  }
  return (subscriptions) => {
    const idle = due.size === 0
    for (const subscription of subscriptions) due.add(subscription)
    if (idle && due.size) void Promise.resolve().then(flush)
  }
}

export interface Derived<T> extends Readable<T> {
  /** What it is computed from has changed. */
  touch(): void
}
/** Computed when it is asked for, and kept until it is touched. */
export function createDerived<T>(notify: Notify, compute: () => T, onSubscribe?: () => void): Derived<T> {
  const subscriptions = new Set<Subscription>()
  let fresh = false
  let value: T
  return {
    get() {
      if (!fresh) value = compute()
      fresh = true
      return value
    },
    touch() {
      fresh = false
      notify(subscriptions)
    },
    subscribe(run) {
      const subscription = { run, live: true }
      subscriptions.add(subscription)
      onSubscribe?.()
      return () => {
        subscription.live = false
        subscriptions.delete(subscription)
      }
    },
  }
}

export interface Cell<T> extends Readable<T> {
  set(value: T): void
}
export function createCell<T>(notify: Notify, value: T): Cell<T> {
  const { get, touch, subscribe } = createDerived(notify, () => value)
  return {
    get,
    subscribe,
    set(next) {
      value = next
      touch()
    },
  }
}
