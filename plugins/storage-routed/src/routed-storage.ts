import type { DataStep, Kv, Log, Model, NativeStores, OwnedModel, Records, Storage } from '@natter/core/contract'
import { ownerOf } from './routes.js'
import type { Routes } from './routes.js'

export type Steps = readonly { readonly plugin: string; readonly step: DataStep }[]
/** Storages by the names of their stores. */
export type Storages = ReadonlyMap<string, Storage>
type Prepare = Storage['prepare']

/** The storage port over several stores: hands out what they give, and stands in the way of no call. */
export class RoutedStorage implements Storage {
  readonly #routes: Routes
  readonly #storages: Storages
  readonly #prepare: Prepare

  constructor(routes: Routes, storages: Storages, prepare: Prepare) {
    this.#routes = routes
    this.#storages = storages
    this.#prepare = prepare
  }

  /** The store of messages first. */
  get description(): string {
    const said = this.#ordered(this.#routes.log).map(([name, { description }]) => `${name}: ${description}`)
    return said.join('; ')
  }

  get durable(): boolean {
    return [...this.#storages.values()].every(({ durable }) => durable)
  }

  get log(): Log {
    return this.#of(this.#routes.log).log
  }

  prepare(models: readonly OwnedModel[], steps: Steps): Promise<void> {
    return this.#prepare(models, steps)
  }

  records<M extends Model>(plugin: string, model: M): Records<M> {
    return this.#of(this.#routes.records(plugin, model.name)).records(plugin, model)
  }

  kv(namespace: string): Kv {
    return this.#of(this.#routes.kv(ownerOf(namespace))).kv(namespace)
  }

  async purge(): Promise<void> {
    await Promise.all([...this.#storages.values()].map(async (storage) => storage.purge?.()))
  }

  async probe(): Promise<void> {
    await Promise.all([...this.#storages.values()].map((storage) => storage.probe()))
  }

  /** Of the first store that is of this kind, the one with the most rows before others. */
  native<K extends keyof NativeStores>(kind: K): NativeStores[K] | undefined {
    for (const [, storage] of this.#ordered(this.#routes.journal)) {
      const native = storage.native(kind)
      if (native !== undefined) return native
    }
    return undefined
  }

  #of(store: string): Storage {
    return this.#storages.get(store)!
  }

  #ordered(first: string): readonly (readonly [string, Storage])[] {
    return [...this.#storages].toSorted(([a], [b]) => Number(b === first) - Number(a === first))
  }
}
