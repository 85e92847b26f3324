/** `@natter/auth/passkeys/client`: passkeys in a browser. */
import type { LoginAnswer } from '../contract.js'
import type { Proof } from '../fresh-proof.js'
import type { passkeyRoutes } from '../passkeys/routes.js'
import type { AuthSession } from './auth-session.js'
import type { RouteOutput } from './request.js'
import { createCredential, getCredential, webAuthnThere } from './web-authn.js'

type Out<K extends keyof typeof passkeyRoutes> = RouteOutput<(typeof passkeyRoutes)[K]>
interface Stoppable {
  /** Takes the browser's question away. */
  readonly signal?: AbortSignal
}

/**
 * Typed calls for passkeys. What changes them needs a log-in of the last ten minutes, or `password` (and `code`, where a log-in would
 * ask for one); else it rejects with `AUTH_PROOF_NEEDED`. When the person says no: `AUTH_PASSKEY_CANCELLED`.
 *
 * @example
 * const keys = passkeysClient(session)
 * if (keys.supported()) await keys.add({ name: 'Laptop' })
 * const entered = await keys.logIn()
 */
export function passkeysClient({ ask, begin, enter }: Pick<AuthSession, 'ask' | 'begin' | 'enter'>) {
  return {
    /** Whether this browser can do it, on this page. */
    supported: webAuthnThere,
    /** Logs in without a handle; or, with the `flow` of a log-in that answered `status: 'factor'`, goes on with that. */
    async logIn({ flow, signal }: Stoppable & { readonly flow?: string } = {}) {
      const begun = await begin({ method: 'passkey', ...(flow === undefined ? {} : { flow }) })
      const response = await getCredential(begun.challenge as object, signal)
      return enter<LoginAnswer>('/login/verify', { method: 'passkey', flow: begun.flow, input: { response } })
    },
    list: async () => (await ask<Out<'list'>>('GET', '/passkeys')).passkeys,
    /** `second`: for a key that only follows the password. */
    async add({
      name,
      signal,
      ...more
    }: Proof & Stoppable & { readonly name?: string; readonly second?: boolean } = {}) {
      const { options } = await ask<Out<'begin'>>('POST', '/passkey-options', more)
      const response = await createCredential(options, signal)
      return ask<Out<'add'>>('POST', '/passkeys', { response, ...(name === undefined ? {} : { name }) })
    },
    change: (id: string, change: Proof & { readonly name?: string; readonly second?: boolean }) =>
      ask<Out<'change'>>('PATCH', `/passkeys/${id}`, change),
    async remove(id: string, proof: Proof = {}): Promise<void> {
      await ask('POST', `/passkeys/${id}/remove`, proof)
    },
  }
}
