import { defineErrors } from '@natter/core/contract'

/** What keeps several stores from being one. */
export const RoutedErrors = defineErrors('STORAGE_ROUTED', {
  STORE_UNKNOWN: { status: 500, message: 'A route leads to a store that is not listed.' },
  STORE_UNUSED: { status: 500, message: 'A store is listed that no route leads to.' },
  ROUTE_UNKNOWN: { status: 500, message: 'A route is of a plugin or a model that is not there.' },
  SAME_DATABASE: { status: 500, message: 'Two stores are one and the same database.' },
  STRANGERS: { status: 500, message: 'The databases are not those that belong together.' },
  APART: { status: 500, message: 'One of the databases is much older than the others: it was restored alone.' },
  LEFT_BEHIND: { status: 500, message: 'A route would leave data behind in another store.' },
})
