import type { ParameterizedContext } from 'koa'

const methods = 'GET, POST, PUT, PATCH, DELETE'

/**
 * Cross-origin access for listed origins only, exactly, never `*`. True when it answered a preflight.
 * Source: the Fetch standard, "CORS protocol".
 */
export function cors(origins: readonly string[] | undefined): (ctx: ParameterizedContext) => boolean {
  if (!origins || origins.length === 0) return () => false
  return (ctx) => {
    ctx.vary('Origin')
    const origin = ctx.get('Origin')
    if (origin === '' || !origins.includes(origin)) return false
    ctx.set('Access-Control-Allow-Origin', origin)
    ctx.set('Access-Control-Allow-Credentials', 'true')
    if (ctx.method !== 'OPTIONS' || ctx.get('Access-Control-Request-Method') === '') return false
    ctx.set('Access-Control-Allow-Methods', methods)
    ctx.set('Access-Control-Allow-Headers', 'Authorization, Content-Type')
    ctx.set('Access-Control-Max-Age', '600')
    ctx.status = 204
    return true
  }
}
