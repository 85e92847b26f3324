import { principalOf } from '../arriving.js'
import { sealing } from '../sealed.js'
import type { Way, WayDesk } from '../way.js'
import { Enrolments } from './enrolments.js'
import { totpRoutes } from './routes.js'

/** What `totp` takes. */
export interface TotpOptions {
  /** What authenticator apps show beside the handle. Default: `Natter`. */
  readonly issuer?: string
}

/**
 * Codes of an authenticator app (TOTP, RFC 6238) as a second factor, for who sets one up. Each code counts once.
 *
 * @example
 * auth({ authenticators: [totp({ issuer: 'Example' })] })
 */
export function totp({ issuer = 'Natter' }: TotpOptions = {}): Way {
  const opened = new WeakMap<WayDesk, Enrolments>()
  const enrolments = (desk: WayDesk): Enrolments => {
    const known = opened.get(desk) ?? new Enrolments(desk, sealing(desk.secrets.all('auth.totp')), issuer)
    opened.set(desk, known)
    return known
  }
  return {
    '~way': true,
    name: 'totp',
    answer({ route }, desk) {
      route(totpRoutes.state, (_input, { user }) => enrolments(desk()).state(user.id))
      route(totpRoutes.begin, (input, context) => enrolments(desk()).begin(principalOf(context), input))
      route(totpRoutes.confirm, ({ code }, context) => enrolments(desk()).confirm(principalOf(context), code))
      route(totpRoutes.remove, (input, context) => enrolments(desk()).remove(principalOf(context), input))
    },
    authenticator: (desk) => ({
      name: 'totp',
      role: 'second',
      enrolled: (user) => enrolments(desk).enrolled(user),
      async verify({ input: { code }, user }) {
        if (user === undefined || typeof code !== 'string' || code.length > 16) return undefined
        return (await enrolments(desk).use(user, code)) ? { user } : undefined
      },
    }),
  }
}
