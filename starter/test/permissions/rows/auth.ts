import { everybody, hers, mine, openTo } from '../shapes.js'
import type { CommandRows } from '../shapes.js'

const password = 'correct horse battery'

export const auth: CommandRows = {
  'auth.find': [{ input: ({ handle }) => ({ handle }), row: openTo, absent: 'NATTER_NOT_AVAILABLE' }],
  // A profile is shown beside what somebody said, also to whom they have blocked since.
  'auth.lookup': [{ input: ({ olga }) => ({ ids: [olga] }), row: mine, absent: 'ok' }],
  'auth.me': [{ input: () => ({}), row: mine }],
  'auth.profile': [{ input: () => ({ name: 'Another' }), row: mine }],
  'auth.devices': [{ input: () => ({}), row: mine }],
  'auth.nameDevice': [
    { what: 'hers', input: ({ session }) => ({ session, name: 'x' }), row: hers },
    { what: 'mine', input: (_, { other }) => ({ session: other, name: 'x' }), row: mine },
  ],
  'auth.revokeDevice': [
    { what: 'hers', input: ({ session }) => ({ session }), row: hers, once: true },
    { what: 'mine', input: (_, { other }) => ({ session: other }), row: mine },
  ],
  'auth.logoutEverywhere': [{ input: () => ({ keepThis: true }), row: mine }],
  'auth.changePassword': [
    {
      what: 'not knowing it',
      input: () => ({ current: 'wrong horse', password: `${password} staple` }),
      row: everybody('AUTH_WRONG_CREDENTIALS'),
    },
    { what: 'knowing it', input: () => ({ current: password, password: `${password} staple` }), row: mine },
  ],
}
