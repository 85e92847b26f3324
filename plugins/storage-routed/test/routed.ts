import { field, model } from '@natter/core/contract'
import type { DataStep, Kv, Model, OwnedModel, Storage } from '@natter/core/contract'
import type { Clock, Logger } from '@natter/core'
import type { OpenedStore, StoreSource } from '@natter/core/storage'
import { configSchema, openStore } from '@natter/storage-routed'
import type { RoutedOptions } from '@natter/storage-routed'
import { FakeClock, memorySource } from '@natter/testkit'
import type { MemoryStore } from '@natter/testkit'

export const note = model('note', { fields: { id: field.id(), text: field.text({ max: 50 }) }, key: ['id'] })
export const picture = model('picture', { fields: { id: field.id() }, key: ['id'] })
export const owned = (plugin: string, ...models: readonly Model[]): OwnedModel[] =>
  models.map((each) => ({ plugin, model: each }))

const silent = () => undefined
export const quiet: Logger = { debug: silent, info: silent, warn: silent, error: silent }

export interface Setting {
  readonly models?: readonly OwnedModel[]
  readonly steps?: readonly { readonly plugin: string; readonly step: DataStep }[]
  readonly plugins?: readonly string[]
  readonly clock?: Clock
}

/** Messages in `mongo`, rows in `sql`, unless routed otherwise; prepared. */
export async function openRouted(
  stores: Readonly<Record<string, StoreSource>>,
  options: Partial<RoutedOptions<string>> = {},
  { models = [], steps = [], plugins = [], clock = new FakeClock() }: Setting = {},
): Promise<OpenedStore & { readonly storage: Storage }> {
  const config = configSchema.parse({ stores, log: 'mongo', records: { default: 'sql' }, ...options })
  const opened = await openStore(config, { clock, log: quiet, plugins })
  try {
    await opened.storage.prepare(models, steps)
    return opened
  } catch (error) {
    await opened.close()
    throw error
  }
}

/** The storage with some of it another. */
export const storageWith = (storage: Storage, other: Partial<Storage>): Storage => ({
  description: storage.description,
  durable: storage.durable,
  log: storage.log,
  prepare: (models, steps) => storage.prepare(models, steps),
  records: (plugin, model) => storage.records(plugin, model),
  kv: (namespace) => storage.kv(namespace),
  probe: () => storage.probe(),
  native: (kind) => storage.native(kind),
  ...other,
})

/** A store in memory with other key spaces. */
export const withKeys = (store: MemoryStore, change: (kv: Kv) => Kv): StoreSource => ({
  kind: 'store',
  backend: 'test',
  async open(host) {
    const opened = await memorySource(store).open(host)
    return { ...opened, storage: storageWith(opened.storage, { kv: (namespace) => change(store.kv(namespace)) }) }
  },
})
