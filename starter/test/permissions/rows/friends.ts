import { everybody, friend, hers, mine, openTo } from '../shapes.js'
import type { CommandRows } from '../shapes.js'

const unavailable = 'NATTER_NOT_AVAILABLE'
const herself = { owner: 'FRIENDS_SELF' } as const
// Who is refused has asked: that counts towards how often one may.
const asking = { row: { ...openTo, ...herself }, absent: unavailable, counted: 'friends.book' }
/** Taking back and turning down is done where there is nothing to take back, whoever it is about. */
const harmless = [
  { input: ({ olga }) => ({ user: olga }), row: mine, absent: 'ok' },
] as const satisfies CommandRows[string]

export const friends: CommandRows = {
  'friends.request': [
    { what: 'by id', input: ({ olga }) => ({ user: olga }), ...asking },
    { what: 'by handle', input: ({ handle }) => ({ handle }), ...asking },
  ],
  'friends.accept': [{ input: ({ olga }) => ({ user: olga }), row: friend }],
  'friends.reject': harmless,
  'friends.cancel': harmless,
  'friends.remove': harmless,
  'friends.unblock': harmless,
  'friends.block': [{ input: ({ olga }) => ({ user: olga }), row: { ...mine, ...herself }, absent: 'ok' }],
  'friends.remark': [{ input: ({ olga }) => ({ user: olga, remark: 'x' }), row: friend }],
  'friends.assign': [{ input: ({ olga }) => ({ user: olga, groups: [] }), row: friend }],
  'friends.createGroup': [{ input: () => ({ name: 'Mine' }), row: mine }],
  'friends.renameGroup': [{ input: ({ friendGroup }) => ({ group: friendGroup, name: 'x' }), row: hers }],
  'friends.deleteGroup': [{ input: ({ friendGroup }) => ({ group: friendGroup }), row: mine, absent: 'ok' }],
  'friends.privacy': [{ input: () => ({ find: 'nobody' }), row: mine }],
  'friends.sync': [{ input: () => ({}), row: mine }],
  'friends.find': [{ input: ({ handle }) => ({ handle }), row: openTo, absent: unavailable }],
  // The starter names nobody by parts of names, and suggests nobody.
  'friends.search': [{ input: () => ({ text: 'olg' }), row: everybody('FRIENDS_NOT_OFFERED') }],
  'friends.suggest': [{ input: () => ({}), row: everybody('FRIENDS_NOT_OFFERED') }],
}
