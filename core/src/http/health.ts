import type { Middleware } from 'koa'
import type Router from '@koa/router'

export interface HealthParts {
  /** Whether new connections are let in. */
  readonly accepting: () => boolean
  /** Resolves when the store takes a write now. */
  readonly probe: () => Promise<void>
}

/** `healthz`: the process answers. `readyz`: it takes connections and its store takes writes. */
export function healthRoutes(router: Router, parts: HealthParts): void {
  router.get('/healthz', healthz)
  router.get('/readyz', readyz(parts))
}

/** Answers 200 while the process runs. */
export const healthz: Middleware = (ctx) => {
  ctx.set('Cache-Control', 'no-store')
  ctx.body = { status: 'ok' }
}

/** Answers 200 while connections are taken and the store takes writes; 503 with the reason otherwise. */
export function readyz({ accepting, probe }: HealthParts): Middleware {
  return async (ctx) => {
    ctx.set('Cache-Control', 'no-store')
    const reason = accepting() ? await probe().then(undefined, () => 'storage') : 'draining'
    ctx.status = reason ? 503 : 200
    ctx.body = reason ? { status: 'unready', reason } : { status: 'ok' }
  }
}
