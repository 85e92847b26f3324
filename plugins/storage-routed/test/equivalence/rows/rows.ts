import type { Rows } from '../row.js'
import { actions } from './actions.js'
import { groups } from './groups.js'
import { offline } from './offline.js'
import { people } from './people.js'

/** What makes every kind of event and entry happen, in parts that are played each by itself. */
export const parts: Readonly<Record<string, Rows>> = { offline, actions, groups, people }
