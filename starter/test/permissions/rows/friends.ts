import type { Role } from '../people.js'
import { everybody, friend, hers, mine, openTo } from '../shapes.js'
import type { CommandRows } from '../shapes.js'

const unavailable = 'NATTER_NOT_AVAILABLE'
const herself = { owner: 'FRIENDS_SELF' } as const
// Who is refused has asked: that counts towards how often one may.
const asking = { row: { ...openTo, ...herself }, absent: unavailable, counted: 'friends.book' }
/** Taking back and turning down is done where there is nothing to take back, whoever it is about: it changes nothing then. */
const ending = (...changes: readonly Role[]): CommandRows[string] => [
  { input: ({ olga }) => ({ user: olga }), row: mine, absent: 'ok', changes },
]

export const friends: CommandRows = {
  'friends.request': [
    { what: 'by id', input: ({ olga }) => ({ user: olga }), ...asking },
    { what: 'by handle', input: ({ handle }) => ({ handle }), ...asking },
  ],
  'friends.accept': [{ input: ({ olga }) => ({ user: olga }), row: friend }],
  'friends.reject': ending(),
  'friends.cancel': ending(),
  'friends.remove': ending('member'),
  // Who is blocked does not lift it.
  'friends.unblock': ending(),
  'friends.block': [{ input: ({ olga }) => ({ user: olga }), row: { ...mine, ...herself }, absent: 'ok' }],
  'friends.remark': [{ input: ({ olga }) => ({ user: olga, remark: 'x' }), row: friend }],
  'friends.assign': [{ input: ({ olga }) => ({ user: olga, groups: [] }), row: friend }],
  'friends.createGroup': [{ input: () => ({ name: 'Mine' }), row: mine }],
  'friends.renameGroup': [{ input: ({ friendGroup }) => ({ group: friendGroup, name: 'x' }), row: hers }],
  'friends.deleteGroup': [
    { input: ({ friendGroup }) => ({ group: friendGroup }), row: mine, absent: 'ok', changes: ['owner'] },
  ],
  'friends.privacy': [{ input: () => ({ find: 'nobody' }), row: mine }],
  'friends.sync': [{ input: () => ({}), row: mine }],
  'friends.find': [{ input: ({ handle }) => ({ handle }), row: openTo, absent: unavailable }],
  // The starter names nobody by parts of names, and suggests nobody.
  'friends.search': [{ input: () => ({ text: 'olg' }), row: everybody('FRIENDS_NOT_OFFERED') }],
  'friends.suggest': [{ input: () => ({}), row: everybody('FRIENDS_NOT_OFFERED') }],
}
