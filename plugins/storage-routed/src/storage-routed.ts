import { Clock, definePlugin } from '@natter/core'
import { Intents, Storage } from '@natter/core/contract'
import { storeLife } from '@natter/core/storage'
import type { StoreSource } from '@natter/core/storage'
import { configSchema } from './config.js'
import { openStore } from './open-store.js'
import { name } from './routes.js'

/**
 * What `storageRouted` takes: stores by name, and for each kind of data the name of its store. The docstrings make the table
 * in `docs/configuration.md`.
 */
export interface RoutedOptions<Name extends string> {
  /** The databases by names of your choice, which they keep: `sqlStore({ … })`, `mongoStore({ … })`. */
  readonly stores: Readonly<Record<Name, StoreSource>>
  /** The store of conversations: messages, members, marks. */
  readonly log: NoInfer<Name>
  /** The stores of rows, by plugin (`files`) or by plugin and model (`friends.request`). */
  readonly records: { readonly default: NoInfer<Name> } & Readonly<Record<string, NoInfer<Name>>>
  /** The stores of key spaces, by plugin; without `default` it is that of `records`. */
  readonly kv?: Readonly<Record<string, NoInfer<Name>>>
  /** Databases that do not belong here and are taken all the same, by the word that the refusal gives. */
  readonly accept?: Readonly<Record<string, string>>
  /** What may stay unused in a store: `log`, a plugin, a model (`auth.account`), or `kv:` and a plugin. */
  readonly leave?: { readonly [K in NoInfer<Name>]?: readonly string[] }
}

const plugin = definePlugin({
  name,
  needs: { clock: Clock },
  provides: [Storage, Intents],
  config: configSchema,
  setup: (api, { clock }, config) => storeLife(api, clock, (host) => openStore(config, host), { intents: true }),
})

/**
 * Storage in several databases at once. Plugins never learn which has what.
 *
 * @throws STORAGE_ROUTED_STORE_UNKNOWN, STORAGE_ROUTED_STORE_UNUSED, STORAGE_ROUTED_ROUTE_UNKNOWN,
 * STORAGE_ROUTED_SAME_DATABASE, STORAGE_ROUTED_STRANGERS, STORAGE_ROUTED_APART, STORAGE_ROUTED_LEFT_BEHIND, and what each
 * store throws, at boot.
 * @example
 * storageRouted({
 *   stores: { sql: sqlStore({ url: 'postgres://db.example/chat' }), mongo: mongoStore({ url: 'mongodb://db.example/chat' }) },
 *   log: 'mongo',
 *   records: { default: 'sql', files: 'mongo' },
 * })
 */
export const storageRouted = plugin as <Name extends string>(options: RoutedOptions<Name>) => ReturnType<typeof plugin>
