import type { OwnedModel } from '@natter/core/contract'
import { didYouMean } from '@natter/core/storage'
import type { RoutedConfig } from './config.js'
import { RoutedErrors } from './errors.js'

/**
 * Whether each route leads to a store, and to each store a route.
 *
 * @throws STORAGE_ROUTED_STORE_UNKNOWN, STORAGE_ROUTED_STORE_UNUSED
 */
export function checkStores({ stores, log, records, kv, leave }: RoutedConfig): void {
  const names = Object.keys(stores)
  const routes = Object.entries({ log, ...under('records', records), ...under('kv', kv) })
  for (const [route, store] of routes) if (!names.includes(store)) throw unknownStore(route, store, names)
  for (const store of Object.keys(leave)) if (!names.includes(store)) throw unknownStore('leave', store, names)
  const used = new Set(routes.map(([, store]) => store))
  const unused = names.find((name) => !used.has(name))
  if (unused === undefined) return
  throw RoutedErrors.STORE_UNUSED({
    message: `Nothing leads to the store "${unused}".\n  Route something there (log, records, kv), or take it out of "stores".`,
  })
}

const under = (which: string, routes: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(routes).map(([what, store]) => [`${which}.${what}`, store]))

function unknownStore(route: string, store: string, names: readonly string[]): Error {
  return RoutedErrors.STORE_UNKNOWN({
    message: `"${route}" names the store "${store}", which is not in "stores".${didYouMean(store, names)}`,
  })
}

/**
 * Whether what is routed is there at all: a route of a name that is misspelt would otherwise be no route.
 *
 * @throws STORAGE_ROUTED_ROUTE_UNKNOWN
 */
export function checkRouted(
  { records, kv }: Pick<RoutedConfig, 'records' | 'kv'>,
  models: readonly OwnedModel[],
  plugins: readonly string[],
): void {
  const rows = new Set(models.flatMap(({ plugin, model }) => [plugin, `${plugin}.${model.name}`]))
  check('records', Object.keys(records), [...rows], 'no plugin with models and no model is called so')
  check('kv', Object.keys(kv), plugins, 'no plugin is called so')
}

function check(which: string, routes: readonly string[], known: readonly string[], problem: string): void {
  const stray = routes.find((route) => route !== 'default' && !known.includes(route))
  if (stray === undefined) return
  throw RoutedErrors.ROUTE_UNKNOWN({
    message: `"${which}" has a route for "${stray}", and ${problem}.${didYouMean(stray, known)}`,
  })
}
