import type { ParameterizedContext } from 'koa'
import { NatterErrors } from '@natter/core'
import type { PluginApi } from '@natter/core'
import { givePicture } from '@natter/core/picture'
import { arriving, principalOf } from './arriving.js'
import { AuthErrors, routes } from './contract.js'
import type * as contract from './contract.js'
import type { Desk } from './desk.js'
import { networkOf } from './limits.js'
import type { LoggedIn } from './login.js'
import type { RefreshCookie } from './refresh-cookie.js'

/** Answers the HTTP routes. */
export function answerRoutes(api: PluginApi<typeof contract>, desk: () => Desk, cookie: RefreshCookie): void {
  const { give, arrivalOf } = arriving(cookie)

  api.route(routes.register, async (input, { ctx }) =>
    give(ctx, input.mode, await desk().register(input, desk().firstPassword(input.password), arrivalOf(ctx, input))),
  )
  const entered = (ctx: ParameterizedContext, mode: 'cookie' | 'token', result: LoggedIn) =>
    'refreshToken' in result ? give(ctx, mode, result) : result.answer

  api.route(routes.login, async (input, { ctx }) =>
    entered(ctx, input.mode, await desk().login.password(input.handle, input.password, arrivalOf(ctx, input))),
  )
  api.route(routes.begin, (input, { ctx }) => desk().login.begin(input, { ip: ctx.ip }))
  api.route(routes.verify, async (input, { ctx }) =>
    entered(ctx, input.mode, await desk().login.verify(input, arrivalOf(ctx, input))),
  )
  api.route(routes.ways, () => desk().ways)
  api.route(routes.refresh, async (input, { ctx }) => {
    // A token from the body goes back into the body; one from the cookie never leaves it, whatever a script asks for.
    const mode = input.refreshToken === undefined ? 'cookie' : 'token'
    if (mode === 'cookie') cookie.guard(ctx)
    const presented = input.refreshToken ?? cookie.read(ctx)
    const renewed = presented === undefined ? undefined : await desk().sessions.renew(presented)
    if (renewed) return give(ctx, mode, await desk().arrivals.answer(renewed))
    if (presented !== undefined) {
      if (mode === 'cookie') cookie.clear(ctx)
      await desk().refreshFailures.spend(networkOf(ctx.ip))
    }
    throw AuthErrors.SESSION_ENDED()
  })
  api.route(routes.logout, async (input, { ctx, principal }) => {
    if (cookie.sent(ctx)) {
      cookie.guard(ctx)
      const kept = cookie.read(ctx)
      if (kept !== undefined) await desk().sessions.endByToken(kept)
      cookie.clear(ctx)
    }
    if (input.refreshToken !== undefined) await desk().sessions.endByToken(input.refreshToken)
    if (principal) await desk().sessions.end(principal.session, principal.user)
    return {}
  })
  api.route(routes.logoutEverywhere, async (input, context) => {
    const answer = await desk().devices.everywhere(input, principalOf(context))
    if (!input.keepThis && cookie.read(context.ctx) !== undefined) cookie.clear(context.ctx)
    return answer
  })
  api.route(routes.changePassword, (input, context) => desk().passwordChange.change(input, principalOf(context)))
  api.route(routes.recover, async (input, { ctx }) =>
    entered(ctx, input.mode, await desk().recovery.byCode(input, arrivalOf(ctx, input))),
  )
  api.route(routes.requestRecovery, async ({ handle }, { ctx }) => {
    await desk().recovery.request(handle, ctx.ip)
    return {}
  })
  api.route(routes.confirmRecovery, async (input, { ctx }) =>
    entered(ctx, input.mode, await desk().recovery.byToken(input, arrivalOf(ctx, input))),
  )
  api.route(routes.renewCodes, (input, context) => desk().passwordChange.renewCodes(input, principalOf(context)))
  api.route(routes.find, (input, { user }) => desk().questions.find(input, user.id))
  api.route(routes.lookup, (input) => desk().questions.lookup(input))
  api.route(routes.me, (_input, { user }) => desk().own.get(user.id))
  api.route(routes.profile, (input, { user }) => desk().own.setProfile(user.id, input))
  api.route(routes.setAvatar, ({ image }, { user }) => desk().own.setAvatar(user.id, image))
  api.route(routes.removeAvatar, (_input, { user }) => desk().own.removeAvatar(user.id))
  api.route(routes.avatar, async ({ user, hash }, { ctx }) => {
    const picture = await desk().pictures.find(user, hash)
    if (!picture) throw NatterErrors.NOT_FOUND()
    givePicture(ctx, picture)
  })
  api.route(routes.devices, (_input, context) => desk().devices.list(principalOf(context)))
  api.route(routes.nameDevice, (input, context) => desk().devices.rename(input, principalOf(context)))
  api.route(routes.revokeDevice, (input, context) => desk().devices.revoke(input, principalOf(context)))
  api.route(routes.jwks, () => desk().jwks)
}
