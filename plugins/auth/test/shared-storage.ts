import { definePlugin } from '@natter/core'
import type { Plugin } from '@natter/core'
import { StorageErrors, Storage } from '@natter/core/contract'
import type { Model, Records } from '@natter/core/contract'
import { MemoryStore } from '@natter/testkit'
import type { FakeClock } from '@natter/testkit'

/** A store that outlives servers, as a database does, and that can fail. */
export class SharedStorage {
  readonly #store: MemoryStore
  /** Models whose reads and writes fail now. */
  readonly failing = new Set<string>()
  /** Called before each verb on a model. */
  before: ((model: string, verb: string) => Promise<void> | void) | undefined

  constructor(clock: FakeClock) {
    this.#store = new MemoryStore({ clock })
  }

  /** The plugin for one more server on this store. */
  plugin(): Plugin {
    const storage = this.#view()
    return definePlugin({
      name: 'shared-storage',
      provides: [Storage],
      setup(api) {
        api.provide(Storage, () => storage)
      },
    })()
  }

  records<M extends Model>(model: M): Records<M> {
    return this.#store.records('auth', model)
  }

  #view(): Storage {
    const store = this.#store
    const records = <M extends Model>(plugin: string, model: M): Records<M> =>
      new Proxy(store.records(plugin, model), {
        get:
          (target, verb: string) =>
          async (...args: unknown[]) => {
            await this.before?.(model.name, verb)
            if (this.failing.has(model.name)) throw StorageErrors.UNAVAILABLE()
            return (target as never as Record<string, (...args: unknown[]) => unknown>)[verb]!(...args)
          },
      })
    return {
      description: 'memory, shared',
      durable: false,
      log: store.log,
      prepare: (models, steps) => store.prepare(models, steps),
      records,
      kv: (namespace) => store.kv(namespace),
      probe: () => store.probe(),
      native: () => undefined,
    }
  }
}
