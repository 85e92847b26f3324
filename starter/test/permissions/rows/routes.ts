import type { Rows } from '../case.js'
import type { Role } from '../people.js'
import { everybody } from '../shapes.js'
import { image } from '../image.js'

/** What each gets, and who shows no token: the status, and the code of a refusal. */
export type RouteRow = Readonly<Record<Role | 'anonymous', string>>

const none = '404 NATTER_NOT_FOUND'
/** Of everybody, also of who shows no token: the routes by which one comes in, and what all may see. */
const open = (code: string): RouteRow => ({ anonymous: code, ...everybody(code) })
/** Of who is logged in, about themselves. */
const mine = (code = '200'): RouteRow => ({ ...open(code), anonymous: '401 NATTER_UNAUTHENTICATED' })
/** Of Olga's own: others are told that there is no such thing. */
const hers: RouteRow = { ...mine(none), owner: '200' }

const password = 'correct horse battery'
const another = `${password} staple`
const wrong = '401 AUTH_WRONG_CREDENTIALS'
const refused = '401 AUTH_RECOVERY_REFUSED'
const ended = '410 AUTH_FLOW_ENDED'
const failed = '502 AUTH_PROVIDER_FAILED'
const attestation = {
  response: { id: 'x', rawId: 'x', type: 'public-key', response: { clientDataJSON: 'x', attestationObject: 'x' } },
}
const passkey = 'x'.repeat(43)
const nothing = () => ({})

const comingIn: Rows<RouteRow> = {
  'auth.register': [
    { input: (_, { handle }) => ({ handle: `${handle}.two`, password, mode: 'token' }), row: open('201') },
  ],
  'auth.login': [
    {
      what: 'not knowing it',
      input: (_, { handle }) => ({ handle, password: another, mode: 'token' }),
      row: open(wrong),
    },
    { what: 'knowing it', input: (_, { handle }) => ({ handle, password, mode: 'token' }), row: open('200') },
  ],
  'auth.begin': [{ input: () => ({ method: 'passkey' }), row: open('200') }],
  'auth.verify': [{ input: () => ({ method: 'passkey', flow: 'none', input: {}, mode: 'token' }), row: open(ended) }],
  'auth.ways': [{ input: nothing, row: open('200') }],
  'auth.refresh': [{ input: () => ({ refreshToken: 'none' }), row: open('401 AUTH_SESSION_ENDED') }],
  'auth.logout': [{ input: nothing, row: open('200') }],
  'auth.recover': [
    { input: (_, { handle }) => ({ handle, code: 'none', password: another, mode: 'token' }), row: open(refused) },
  ],
  'auth.requestRecovery': [{ input: (_, { handle }) => ({ handle }), row: open('202') }],
  'auth.confirmRecovery': [{ input: () => ({ token: 'none', password: another, mode: 'token' }), row: open(refused) }],
  'auth.jwks': [{ input: nothing, row: open('200') }],
  'auth.avatar': [{ input: ({ olga, avatar }) => ({ user: olga, hash: avatar }), row: open('200') }],
  'groups.picture': [{ input: ({ group, picture }) => ({ group, picture }), row: open('200') }],
  // The provider of this town is away: that is what they are told who may go there.
  'auth.oidcStart': [{ input: () => ({ provider: 'sso' }), row: open(failed) }],
  'auth.oidcCallback': [{ input: () => ({ provider: 'sso' }), row: open('303') }],
  'auth.oidcFinish': [{ input: () => ({ mode: 'token' }), row: open(ended) }],
  'auth.oidcRegister': [{ input: (_, { handle }) => ({ handle: `${handle}.two`, mode: 'token' }), row: open(ended) }],
}

const own: Rows<RouteRow> = {
  'auth.logoutEverywhere': [{ input: () => ({ keepThis: true }), row: mine() }],
  'auth.changePassword': [
    { what: 'not knowing it', input: () => ({ current: another, password: another }), row: mine(wrong) },
    { what: 'knowing it', input: () => ({ current: password, password: another }), row: mine() },
  ],
  'auth.renewCodes': [{ input: nothing, row: mine() }],
  'auth.me': [{ input: nothing, row: mine() }],
  'auth.profile': [{ input: () => ({ name: 'Another' }), row: mine() }],
  'auth.setAvatar': [{ input: () => ({ image }), row: mine() }],
  'auth.removeAvatar': [{ input: nothing, row: mine() }],
  'auth.exportMe': [{ input: nothing, row: mine() }],
  'auth.eraseMe': [{ input: nothing, row: mine('202') }],
  'auth.devices': [{ input: nothing, row: mine() }],
  'auth.nameDevice': [
    { what: 'hers', input: ({ session }) => ({ session, name: 'x' }), row: hers },
    { what: 'mine', input: (_, { other }) => ({ session: other, name: 'x' }), row: mine() },
  ],
  'auth.revokeDevice': [
    { what: 'hers', input: ({ session }) => ({ session }), row: hers, once: true },
    { what: 'mine', input: (_, { other }) => ({ session: other }), row: mine() },
  ],
  'auth.totp': [{ input: nothing, row: mine() }],
  'auth.totpBegin': [{ input: nothing, row: mine() }],
  'auth.totpConfirm': [{ input: () => ({ code: '000000' }), row: mine(ended) }],
  'auth.totpRemove': [{ input: nothing, row: mine(none) }],
  'auth.passkeys': [{ input: nothing, row: mine() }],
  'auth.passkeyBegin': [{ input: nothing, row: mine() }],
  'auth.passkeyAdd': [{ input: () => attestation, row: mine(ended) }],
  'auth.passkeyChange': [{ input: () => ({ id: passkey, name: 'x' }), row: mine(none) }],
  'auth.passkeyRemove': [{ input: () => ({ id: passkey }), row: mine(none) }],
  'auth.oidcLink': [{ input: () => ({ provider: 'sso' }), row: mine(failed) }],
  'auth.oidcLinks': [{ input: nothing, row: mine() }],
  'auth.oidcUnlink': [{ input: () => ({ id: 'none' }), row: mine(none) }],
}

/** What everybody gets for every route. */
export const routeRows: Rows<RouteRow> = {
  ...comingIn,
  ...own,
  'auth.find': [
    {
      input: ({ handle }) => ({ handle }),
      row: { ...mine(), blocked: '404 NATTER_NOT_AVAILABLE' },
      absent: '404 NATTER_NOT_AVAILABLE',
    },
  ],
  'auth.lookup': [{ input: ({ olga }) => ({ ids: [olga] }), row: mine(), absent: '200' }],
}
