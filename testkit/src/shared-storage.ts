import { definePlugin } from '@natter/core'
import type { Plugin } from '@natter/core'
import { Storage } from '@natter/core/contract'
import type { Awaitable, Model, Records } from '@natter/core/contract'
import type { MemoryStore } from './memory-storage/memory-store.js'

/**
 * What a server's calls of the store meet, by the name of the model, or `log`, the verb and what it is given first: what
 * `before` throws, the verb does not do, and it waits for what `before` promises. A test may set it and take it away while
 * the server runs.
 */
export interface Weather {
  before?: ((model: string, verb: string, first: unknown) => Awaitable<void>) | undefined
}

type Calls = Readonly<Record<string, unknown>>

/** The same object, each of whose calls meets the weather first. */
const under = <T extends object>(target: T, weather: Weather, model: string): T =>
  new Proxy(target, {
    get(_, verb: string) {
      const call = (target as Calls)[verb]
      if (typeof call !== 'function') return call
      return async (...args: unknown[]) => {
        const held = weather.before?.(model, verb, args[0])
        if (held) await held
        return (call as (...args: unknown[]) => unknown).apply(target, args)
      }
    },
  })

/**
 * The storage plugin for one more server on a store in memory: several of them are the nodes of one chat, and each has
 * failures of its own.
 *
 * @example
 * const clock = new FakeClock()
 * const store = new MemoryStore({ clock })
 * const weather: Weather = {}
 * const one = await createTestServer(t, { plugins: [offline()], storage: sharedStorage(store, weather), clock })
 * const other = await createTestServer(t, { plugins: [offline()], storage: sharedStorage(store), clock })
 * weather.before = (model, verb) => {
 *   if (verb === 'append') throw StorageErrors.UNAVAILABLE()
 * }
 */
export const sharedStorage = (store: MemoryStore, weather: Weather = {}): Plugin =>
  definePlugin({
    name: 'shared-storage',
    provides: [Storage],
    setup(api) {
      api.provide(Storage, () => ({
        description: 'memory, shared',
        durable: false,
        log: under(store.log, weather, 'log'),
        prepare: (models, steps) => store.prepare(models, steps),
        records: <M extends Model>(plugin: string, model: M): Records<M> =>
          under(store.records(plugin, model), weather, model.name),
        kv: (namespace) => store.kv(namespace),
        probe: () => store.probe(),
        native: () => undefined,
      }))
    },
  })()
