import { principalOf } from '../arriving.js'
import type { Way, WayDesk } from '../way.js'
import { passkeyAuthenticator } from './assertions.js'
import { PasskeyBook, startsLogIn } from './passkey-book.js'
import { Registrations } from './registrations.js'
import { relyingParty } from './relying-party.js'
import type { PasskeysOptions } from './relying-party.js'
import { passkeyRoutes } from './routes.js'

/**
 * Passkeys and security keys (WebAuthn Level 3): as the only proof, without a handle, or after the password.
 *
 * @throws NATTER_CONFIG_INVALID
 * @example
 * auth({ authenticators: [passkeys({ rpName: 'Example', origins: ['https://chat.example.org'] })] })
 */
export function passkeys(options: PasskeysOptions): Way {
  const party = relyingParty(options)
  const bookOf = ({ credentials, clock }: WayDesk) => new PasskeyBook(credentials, clock)
  const registrations = (desk: WayDesk) => new Registrations(desk, bookOf(desk), party)
  return {
    '~way': true,
    name: 'passkey',
    logsIn: startsLogIn,
    answer({ route }, desk) {
      route(passkeyRoutes.list, (_input, { user }) => registrations(desk()).list(user.id))
      route(passkeyRoutes.begin, (input, context) => registrations(desk()).begin(principalOf(context), input))
      route(passkeyRoutes.add, (input, context) => registrations(desk()).add(principalOf(context), input))
      route(passkeyRoutes.change, (input, context) => registrations(desk()).change(principalOf(context), input))
      route(passkeyRoutes.remove, (input, context) => registrations(desk()).remove(principalOf(context), input))
    },
    authenticator: (desk) => passkeyAuthenticator(bookOf(desk), party, desk.log),
  }
}
