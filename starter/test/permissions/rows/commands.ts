import type { CommandRows } from '../shapes.js'
import { actions } from './actions.js'
import { auth } from './auth.js'
import { friends } from './friends.js'
import { groups } from './groups.js'
import { offline } from './offline.js'
import { presence } from './presence.js'
import { search } from './search.js'

/** What everybody gets for every command. */
export const commandRows: CommandRows = {
  ...auth,
  ...offline,
  ...friends,
  ...presence,
  ...groups,
  ...actions,
  ...search,
}
