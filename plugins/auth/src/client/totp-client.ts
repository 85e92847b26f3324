/** `@natter/auth/totp/client`: setting up an authenticator app, and giving its codes. */
import type { Proof } from '../fresh-proof.js'
import type { totpRoutes } from '../totp/routes.js'
import type { LoginAnswer } from '../contract.js'
import type { AuthSession } from './auth-session.js'
import type { RouteOutput } from './request.js'

type Out<K extends keyof typeof totpRoutes> = RouteOutput<(typeof totpRoutes)[K]>

/**
 * Typed calls for an authenticator app. What changes it needs a log-in of the last ten minutes, or `password` (and `code`, once it is
 * set up); else it rejects with `AUTH_PROOF_NEEDED`.
 *
 * @example
 * const app = totpClient(session)
 * const { uri, secret } = await app.begin() // show them, as a QR code and as text
 * await app.confirm('123456')
 */
export const totpClient = ({ ask, enter }: Pick<AuthSession, 'ask' | 'enter'>) => ({
  state: () => ask<Out<'state'>>('GET', '/totp'),
  begin: (proof: Proof = {}) => ask<Out<'begin'>>('POST', '/totp', proof),
  async confirm(code: string): Promise<void> {
    await ask('POST', '/totp/confirm', { code })
  },
  async remove(proof: Proof = {}): Promise<void> {
    await ask('POST', '/totp/remove', proof)
  },
  /** Goes on with a log-in that answered `status: 'factor'`. `recovery`: the code is a one-time recovery code. */
  verify: (flow: string, code: string, options: { readonly recovery?: boolean } = {}) =>
    enter<LoginAnswer>('/login/verify', {
      method: options.recovery ? 'recovery-code' : 'totp',
      flow,
      input: { code },
    }),
})
