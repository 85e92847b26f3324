import type { Kv, Model, Records, Storage } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { shaped } from './traced-storage.js'

/**
 * What plugins take in setup, before there is a store: each facade is bound once the store is ready, and its verbs
 * reject with NATTER_SERVICE_UNREADY until then.
 */
export class StoredData {
  #storage: Storage | undefined

  bind(storage: Storage): void {
    this.#storage = storage
  }

  records<M extends Model>(plugin: string, model: M): Records<M> {
    const has = (verb: string) => verb !== 'match' || model.terms !== undefined
    return this.#facade('records', (storage) => storage.records(plugin, model), has)
  }

  kv(plugin: string, namespace: string): Kv {
    return this.#facade('kv', (storage) => storage.kv(`${plugin}.${namespace}`))
  }

  #facade<T extends object>(
    shape: 'records' | 'kv',
    open: (storage: Storage) => T,
    has?: (verb: string) => boolean,
  ): T {
    let bound: Record<string, (...args: readonly unknown[]) => Promise<unknown>> | undefined
    const verbOf =
      (verb: string) =>
      (...args: readonly unknown[]) => {
        if (bound === undefined) {
          if (this.#storage === undefined) return Promise.reject(unready())
          bound = open(this.#storage) as never
        }
        return (bound[verb] as (...args: readonly unknown[]) => Promise<unknown>)(...args)
      }
    return shaped<T>(shape, verbOf, has)
  }
}

const unready = () =>
  NatterErrors.SERVICE_UNREADY({
    message: 'Stored data was used before the store was ready.\n  Use records and kv from init on, not in setup.',
  })
