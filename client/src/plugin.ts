import type { NamespaceOf } from '@natter/core/contract'
import type { ClientCore } from './api/client.js'
import type { ClientApi, ClientPluginFactory, VerbsOf } from './api/plugin.js'

/**
 * Declares a plugin's client half. The contract is imported as types only, so no schema reaches the browser; the verbs are
 * listed at run time, and the types refuse a missing one, a wrong one, and a wrong word on whether it may be repeated.
 *
 * @example
 * import type * as contract from './contract.js'
 * export const poll = clientPlugin<typeof contract>('poll', { vote: 1, create: 1, list: 'idempotent' })
 */
export function clientPlugin<C extends object>(
  name: Exclude<NamespaceOf<C>, keyof ClientCore>,
  verbs: VerbsOf<C>,
): ClientPluginFactory<NamespaceOf<C>, C> {
  const make = (setup?: (api: ClientApi) => unknown) => ({ kind: 'clientPlugin', name, verbs, setup })
  return Object.assign(() => make(), {
    with: (setup: (api: ClientApi, options: unknown) => unknown) => (options: unknown) =>
      make((api) => setup(api, options)),
  }) as never
}
