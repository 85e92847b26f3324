import { existsSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { send } from '@koa/send'
import type { Middleware, ParameterizedContext } from 'koa'
import { StartError } from './stop-readably.js'

const built = fileURLToPath(new URL('../build/web', import.meta.url))

/** Nothing but what this server itself serves, and nothing written into the page. */
const policy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "font-src 'self'",
  "img-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ')

const headers = {
  'Content-Security-Policy': policy,
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
}

/**
 * Serves the built web app. Files under `assets/` carry a hash of their content in their names and are kept for good; the
 * others are asked for anew each time.
 *
 * @throws StartError when it is not built.
 */
export function webApp(): Middleware {
  if (!existsSync(`${built}/index.html`)) throw new StartError('The web app is not built. Build it: npm run build')
  return async (ctx) => {
    ctx.set(headers)
    if (ctx.method !== 'GET' && ctx.method !== 'HEAD') return ctx.throw(405, { headers: { Allow: 'GET, HEAD' } })
    ctx.set('Cache-Control', ctx.path.startsWith('/assets/') ? 'public, max-age=31536000, immutable' : 'no-cache')
    ctx.vary('Accept-Encoding')
    await file(ctx)
    if (ctx.fresh) ctx.status = 304
  }
}

async function file(ctx: ParameterizedContext): Promise<void> {
  try {
    await send(ctx, ctx.path, { root: built, index: 'index.html', format: false })
  } catch (error) {
    if ((error as { status?: unknown }).status === 500) throw error
  }
  if (ctx.body) return
  ctx.set('Cache-Control', 'no-store')
  ctx.status = 404
  ctx.body = 'Nothing lives here.\n'
}
