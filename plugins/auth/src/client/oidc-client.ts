/** `@natter/auth/oidc/client`: logging in with an account elsewhere, in a browser. */
import type { Proof } from '../fresh-proof.js'
import type { oidcRoutes } from '../oidc/routes.js'
import type { AuthSession } from './auth-session.js'
import type { RouteOutput } from './request.js'

type Out<K extends keyof typeof oidcRoutes> = RouteOutput<(typeof oidcRoutes)[K]>
interface Page {
  readonly location: { hash: string; pathname: string; search: string; assign(url: string): void }
  readonly history: { readonly state: unknown; replaceState(state: unknown, unused: string, url: string): void }
}
/** What the client half of OpenID Connect takes. */
export interface OidcClientOptions {
  /** Default: the browser's. */
  readonly page?: Page
}

const marker = '#natter-oidc'

/**
 * Typed calls for accounts elsewhere. The browser leaves the page at `start` and `link`, and comes back to `returnTo`, where `returned`
 * tells that it did.
 *
 * @example
 * const elsewhere = oidcClient(session)
 * const back = elsewhere.returned() // when the page is loaded
 * if (back?.error) show(back.error)
 * else if (back) {
 *   const answer = await elsewhere.finish()
 *   if (answer.status === 'new') await elsewhere.register({ handle: await askForHandle(answer.handle) })
 * }
 * button.onclick = () => elsewhere.start('example')
 */
export function oidcClient(
  { account, ask, enter }: Pick<AuthSession, 'account' | 'ask' | 'enter'>,
  options: OidcClientOptions = {},
) {
  const page = () => options.page ?? (globalThis as unknown as Page)
  const here = () => page().location.pathname + page().location.search
  const visit = async (path: string, anonymous: boolean, input: object) => {
    const { url } = await ask<Out<'start'>>('POST', path, input, { anonymous, cookie: true })
    page().location.assign(url)
  }
  return {
    /** Goes to the provider to log in. `returnTo`: a path of this site. Default: this page. */
    start: (provider: string, returnTo = here()): Promise<void> => visit('/oidc/start', true, { provider, returnTo }),
    /** Goes to the provider to link an account there with the one that is logged in here. */
    link: (
      provider: string,
      { returnTo = here(), ...proof }: Proof & { readonly returnTo?: string } = {},
    ): Promise<void> => visit('/oidc/link', false, { provider, returnTo, ...proof }),
    /** Whether the browser just came back, once; with the code of an error when it was for nothing. */
    returned(): { readonly error?: string } | undefined {
      const { location, history } = page()
      const { hash } = location
      if (hash !== marker && !hash.startsWith(`${marker}=`)) return undefined
      history.replaceState(history.state, '', here())
      return hash === marker ? {} : { error: hash.slice(marker.length + 1) }
    },
    /**
     * What came of it: a session, `factor` (go on with `verify`), `new` (go on with `register`), or `linked`. For a link call
     * `session.resume()` first.
     */
    finish: () => enter<Out<'finish'>>('/oidc/finish', {}, { anonymous: account.get() === undefined, cookie: true }),
    /** Makes an account. The answer has the recovery codes, which are shown this once. */
    register: (input: { readonly handle: string; readonly name?: string }) =>
      enter<Out<'register'>>('/oidc/register', input, { cookie: true }),
    links: async () => (await ask<Out<'links'>>('GET', '/oidc/links')).links,
    async unlink(id: string, proof: Proof = {}): Promise<void> {
      await ask('POST', `/oidc/links/${id}/remove`, proof)
    },
  }
}
