import { storeKind } from '../process/stores.js'
import type { StoreName } from '../process/stores.js'
import type { SectionName } from './section.js'

/** What a part of a run needs that a store does not have. */
export function whyNot(name: SectionName, store: StoreName): string | undefined {
  const { databases } = storeKind(store)
  if (name === 'database kills' && databases.length === 0)
    return `a store with a database server; ${store} is in the server's own process.`
  if (name === 'failovers' && !databases.includes('mongo'))
    return `a store with several members: --store mongo or --store combined, not ${store}.`
  if (name === 'power cuts' && databases.length > 1)
    return `a store in one database, and ${store} is in ${databases.length}: --store ${databases.join(' or --store ')}.`
  return undefined
}
