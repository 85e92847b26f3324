import type { Readable } from '@natter/client'
import type * as contract from '../contract.js'
import { observable } from './observable.js'
import { defaultStorage, exclusive, inBrowser } from './platform.js'
import type { SessionStorage } from './platform.js'
import { request, RequestError } from './request.js'
import type { Fetch, RequestOptions, RouteInput, RouteOutput } from './request.js'

type Routes = typeof contract.routes
type In<K extends keyof Routes> = Omit<RouteInput<Routes[K]>, 'mode' | 'device' | 'refreshToken'>
type Out<K extends keyof Routes> = RouteOutput<Routes[K]>

/** Who is logged in here. */
export interface LoggedIn {
  readonly user: contract.OwnAccount
  readonly device: string
  readonly session: string
}
/** An answer as it comes from `enter`: where it brings a session, who is logged in then, and the recovery codes of a new account. */
export type Entered<T extends { readonly status: string }> =
  Exclude<T, { readonly status: 'ok' }> | ({ readonly status: 'ok'; readonly codes?: readonly string[] } & LoggedIn)
/** How a request is made: without a token, or with the refresh cookie; and whether the answer is a text that is no JSON. */
export interface AskOptions {
  readonly anonymous?: boolean
  readonly cookie?: boolean
  readonly text?: boolean
}
/** What `authSession` takes. */
export interface AuthSessionOptions {
  /** The chat's address, as given to `createClient`: `/chat`, or `https://example.org/chat`. */
  readonly url: string
  /** Default: the platform's. */
  readonly fetch?: Fetch
  /**
   * `cookie`: the refresh token is an HttpOnly cookie that no script can read. `token`: it is kept in `storage`.
   * Default: `cookie` in a browser, else `token`.
   */
  readonly mode?: 'cookie' | 'token'
  /** Default: `localStorage` in a browser, else memory. */
  readonly storage?: SessionStorage
  /** What people call this device. Default: the server names it by the user agent. */
  readonly deviceName?: string
  /** ms since 1970. Default: `Date.now`. */
  readonly now?: () => number
}

/** A person's log-in on this device, kept alive. The access token lives in memory only. */
export interface AuthSession {
  /** Who is logged in, or `undefined`. */
  readonly account: Readable<LoggedIn | undefined>
  /**
   * For `createClient({ token })`: an access token that is good for at least half a minute, renewed when needed.
   * @throws AUTH_SESSION_ENDED when nobody is logged in.
   */
  readonly token: (request?: { readonly reason?: string }) => Promise<string>
  /** Picks up an earlier log-in of this device; answers who it is, or nothing. */
  resume(): Promise<LoggedIn | undefined>
  /** Makes an account. The answer has the recovery codes, which are shown this once. */
  register(input: In<'register'>): Promise<LoggedIn & { readonly codes: readonly string[] }>
  /** Logs in. `status: 'factor'`: go on with `verify`. */
  login(input: In<'login'>): Promise<({ readonly status: 'ok' } & LoggedIn) | contract.FactorAnswer>
  /** What this server offers beside the password. */
  ways(): Promise<Out<'ways'>>
  begin(input: In<'begin'>): Promise<Out<'begin'>>
  verify(input: In<'verify'>): Promise<({ readonly status: 'ok' } & LoggedIn) | contract.FactorAnswer>
  /** Gets back in with a one-time code, and sets a new password. `status: 'factor'`: go on with `verify`. */
  recover(input: In<'recover'>): Promise<({ readonly status: 'ok' } & LoggedIn) | contract.FactorAnswer>
  requestRecovery(input: In<'requestRecovery'>): Promise<void>
  /** The same with the token of a recovery link. */
  confirmRecovery(input: In<'confirmRecovery'>): Promise<({ readonly status: 'ok' } & LoggedIn) | contract.FactorAnswer>
  changePassword(input: In<'changePassword'>): Promise<void>
  renewCodes(input: In<'renewCodes'>): Promise<readonly string[]>
  /** PNG, JPEG, WebP or GIF of at most 64 KiB. */
  setAvatar(image: Uint8Array | Blob): Promise<contract.OwnAccount>
  removeAvatar(): Promise<contract.OwnAccount>
  /** Takes over a change of the own profile that came another way, for example as the event `auth.changed`. */
  changed(profile: { readonly id: string; readonly name: string; readonly avatar?: string | undefined }): void
  /** Logs this device out, here and on the server. */
  logout(): Promise<void>
  logoutEverywhere(input?: { readonly keepThis?: boolean }): Promise<void>
  /** All that the server holds of me, as lines of JSON: `{ part, item }`. */
  exportMe(proof?: In<'exportMe'>): Promise<string>
  /** Removes my account and all that the server holds of me, and forgets the log-in here. It cannot be taken back. */
  eraseMe(proof?: In<'eraseMe'>): Promise<void>
  /**
   * A request to a route below `<prefix>/auth`, with the access token unless `anonymous`, and with cookies also in mode `token`
   * where `cookie` says so. The clients of further ways to log in use it,
   * like `passkeysClient` of `@natter/auth/passkeys/client`.
   */
  ask<T>(method: string, path: string, body?: object, options?: AskOptions): Promise<T>
  /** The same for a route that may log in: a session in the answer becomes this one. */
  enter<T extends { readonly status: string }>(path: string, input: object, options?: AskOptions): Promise<Entered<T>>
  /** Forgets the log-in here without telling the server: for when it said that the session has ended. */
  forget(): Promise<void>
}

/** How much life a token must have left to be handed out, ms. */
const margin = 30_000
const deviceKey = 'natter.device'
const refreshKey = 'natter.refresh'

/**
 * Logs in, stays logged in, logs out: for browsers and Node.
 *
 * @example
 * const session = authSession({ url: '/chat' })
 * if (!(await session.resume())) await session.login({ handle, password })
 * const chat = createClient({ url: '/chat', token: session.token, plugins: [auth()] })
 */
export function authSession(options: AuthSessionOptions): AuthSession {
  const mode = options.mode ?? (inBrowser() ? 'cookie' : 'token')
  const storage = options.storage ?? defaultStorage()
  const now = options.now ?? Date.now
  const fetch: Fetch = options.fetch ?? ((url, init) => globalThis.fetch(url, init))
  const base = `${options.url.replace(/\/+$/, '')}/auth`
  const account = observable<LoggedIn | undefined>(undefined)
  let access: { readonly token: string; readonly expiresAt: number } | undefined
  let renewing: Promise<LoggedIn> | undefined
  /** Raised by every log-in and log-out, so that an answer that comes too late changes nothing. */
  let generation = 0

  const ask = <T>(method: string, path: string, body?: object, more: Partial<RequestOptions> = {}) =>
    request<T>(fetch, base + path, { method, cookie: mode === 'cookie', ...(body ? { body } : {}), ...more })
  const asked = async <T>(method: string, path: string, body?: object, { anonymous, cookie, text }: AskOptions = {}) =>
    ask<T>(method, path, body, {
      ...(anonymous ? {} : { token: await token() }),
      ...(cookie ? { cookie } : {}),
      ...(text ? { text } : {}),
    })

  async function arriving() {
    const id = await storage.get(deviceKey)
    const device = { ...(id ? { id } : {}), ...(options.deviceName ? { name: options.deviceName } : {}) }
    return { mode, device }
  }

  async function arrived(answer: contract.SessionAnswer): Promise<LoggedIn> {
    generation++
    await storage.set(deviceKey, answer.device)
    return keep(answer)
  }

  async function keep(answer: contract.SessionAnswer): Promise<LoggedIn> {
    access = { token: answer.accessToken, expiresAt: answer.expiresAt }
    if (mode === 'token' && answer.refreshToken) await storage.set(refreshKey, answer.refreshToken)
    const who = { user: answer.user, device: answer.device, session: answer.session }
    account.set(who)
    return who
  }

  async function forget() {
    generation++
    access = undefined
    if (mode === 'token') await storage.remove(refreshKey)
    account.set(undefined)
  }

  function refresh(): Promise<LoggedIn> {
    renewing ??= exclusive(`natter.refresh ${base}`, renew).finally(() => {
      renewing = undefined
    })
    return renewing
  }

  async function renew(): Promise<LoggedIn> {
    const started = generation
    const refreshToken = mode === 'token' ? await storage.get(refreshKey) : undefined
    if (mode === 'token' && !refreshToken) throw ended()
    try {
      const answer = await ask<contract.SessionAnswer>('POST', '/refresh', refreshToken ? { refreshToken } : {})
      if (started !== generation) throw ended()
      return await keep(answer)
    } catch (error) {
      if (isEnded(error) && started === generation) await forget()
      throw error
    }
  }

  async function token({ reason }: { readonly reason?: string } = {}): Promise<string> {
    const fresh = access && access.expiresAt - now() > margin
    if (access && fresh && reason !== 'rejected') return access.token
    await refresh()
    if (!access) throw ended()
    return access.token
  }

  async function enter<T extends { readonly status: string }>(
    path: string,
    input: object,
    { anonymous = true, cookie = false }: AskOptions = {},
  ): Promise<Entered<T>> {
    const body = { ...input, ...(await arriving()) }
    const answer = await asked<T>('POST', path, body, { anonymous, cookie })
    if (answer.status !== 'ok') return answer as Entered<T>
    const entered = answer as unknown as contract.RegisteredAnswer
    const codes = entered.codes ? { codes: entered.codes } : {}
    return { status: 'ok', ...(await arrived(entered)), ...codes } as Entered<T>
  }
  const logIn = (path: string, input: object) => enter<contract.LoginAnswer>(path, input)

  const own = (user: contract.OwnAccount) => {
    const here = account.get()
    if (here) account.set({ ...here, user })
    return user
  }

  return {
    account,
    token,
    forget,
    enter,
    ask: asked,
    async resume() {
      try {
        return await refresh()
      } catch (error) {
        if (isEnded(error)) return undefined
        throw error
      }
    },
    async register(input) {
      const answer = await ask<contract.RegisteredAnswer>('POST', '/register', { ...input, ...(await arriving()) })
      return { ...(await arrived(answer)), codes: answer.codes }
    },
    login: (input) => logIn('/login', input),
    ways: () => ask('GET', '/ways'),
    begin: (input) => ask('POST', '/login/begin', input),
    verify: (input) => logIn('/login/verify', input),
    recover: (input) => logIn('/recover', input),
    async requestRecovery(input) {
      await ask('POST', '/recovery/request', input)
    },
    confirmRecovery: (input) => logIn('/recovery/confirm', input),
    async changePassword(input) {
      const answer = await asked<Out<'changePassword'>>('POST', '/password', input)
      access = { token: answer.accessToken, expiresAt: answer.expiresAt }
    },
    async renewCodes(input) {
      return (await asked<Out<'renewCodes'>>('POST', '/recovery/codes', input)).codes
    },
    async setAvatar(image) {
      const bytes = image instanceof Uint8Array ? image : new Uint8Array(await image.arrayBuffer())
      return own(await asked('PUT', '/me/avatar', { image: base64(bytes) }))
    },
    async removeAvatar() {
      return own(await asked('DELETE', '/me/avatar'))
    },
    changed(profile) {
      const here = account.get()
      if (!here || here.user.id !== profile.id) return
      const { avatar: _, ...user } = here.user
      own({ ...user, name: profile.name, ...(profile.avatar ? { avatar: profile.avatar } : {}) })
    },
    async logout() {
      const refreshToken = mode === 'token' ? await storage.get(refreshKey) : undefined
      await ask('POST', '/logout', refreshToken ? { refreshToken } : {}, { token: access?.token })
      await forget()
    },
    async logoutEverywhere(input = {}) {
      const answer = await asked<Out<'logoutEverywhere'>>('POST', '/logout-everywhere', input)
      if (!input.keepThis) return forget()
      if (answer.accessToken && answer.expiresAt) access = { token: answer.accessToken, expiresAt: answer.expiresAt }
    },
    exportMe: (proof = {}) => asked('POST', '/me/export', proof, { text: true }),
    async eraseMe(proof = {}) {
      await asked('POST', '/me/erase', proof)
      await forget()
    },
  }
}

const ended = () =>
  new RequestError({ code: 'AUTH_SESSION_ENDED', message: 'You are logged out here. Log in again.' }, 401)
const isEnded = (error: unknown) => error instanceof RequestError && error.code === 'AUTH_SESSION_ENDED'

/** In pieces, since a call takes only so many arguments. */
function base64(bytes: Uint8Array): string {
  let binary = ''
  for (let at = 0; at < bytes.length; at += 4_096) binary += String.fromCharCode(...bytes.subarray(at, at + 4_096))
  return btoa(binary)
}
