import type { ParameterizedContext } from 'koa'

export interface CookieScope {
  readonly path: string
  readonly maxAgeSeconds: number
  readonly sameSite: 'Strict' | 'Lax'
}
/** A cookie that no script reads. */
export interface NamedCookie {
  read(ctx: ParameterizedContext): string | undefined
  /** Whether one came along, also one that does not count. */
  sent(ctx: ParameterizedContext): boolean
  write(ctx: ParameterizedContext, value: string, scope: CookieScope): void
}

/**
 * Over TLS it is `Secure`, and named so that browsers take it from TLS only (RFC 6265bis §4.1.3.1, `__Secure-`): nobody
 * on the way can put one of their own in its place. `__Host-` would need the path `/`, and then two chats of one host
 * would overwrite each other's.
 */
export function namedCookie(name: string): NamedCookie {
  const safeName = `__Secure-${name}`
  return {
    read: (ctx) => ctx.cookies.get(safeName) ?? (overTls(ctx) ? undefined : ctx.cookies.get(name)),
    sent: (ctx) => (ctx.cookies.get(safeName) ?? ctx.cookies.get(name)) !== undefined,
    write(ctx, value, { path, maxAgeSeconds, sameSite }) {
      const safe = overTls(ctx)
      const attributes = [`Path=${path}`, `Max-Age=${maxAgeSeconds}`, 'HttpOnly', `SameSite=${sameSite}`]
      const line = [`${safe ? safeName : name}=${value}`, ...attributes, ...(safe ? ['Secure'] : [])]
      ctx.append('Set-Cookie', line.join('; '))
    },
  }
}

/** Behind a proxy that ends TLS, the page knows the scheme better than the request. */
const overTls = (ctx: ParameterizedContext) => ctx.secure || ctx.get('Origin').startsWith('https:')
