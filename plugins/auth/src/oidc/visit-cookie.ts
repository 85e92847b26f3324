import { randomBytes } from 'node:crypto'
import type { ParameterizedContext } from 'koa'
import { namedCookie } from '../named-cookie.js'

const kept = namedCookie('natter_oidc')

/**
 * Ties a visit to the browser that began it: nobody can have another person's browser end a visit of their own. `Lax`,
 * because it must come along when the provider sends the browser back.
 */
export const visitCookie = {
  read: kept.read,
  /** A new one for every visit. */
  give(ctx: ParameterizedContext, path: string, lifeMs: number): string {
    const value = randomBytes(32).toString('base64url')
    set(ctx, path, value, lifeMs / 1_000)
    return value
  },
  clear: (ctx: ParameterizedContext, path: string): void => set(ctx, path, '', 0),
}

function set(ctx: ParameterizedContext, path: string, value: string, maxAgeSeconds: number): void {
  kept.write(ctx, value, { path: `${path}/oidc`, maxAgeSeconds, sameSite: 'Lax' })
}
