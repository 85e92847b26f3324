import type { ParameterizedContext } from 'koa'
import { NatterErrors } from '@natter/core'

/** Path of auth's routes, as the browser sees it: the host may have mounted the chat below a path of its own. */
export function authPath(ctx: ParameterizedContext): string {
  const path = ctx.originalUrl.split('?')[0]!
  return path.slice(0, path.indexOf('/auth/oidc/') + '/auth'.length)
}

/** Where the provider sends the browser back to. `url` is the host's setting; else the request tells. */
export function redirectUri(ctx: ParameterizedContext, url: string | undefined, provider: string): string {
  const end = `/oidc/callback/${provider}`
  if (url !== undefined) return `${url}/auth${end}`
  // Behind a proxy that ends TLS, a page of this same host knows the scheme better.
  const page = ctx.get('Origin')
  const here = URL.canParse(page) && new URL(page).host === ctx.host ? page : `${ctx.protocol}://${ctx.host}`
  return `${here}${authPath(ctx)}${end}`
}

/** The address of a path on the site of the page that asks, and on no other. @throws NATTER_INVALID */
export function ownAddress(ctx: ParameterizedContext, path: string): string {
  const origin = ctx.get('Origin')
  const url = path.startsWith('/') && URL.canParse(path, origin) ? new URL(path, origin) : undefined
  if (url?.origin !== origin)
    throw NatterErrors.INVALID({ message: 'returnTo must be a path of this site, like /settings.' })
  url.hash = ''
  return url.href
}
