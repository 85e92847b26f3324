import { admins, mine, owners, readers } from '../shapes.js'
import type { CommandCase, CommandRows, Row } from '../shapes.js'

const no = 'GROUPS_NOT_ALLOWED'
/** Another picture than the group has. */
const another = 'R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7'
type Group = readonly [CommandCase]
const within = (row: Row, more: object = {}): Group => [{ input: ({ group }) => ({ group, ...more }), row, once: true }]
const about = (name: 'tom' | 'anna' | 'ina' | 'nina' | 'bert', row: Row, more: object = {}): Group => [
  { input: (at) => ({ group: at.group, user: at[name], ...more }), row, once: true },
]

export const groups: CommandRows = {
  'groups.create': [{ input: () => ({ key: 'k', settings: { name: 'Mine' } }), row: mine }],
  'groups.invitations': [{ input: () => ({}), row: mine }],
  'groups.get': within(readers),
  'groups.members': within(readers),
  'groups.join': within(readers),
  // Who was in it may hear that they are out; the owner cannot go.
  'groups.leave': within({ ...readers, 'ex-member': 'ok', banned: 'ok', owner: 'GROUPS_OWNER' }),
  'groups.invite': about('nina', { ...readers, 'read-only': no }),
  'groups.uninvite': about('ina', admins(no)),
  'groups.admit': about('anna', admins(no)),
  'groups.refuse': about('anna', admins(no)),
  'groups.waiting': within(admins(no)),
  'groups.kick': about('tom', admins(no)),
  'groups.ban': about('tom', admins(no)),
  'groups.unban': about('bert', admins(no)),
  'groups.banned': within(admins(no)),
  'groups.giveRole': about('tom', admins(no), { role: 'reader' }),
  'groups.mute': about('tom', admins(no), { forMs: 60_000 }),
  'groups.unmute': about('tom', admins(no)),
  'groups.set': within(admins(no), { settings: { topic: 'x', slowMs: 1_000 } }),
  'groups.setPicture': within(admins(no), { image: another }),
  'groups.makeLink': within(admins(no), { key: 'mine' }),
  'groups.dropLink': [{ input: ({ group, link }) => ({ group, link }), row: admins(no), once: true }],
  'groups.links': within(admins(no)),
  'groups.transfer': about('tom', owners(no)),
  'groups.dissolve': within(owners(no)),
}
