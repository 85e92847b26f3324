import type { DefaultState, ParameterizedContext } from 'koa'
import {
  Clock,
  NatterErrors,
  Users,
  connectionAuthenticate,
  definePlugin,
  newId,
  requestAuthenticate,
  userShow,
} from '@natter/core'
import type { Admission, ConnectionAttempt, Plugin, Principal } from '@natter/core'
import { deny } from '@natter/core/contract'
import type { Awaitable } from '@natter/core/contract'
import { AuthErrors, changed, find, lookup } from '../contract.js'
import { Limit } from '../limits.js'
import { originCounts } from '../origin-counts.js'
import { questions } from '../people.js'
import { hostTokens } from './host-tokens.js'
import type { HostJwt } from './host-tokens.js'
import { hostId, hostProfile } from './host-user.js'
import type { Falsy, HostProfile, HostUser } from './host-user.js'

/** How the chat asks the host who somebody is. */
export interface HostIdentityOptions<State = DefaultState> {
  /**
   * Who this request is from, by the host's own session; nothing when nobody is logged in. Asked for each connection and
   * HTTP request without a token, and every 30 s while connected. It sees what the host's middleware set
   * (`chat.attach(server, { koa: { app, use } })`).
   */
  readonly user?: (ctx: ParameterizedContext<State>) => Awaitable<HostUser | Falsy>
  /** Accepts the host's JWTs, from apps and other places without its cookie. */
  readonly jwt?: HostJwt
  /** The people with these ids; at most 200 are asked for. Who does not exist is left out. */
  readonly lookup: (ids: readonly string[]) => Awaitable<readonly HostProfile[]>
  /** The person under exactly this handle. Default: nobody is found. */
  readonly find?: (handle: string) => Awaitable<HostProfile | Falsy>
  /**
   * Further origins whose pages may use the cookie session for HTTP requests that change something, beside this site's
   * own. For connections see `createChat({ origins })`.
   */
  readonly origins?: readonly string[]
  /** Look-ups by handle per person. Default: 60 a minute. */
  readonly findLimit?: { readonly points: number; readonly windowMs: number }
}

/** The part of auth's contract that a host's identity answers: clients call it the same way. */
const contract = { find, lookup, changed }
/** The plugin that `hostIdentity` makes. */
export type HostIdentity = Plugin<'auth', typeof contract, 'clock', 'users', never>

/**
 * The host's own users, as they are: no copy, no log-in here. Instead of `auth()`. Provides the service `users`.
 *
 * If a connection brings both a token and a cookie, the token decides.
 *
 * @example
 * hostIdentity({
 *   user: (ctx) => ctx.state.user && { id: ctx.state.user.id, session: ctx.state.loginId },
 *   lookup: (ids) => users.byIds(ids),
 *   find: (handle) => users.byHandle(handle),
 * })
 */
export function hostIdentity<State = DefaultState>(options: HostIdentityOptions<State>): HostIdentity {
  check(options)
  const { user, jwt } = options
  const tokens = jwt && hostTokens(jwt)
  const active = async (who: HostUser) => !jwt?.active || (await jwt.active(who))

  return definePlugin({
    name: 'auth',
    version: '0.1.0',
    contract,
    needs: { clock: Clock },
    provides: [Users],
    setup(api, { clock }) {
      const users: Users = {
        lookup: async (ids) => (await options.lookup(ids)).map(hostProfile),
        async find(handle) {
          const found = await options.find?.(handle)
          return found ? hostProfile(found) : undefined
        },
        exists: async (id) => (await options.lookup([id])).some((person) => String(person.id) === id),
      }
      api.provide(Users, () => users)
      const limit = new Limit(options.findLimit ?? { points: 60, windowMs: 60_000 })
      const asked = questions(users, limit, api.runner(userShow))
      api.command(find, (input, context) => asked.find(input, context.user.id))
      api.command(lookup, (input) => asked.lookup(input))

      const byToken = async (token: string) => {
        const who = await tokens?.verify(token, clock.now())
        return who && (await active(who)) ? who : undefined
      }
      const byContext = async (ctx: ParameterizedContext | undefined) =>
        ctx && user ? (await user(ctx as ParameterizedContext<State>)) || undefined : undefined

      api.hook(connectionAuthenticate, async (attempt) => {
        const { token, device } = attempt
        if (token !== undefined) {
          const who = await byToken(token)
          return who && admit(who, device, () => active(who))
        }
        const who = await byContext(attempt.koa)
        return who && admit(who, device, () => stillThere(who, attempt, byContext))
      })
      api.hook(requestAuthenticate, async ({ token, koa }) => {
        const who = token === undefined ? await byContext(koa) : await byToken(token)
        if (who && token === undefined && !safe.has(koa.method) && !originCounts(koa, options.origins ?? [])) {
          return deny(AuthErrors.ORIGIN_REFUSED)
        }
        return who && principalOf(who, undefined)
      })
    },
  })() as HostIdentity
}

const callbacks = ['user', 'lookup', 'find'] as const

/** For those without a type checker, at once and not at the first log-in. */
function check(options: HostIdentityOptions<never> | undefined): void {
  const wrong = (message: string) => NatterErrors.CONFIG_INVALID({ message: `hostIdentity: ${message}` })
  if (!options?.user && !options?.jwt) throw wrong('give "user", "jwt", or both.')
  if (!options.lookup) throw wrong('give "lookup": it tells the names of the people with these ids.')
  const stray = callbacks.find((name) => options[name] !== undefined && typeof options[name] !== 'function')
  if (stray) throw wrong(`"${stray}" is ${typeof options[stray]}; it must be a function.`)
}

/** Methods that change nothing (RFC 9110 §9.2.1). */
const safe = new Set(['GET', 'HEAD', 'OPTIONS'])

const admit = (who: HostUser, device: string | undefined, revalidate: () => Promise<boolean>): Admission => ({
  ...principalOf(who, device),
  revalidate,
})

function principalOf(who: HostUser, device: string | undefined): Principal {
  const user = hostId(who.id, 'user id')
  const session = who.session === undefined ? 'host' : hostId(who.session, 'session id')
  return { user, session, device: device ?? newId() }
}

/** Whether the same person is still logged in, in the same session, asked anew of the host. */
async function stillThere(
  who: HostUser,
  attempt: ConnectionAttempt,
  ask: (ctx: ParameterizedContext | undefined) => Promise<HostUser | undefined>,
): Promise<boolean> {
  const ctx = attempt.again ? await attempt.again() : attempt.koa
  const now = await ask(ctx)
  return now !== undefined && String(now.id) === String(who.id) && String(now.session) === String(who.session)
}
