import type { ParameterizedContext } from 'koa'
import { AuthErrors } from './contract.js'
import { namedCookie } from './named-cookie.js'
import { originCounts } from './origin-counts.js'

const kept = namedCookie('natter_refresh')

/** The cookie that holds a browser's refresh token: out of reach of scripts and of other sites, sent to auth's routes only. */
export interface RefreshCookie {
  read(ctx: ParameterizedContext): string | undefined
  /** Whether one came along, also one that does not count. */
  sent(ctx: ParameterizedContext): boolean
  write(ctx: ParameterizedContext, token: string, expiresAt: number): void
  clear(ctx: ParameterizedContext): void
  /**
   * A cookie counts only in a request from this site, or from an origin that the host listed.
   * @throws AUTH_ORIGIN_REFUSED
   */
  guard(ctx: ParameterizedContext): void
}

export function refreshCookie(options: {
  /** Further origins whose cookies count, exactly as browsers send them. */
  readonly origins: readonly string[]
  readonly now: () => number
}): RefreshCookie {
  const set = (ctx: ParameterizedContext, value: string, maxAgeSeconds: number) =>
    kept.write(ctx, value, { path: pathOf(ctx), maxAgeSeconds, sameSite: 'Strict' })
  return {
    read: kept.read,
    sent: kept.sent,
    write: (ctx, token, expiresAt) => set(ctx, token, Math.max(0, Math.floor((expiresAt - options.now()) / 1_000))),
    clear: (ctx) => set(ctx, '', 0),
    guard(ctx) {
      if (!originCounts(ctx, options.origins)) throw AuthErrors.ORIGIN_REFUSED()
    },
  }
}

/** Where the plugin's routes are, as the browser sees it: the host may have mounted the chat below a path of its own. */
function pathOf(ctx: ParameterizedContext): string {
  const path = ctx.originalUrl.split('?')[0]!
  const end = path.lastIndexOf('/auth/')
  return path.slice(0, end + '/auth'.length)
}
