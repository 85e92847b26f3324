import type { Chat } from '@natter/core'
import type { Middleware } from 'koa'

/** `/healthz` and `/readyz` at the root, where orchestrators look; the chat has them below its prefix too. */
export function healthAtRoot(chat: Pick<Chat, 'ready'>): Middleware {
  return async (ctx, next) => {
    if (ctx.path !== '/healthz' && ctx.path !== '/readyz') return next()
    const ready = ctx.path === '/healthz' || (await chat.ready())
    ctx.set({ 'Cache-Control': 'no-store', 'X-Content-Type-Options': 'nosniff' })
    ctx.status = ready ? 200 : 503
    ctx.body = { status: ready ? 'ok' : 'unready' }
  }
}
