import type { ParameterizedContext } from 'koa'
import { NatterErrors } from '@natter/core'
import type { Principal, RouteContext } from '@natter/core'
import type { Arrival, Arrived } from './arrivals.js'
import type { SessionAnswer } from './contract.js'
import { deviceName } from './device-name.js'
import type { RefreshCookie } from './refresh-cookie.js'

/** What a request says about who arrives. */
export interface Arriving {
  readonly mode: 'cookie' | 'token'
  readonly device?: { readonly id?: string | undefined; readonly name?: string | undefined } | undefined
}

/** How routes that log people in read a request and give the session away. */
export const arriving = (cookie: RefreshCookie) => ({
  /** Puts the refresh token where it belongs: into the cookie or into the answer, never both. */
  give<T extends SessionAnswer>(
    ctx: ParameterizedContext,
    mode: 'cookie' | 'token',
    { answer, refreshToken, refreshExpiresAt }: Omit<Arrived, 'answer'> & { readonly answer: T },
  ): T {
    if (mode === 'token') return { ...answer, refreshToken }
    cookie.write(ctx, refreshToken, refreshExpiresAt)
    return answer
  },
  /** @throws AUTH_ORIGIN_REFUSED */
  arrivalOf(ctx: ParameterizedContext, { mode, device }: Arriving): Arrival {
    if (mode === 'cookie') cookie.guard(ctx)
    return {
      ip: ctx.ip,
      replaces: mode === 'cookie' ? cookie.read(ctx) : undefined,
      device: { id: device?.id, name: device?.name?.trim() || deviceName(ctx.get('User-Agent')) },
    }
  },
})

/** Who asks. @throws NATTER_UNAUTHENTICATED */
export function principalOf({ principal }: RouteContext): Principal {
  if (!principal) throw NatterErrors.UNAUTHENTICATED()
  return principal
}
