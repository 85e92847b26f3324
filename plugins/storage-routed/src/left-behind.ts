import type { OwnedModel } from '@natter/core/contract'
import type { OpenedStore } from '@natter/core/storage'
import { RoutedErrors } from './errors.js'
import { name as own } from './routes.js'
import type { Routes } from './routes.js'

export interface LeftParts {
  readonly routes: Routes
  readonly stores: ReadonlyMap<string, OpenedStore>
  readonly models: readonly OwnedModel[]
  readonly plugins: readonly string[]
  readonly leave: Readonly<Record<string, readonly string[]>>
}

/**
 * Whether a store has data that is routed elsewhere: it would be missing without a word.
 *
 * @throws STORAGE_ROUTED_LEFT_BEHIND
 */
export async function checkLeftBehind({ routes, stores, models, plugins, leave }: LeftParts): Promise<void> {
  for (const [name, store] of stores) {
    const stays = new Set(leave[name])
    const { models: filled = [], keys = [] } = (await store.inventory?.()) ?? {}
    const rows = models.filter(({ plugin, model }) => {
      if (routes.records(plugin, model.name) === name) return false
      return filled.some((each) => each.plugin === plugin && each.model === model.name)
    })
    const left = [
      ...(name !== routes.log && !stays.has('log') && (await store.storage.log.latest()) > 0
        ? [{ what: 'log', to: routes.log }]
        : []),
      ...rows
        .filter(({ plugin, model }) => !stays.has(plugin) && !stays.has(`${plugin}.${model.name}`))
        .map(({ plugin, model }) => ({ what: `${plugin}.${model.name}`, to: routes.records(plugin, model.name) })),
      ...keys
        .filter(
          (plugin) =>
            plugin !== own && plugins.includes(plugin) && routes.kv(plugin) !== name && !stays.has(`kv:${plugin}`),
        )
        .map((plugin) => ({ what: `kv:${plugin}`, to: routes.kv(plugin) })),
    ]
    if (left.length > 0) throw leftBehind(name, left)
  }
}

function leftBehind(store: string, left: readonly { readonly what: string; readonly to: string }[]): Error {
  const said = left.map(({ what, to }) => `${what} (now routed to "${to}")`).join(', ')
  const names = left.map(({ what }) => `'${what}'`).join(', ')
  return RoutedErrors.LEFT_BEHIND({
    message:
      `The store "${store}" has data that nobody would find there: ${said}.\n` +
      `  Route it back, or copy it first. To leave it there unused: leave: { '${store}': [${names}] }.`,
    details: { store, left: left.map(({ what }) => what) },
  })
}
