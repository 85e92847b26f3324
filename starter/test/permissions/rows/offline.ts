import { apart, mine, readers } from '../shapes.js'
import type { CommandCase, CommandRows } from '../shapes.js'

/** Reading, and what somebody notes for themselves: a block takes nothing of it away. */
const reading = (more: object = {}): readonly [CommandCase, ...CommandCase[]] => [
  { what: 'in the group', input: (at) => ({ conversation: at.group, ...more }), row: readers },
  { what: 'of two apart', input: (at) => ({ conversation: at.apart, ...more }), row: apart('ok') },
]

export const offline: CommandRows = {
  'offline.sync': [{ input: () => ({}), row: mine }],
  'offline.page': reading(),
  'offline.state': reading(),
  'offline.mark': reading({ read: 1, received: 1 }),
  'offline.set': reading({ pinned: 1 }),
  'offline.readBy': [
    { what: 'in the group', input: ({ group, text }) => ({ conversation: group, seq: text }), row: readers },
    { what: 'of two apart', input: (at) => ({ conversation: at.apart, seq: at.first }), row: apart('ok') },
  ],
  'offline.privacy': [{ input: () => ({ privateRead: true }), row: mine }],
  'offline.settings': [{ input: () => ({}), row: mine }],
}
