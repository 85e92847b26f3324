import { clientPlugin } from '@natter/client'
import type * as contract from '../contract.js'

/**
 * Typed calls of `auth` for a connected client: `chat.auth.find({ handle })`, `chat.auth.devices()`, …
 *
 * @example
 * const chat = createClient({ url, token: session.token, plugins: [auth()] })
 * chat.on('auth.changed', (profile) => people.set(profile.id, profile))
 */
export const auth = clientPlugin<typeof contract>('auth', {
  find: 'idempotent',
  lookup: 'idempotent',
  me: 'idempotent',
  profile: 'idempotent',
  devices: 'idempotent',
  nameDevice: 'idempotent',
  revokeDevice: 'idempotent',
  logoutEverywhere: 'idempotent',
  changePassword: 1,
})
