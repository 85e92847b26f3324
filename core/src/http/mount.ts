import Router from '@koa/router'
import type { Middleware, ParameterizedContext } from 'koa'
import { NatterError, isDenied } from '../contract/index.js'
import type { Awaitable, Denied, Route } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { outward } from '../gateway/error-shape.js'
import type { Principal, RouteContext } from '../kernel/context.js'
import type { Logger } from '../kernel/logger.js'
import { newId } from '../protocol/id.js'
import type { Limits } from '../protocol/limits.js'
import { cors } from './cors.js'
import { healthRoutes } from './health.js'
import type { HealthParts } from './health.js'
import { readJson } from './read-json.js'

/** A route as the kernel registered it. */
export interface MountableRoute {
  readonly route: Route
  readonly plugin: string
  readonly parse: ((input: unknown) => Awaitable<unknown>) | undefined
  readonly handler: (input: never, context: RouteContext) => Awaitable<unknown>
}

export interface MountParts {
  readonly prefix: string
  readonly limits: Limits
  readonly log: Logger
  readonly routes: readonly MountableRoute[]
  readonly health: HealthParts
  readonly origins: readonly string[] | undefined
  /** Documents served below the prefix, made on the first request: `openapi.json`, `asyncapi.json`. */
  readonly documents: Readonly<Record<string, () => unknown>>
  readonly authenticate: (
    ctx: ParameterizedContext,
    token: string | undefined,
  ) => Awaitable<Principal | Denied | undefined>
}

/**
 * What is answered here is data: a browser that opens it as a page runs and shows nothing of it, in no frame either (OWASP
 * ASVS 5.0, 3.2.1 and 3.4.6). A route that serves pages sets its own policy.
 */
const inert = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
}

/** The middleware that answers below the prefix, and nothing else. */
export function mount(parts: MountParts): Middleware {
  const router = new Router({ prefix: parts.prefix })
  healthRoutes(router, parts.health)
  for (const [name, make] of Object.entries(parts.documents)) {
    let text: string | undefined
    router.get(`/${name}`, (ctx) => {
      text ??= JSON.stringify(make())
      ctx.type = 'application/json'
      ctx.body = text
    })
  }
  for (const mountable of parts.routes) {
    const { route, plugin } = mountable
    router.register(`/${plugin}${route.path}`, [route.method], answer(parts, mountable))
  }
  const routes = router.routes()
  const share = cors(parts.origins)
  return async (ctx, next) => {
    if (ctx.path !== parts.prefix && !ctx.path.startsWith(`${parts.prefix}/`)) return next()
    const requestId = newId()
    ctx.set(inert)
    try {
      if (share(ctx)) return undefined
      let passed = false
      await routes(ctx as never, async () => {
        passed = true
      })
      if (passed || ctx.status === 404) {
        if (ctx.body === undefined || ctx.body === null) answerUnmatched(router, ctx)
      }
    } catch (error) {
      fail(parts, ctx, error, requestId)
    }
  }
}

/** The path with another method, or no such path: RFC 9110 §15.5.6 wants the methods named. */
function answerUnmatched(router: Router, ctx: Parameters<Middleware>[0]): void {
  const methods = new Set(router.match(ctx.path, ctx.method).path.flatMap((layer) => layer.methods))
  if (methods.size === 0) throw NatterErrors.NOT_FOUND()
  ctx.set('Allow', [...methods].join(', '))
  if (ctx.method !== 'OPTIONS') throw NatterErrors.METHOD_NOT_ALLOWED()
  ctx.status = 204
}

function answer(parts: MountParts, { route, parse, handler }: MountableRoute): Middleware {
  return async (ctx) => {
    const requestId = newId()
    try {
      const principal = await identify(parts, ctx, route)
      const input = parse && (await parse(await inputOf(parts, ctx, route)))
      const output = await handler(input as never, contextOf(ctx as never, principal, requestId))
      if (ctx.headerSent || ctx.respond === false) return
      if (output !== undefined) {
        ctx.set('Cache-Control', ctx.response.get('Cache-Control') || 'no-store')
        ctx.status = route.status ?? 200
        ctx.type = 'application/json'
        ctx.body = JSON.stringify(output)
      } else if (ctx.body === undefined || ctx.body === null) {
        ctx.status = route.status ?? 204
      }
    } catch (error) {
      fail(parts, ctx as never, error, requestId)
    }
  }
}

async function identify(
  parts: MountParts,
  ctx: Parameters<Middleware>[0],
  route: Route,
): Promise<Principal | undefined> {
  const bearer = /^Bearer ([\x21-\x7e]{1,4096})$/i.exec(ctx.get('Authorization'))?.[1]
  if (route.public && bearer === undefined) return undefined
  const principal = await parts.authenticate(ctx as never, bearer)
  if (isDenied(principal)) throw principal.error
  if (!principal && !route.public) throw NatterErrors.UNAUTHENTICATED()
  return principal
}

async function inputOf(parts: MountParts, ctx: Parameters<Middleware>[0], route: Route): Promise<unknown> {
  const params = (ctx as unknown as { params: Record<string, string> }).params
  if (route.method === 'GET' || route.method === 'DELETE') return { ...ctx.query, ...params }
  const limits = route.bodyBytes === undefined ? parts.limits : { ...parts.limits, frameBytes: route.bodyBytes }
  const body = await readJson(ctx.req, (ctx.request as { body?: unknown }).body, limits)
  if (body === undefined) return params
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw NatterErrors.INVALID({ message: 'The body must be a JSON object.' })
  }
  return { ...body, ...params }
}

function contextOf(ctx: ParameterizedContext, principal: Principal | undefined, requestId: string): RouteContext {
  return {
    principal,
    ctx,
    requestId,
    get user() {
      if (!principal) throw NatterErrors.UNAUTHENTICATED()
      return { id: principal.user }
    },
  }
}

function fail(parts: MountParts, ctx: Parameters<Middleware>[0], error: unknown, requestId: string): void {
  // What the host's own code raises with `ctx.throw` keeps its status, in our shape.
  const known = NatterError.is(error) ? error : httpError(error)
  const { status, shape, fault } = outward(known ?? error, requestId)
  if (fault) parts.log.error({ err: error, requestId, path: ctx.path }, 'a request failed')
  ctx.status = status
  ctx.set('Cache-Control', 'no-store')
  if (shape.retryAfterMs !== undefined) ctx.set('Retry-After', String(Math.ceil(shape.retryAfterMs / 1000)))
  if (status === 401) ctx.set('WWW-Authenticate', 'Bearer')
  ctx.body = { error: shape }
}

function httpError(error: unknown): NatterError | undefined {
  const { status, expose } = (error ?? {}) as { status?: unknown; expose?: unknown }
  if (typeof status !== 'number' || expose !== true) return undefined
  if (status === 401) return NatterErrors.UNAUTHENTICATED()
  if (status === 403) return NatterErrors.FORBIDDEN()
  if (status === 404) return NatterErrors.NOT_FOUND()
  return NatterErrors.INVALID()
}
