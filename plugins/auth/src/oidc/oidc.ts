import type { ParameterizedContext } from 'koa'
import { NatterErrors } from '@natter/core'
import type { RouteContext } from '@natter/core'
import { principalOf } from '../arriving.js'
import { AuthErrors } from '../contract.js'
import { networkOf } from '../limits.js'
import type { Way, WayDesk, WayRoutes } from '../way.js'
import { authPath, ownAddress, redirectUri } from './addresses.js'
import { Links } from './links.js'
import { readOptions } from './options.js'
import type { OidcOptions } from './options.js'
import { ProviderClient } from './provider-client.js'
import { oidcRoutes } from './routes.js'
import { visitCookie } from './visit-cookie.js'
import { visitMs, Visits } from './visits.js'
import type { Linking, Outcome } from './visits.js'

/**
 * Logs people in with an account elsewhere: OpenID Connect, authorization code flow with PKCE. Who is known by issuer and subject
 * logs in; others choose a handle for a new account, or link it to theirs while logged in. Mail addresses join nothing.
 *
 * @throws NATTER_CONFIG_INVALID
 * @example
 * auth({ authenticators: [oidc({ providers: [{ id: 'example', name: 'Example', issuer, clientId, clientSecret }] })] })
 */
export function oidc(options: OidcOptions): Way {
  const { providers, url } = readOptions(options)
  const clients = new Map(providers.map((provider) => [provider.id, new ProviderClient(provider)]))
  const visitsOf = ({ ceremonies, clock, log }: WayDesk) => new Visits({ clients, ceremonies, clock, log })
  const linksOf = ({ credentials, accounts, clock }: WayDesk) => new Links({ rows: credentials, accounts, clock })

  return {
    '~way': true,
    name: 'oidc',
    providers: providers.map(({ id, name }) => ({ id, name })),
    logsIn: (row) => row.method === 'oidc' && clients.has(row.secret),
    answer({ route, cookie, give, arrivalOf }: WayRoutes, desk) {
      async function begin(
        ctx: ParameterizedContext,
        input: { provider: string; returnTo: string },
        linking?: Linking,
      ) {
        const returnTo = ownAddress(ctx, input.returnTo)
        await desk().perNetwork.spend(networkOf(ctx.ip))
        if (!clients.has(input.provider)) throw AuthErrors.METHOD_UNKNOWN()
        const browser = visitCookie.give(ctx, authPath(ctx), visitMs)
        const back = redirectUri(ctx, url, input.provider)
        const begun = { browser, redirectUri: back, returnTo, ...(linking ? { linking } : {}) }
        return visitsOf(desk()).begin(input.provider, begun)
      }

      async function link(context: RouteContext, outcome: Outcome & { browser: string }, { user, session }: Linking) {
        const { principal } = context
        if (principal?.session !== session) throw NatterErrors.UNAUTHENTICATED()
        await visitsOf(desk()).use(outcome)
        const added = await linksOf(desk()).add(user, outcome.provider, outcome.identity)
        if (!added) throw AuthErrors.FACTOR_EXISTS({ message: 'This is linked to an account already.' })
        await desk().perNetwork.forgive(networkOf(context.ctx.ip))
        desk().log.info({ user, way: 'oidc', provider: outcome.provider }, 'a way to log in was added')
        return { status: 'linked' as const, provider: outcome.provider }
      }

      route(oidcRoutes.start, (input, { ctx }) => {
        cookie.guard(ctx)
        return begin(ctx, input)
      })
      route(oidcRoutes.link, async (input, context) => {
        const { user, session } = principalOf(context)
        cookie.guard(context.ctx)
        await desk().fresh.confirm(principalOf(context), input)
        return begin(context.ctx, input, { user, session })
      })
      route(oidcRoutes.callback, async ({ provider }, { ctx }) => {
        const returned = await visitsOf(desk()).answered(provider, ctx.querystring, visitCookie.read(ctx))
        ctx.set('Cache-Control', 'no-store')
        ctx.set('Referrer-Policy', 'no-referrer')
        ctx.status = 303
        ctx.redirect(`${returned.returnTo ?? '/'}#natter-oidc${returned.failed ? `=${returned.failed}` : ''}`)
      })
      route(oidcRoutes.finish, async (input, context) => {
        const { ctx } = context
        cookie.guard(ctx)
        const outcome = await visitsOf(desk()).outcome(visitCookie.read(ctx))
        const { provider, identity, expiresAt } = outcome
        if (outcome.linking) {
          const linked = await link(context, outcome, outcome.linking)
          visitCookie.clear(ctx, authPath(ctx))
          return linked
        }
        const account = await linksOf(desk()).account(identity)
        if (!account) {
          const { name, handle } = identity
          return {
            status: 'new' as const,
            provider,
            expiresAt,
            ...(name ? { name } : {}),
            ...(handle ? { handle } : {}),
          }
        }
        await visitsOf(desk()).use(outcome)
        visitCookie.clear(ctx, authPath(ctx))
        const result = await desk().login.proved('oidc', { user: account.id }, arrivalOf(ctx, input))
        await desk().perNetwork.forgive(networkOf(ctx.ip))
        return 'refreshToken' in result ? give(ctx, input.mode, result) : result.answer
      })
      route(oidcRoutes.register, async (input, { ctx }) => {
        cookie.guard(ctx)
        const outcome = await visitsOf(desk()).outcome(visitCookie.read(ctx))
        if (outcome.linking) throw AuthErrors.FLOW_ENDED()
        const way = linksOf(desk()).first(outcome.provider, outcome.identity)
        const registered = await desk().register(input, way, arrivalOf(ctx, input))
        await visitsOf(desk()).forget(outcome)
        await desk().perNetwork.forgive(networkOf(ctx.ip))
        visitCookie.clear(ctx, authPath(ctx))
        return give(ctx, input.mode, registered)
      })
      route(oidcRoutes.links, (_input, { user }) => linksOf(desk()).of(user.id))
      route(oidcRoutes.unlink, async ({ id, ...proof }, context) => {
        await desk().fresh.confirm(principalOf(context), proof)
        const { user } = principalOf(context)
        await desk().waysIn.remove(user, 'oidc', id)
        desk().log.info({ user, way: 'oidc', id }, 'a way to log in was removed')
        return {}
      })
    },
  }
}
