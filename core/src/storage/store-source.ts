import type { Awaitable, InputOf, Intents, OutputOf, Schema, Storage } from '../contract/index.js'
import type { Logger } from '../kernel/logger.js'
import { readConfig } from '../kernel/read-config.js'
import type { Clock } from '../services/clock.js'

/** What a store gets from the chat that opens it. */
export interface StoreHost {
  readonly clock: Clock
  readonly log: Logger
  /** Names of the chat's plugins, to tell a misspelt one. */
  readonly plugins: readonly string[]
}

/** What is in a store, also of plugins that are not there now. */
export interface Inventory {
  /** Models that have rows. */
  readonly models: readonly { readonly plugin: string; readonly model: string }[]
  /** Plugins that have values in key spaces. */
  readonly keys: readonly string[]
}

/** A store that is open, with what belongs to its life. */
export interface OpenedStore {
  readonly storage: Storage
  /** Where a host can have a transaction in its database. */
  readonly intents?: Intents
  /** Removes what is not needed any more. Called once a minute. */
  sweep?(): Promise<void>
  /** What is in it, once it has been prepared. Without it nobody is told what a changed route leaves behind. */
  inventory?(): Promise<Inventory>
  /** What was asked before is still done. */
  close(): Awaitable<void>
}

/** A database that has been named and not been opened: what a storage plugin opens, alone or beside others. */
export interface StoreSource {
  readonly kind: 'store'
  /** Who opens it, like `storage-sql`. */
  readonly backend: string
  /**
   * Opens it, unprepared.
   *
   * @param title Who it is in error messages; the backend's name unless given.
   * @throws NATTER_CONFIG_INVALID, and what the backend throws when the database cannot be opened.
   */
  open(host: StoreHost, title?: string): Promise<OpenedStore>
}

/** A backend, for `defineStore`. */
export interface StoreSpec<S extends Schema> {
  readonly name: string
  readonly config: S
  open(config: OutputOf<S>, host: StoreHost): Awaitable<OpenedStore>
}

/**
 * Gives a backend its second factory: not a plugin, but a source for a plugin that has several.
 *
 * @example
 * export const sqlStore = defineStore({ name: 'storage-sql', config: configSchema, open: openSql })
 */
export function defineStore<S extends Schema>(spec: StoreSpec<S>): (config?: InputOf<S>) => StoreSource {
  return (config) => ({
    kind: 'store',
    backend: spec.name,
    async open(host, title = spec.name) {
      const read = await readConfig({ name: title, spec, config })
      return spec.open(read as OutputOf<S>, host)
    },
  })
}
