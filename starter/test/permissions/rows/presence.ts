import { apart, mine, readers } from '../shapes.js'
import type { CommandRows } from '../shapes.js'

export const presence: CommandRows = {
  // Who may not be seen, and who is not there, are offline: that is the answer.
  'presence.watch': [{ input: ({ olga }) => ({ users: [olga] }), row: mine, absent: 'ok' }],
  'presence.active': [{ input: () => ({ active: true }), row: mine }],
  'presence.set': [{ input: () => ({ mode: 'dnd' }), row: mine }],
  'presence.mine': [{ input: () => ({}), row: mine }],
  'presence.write': [
    // Who may not write here, or not to this person, is heard by nobody, and does not learn why.
    { what: 'in the group', input: ({ group }) => ({ conversation: group, what: 'typing' }), row: readers },
    { what: 'of two apart', input: (at) => ({ conversation: at.apart, what: 'typing' }), row: apart('ok') },
  ],
}
