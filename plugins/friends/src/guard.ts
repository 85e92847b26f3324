/** `@natter/friends/guard`: for a host with relations of its own. */
import { definePlugin } from '@natter/core'
import { Relations } from './contract.js'
import { refuseBy } from './refuse.js'

/**
 * Refuses by the host's own relations, in place of `friends()`: whoever may not write to a person, by the service
 * `relations`, is answered as if that person were not there.
 *
 * @example
 * createChat({ plugins: [storageSql(), auth(), offline(), ourRelations(), relationsGuard()] })
 */
export const relationsGuard = definePlugin({
  name: 'relations-guard',
  version: '1.0.0',
  needs: { relations: Relations },
  setup(api, { relations }) {
    refuseBy(relations, api)
  },
})
