import test from 'ava'
import { Secret, TOTP } from 'otpauth'
import { auth, authSession, RequestError } from '@natter/auth/client'
import type { AuthSessionOptions } from '@natter/auth/client'
import * as contract from '@natter/auth/contract'
import { passkeys } from '@natter/auth/passkeys'
import { passkeysClient } from '@natter/auth/passkeys/client'
import { totp } from '@natter/auth/totp'
import { totpClient } from '@natter/auth/totp/client'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

/** A store that survives the session object, as a phone's does. */
function storage() {
  const kept = new Map<string, string>()
  return {
    kept,
    get: (key: string) => kept.get(key),
    set: (key: string, value: string) => void kept.set(key, value),
    remove: (key: string) => void kept.delete(key),
  }
}
const sessionOf = (server: Served, options: Partial<AuthSessionOptions> = {}) =>
  authSession({ url: `${server.url}/chat`, now: () => server.clock.now(), ...options })

/** `fetch` as a browser does it: keeps the cookie, sends the Origin, and counts. */
function browser(server: Served) {
  let cookie = ''
  const requests: string[] = []
  const fetch = async (url: string, init: RequestInit) => {
    requests.push(new URL(url).pathname.replace('/chat/auth', ''))
    const response = await globalThis.fetch(url, {
      ...init,
      headers: { ...(init.headers as Record<string, string>), origin: server.url, ...(cookie ? { cookie } : {}) },
    })
    const set = response.headers.getSetCookie()[0]?.split(';')[0]
    if (set !== undefined && init.credentials === 'include') cookie = set.endsWith('=') ? '' : set
    return response
  }
  return { fetch, requests, cookie: () => cookie }
}

test('one registers, stays logged in over a restart of the app, and logs out', async (t) => {
  const server = await serve(t)
  const store = storage()
  const first = sessionOf(server, { storage: store, deviceName: 'Test phone' })
  t.is(first.account.get(), undefined)
  t.is(await first.resume(), undefined)
  const registered = await first.register({ handle: 'Alice', password })
  t.is(registered.codes.length, 10)
  t.is(first.account.get()?.user.handle, 'Alice')
  await server.connect({ token: await first.token() })

  const second = sessionOf(server, { storage: store })
  const resumed = await second.resume()
  t.is(resumed?.user.id, registered.user.id)
  t.is(resumed?.device, registered.device)
  t.is(resumed?.session, registered.session)
  await second.logout()
  t.is(second.account.get(), undefined)
  t.is(await sessionOf(server, { storage: store }).resume(), undefined)
  await t.throwsAsync(second.token(), { code: 'AUTH_SESSION_ENDED' } as never)
})

test('the same device logs in as the same device', async (t) => {
  const server = await serve(t)
  const store = storage()
  const session = sessionOf(server, { storage: store })
  const { device } = await session.register({ handle: 'alice', password })
  await session.logout()
  const again = await session.login({ handle: 'alice', password })
  t.is(again.status === 'ok' && again.device, device)
})

test('in a browser nothing secret is in reach of scripts, and the cookie resumes', async (t) => {
  const server = await serve(t)
  const page = browser(server)
  const store = storage()
  const session = sessionOf(server, { mode: 'cookie', fetch: page.fetch, storage: store })
  const registered = await session.register({ handle: 'alice', password })
  t.deepEqual([...store.kept.keys()], ['natter.device'])
  t.truthy(page.cookie())

  const reloaded = sessionOf(server, { mode: 'cookie', fetch: page.fetch, storage: store })
  t.is((await reloaded.resume())?.user.id, registered.user.id)
  await reloaded.logout()
  t.is(page.cookie(), '')
  t.is(await reloaded.resume(), undefined)
})

test('a token is asked for again only when it is nearly over or was rejected', async (t) => {
  const server = await serve(t)
  const page = browser(server)
  const session = sessionOf(server, { mode: 'cookie', fetch: page.fetch, storage: storage() })
  await session.register({ handle: 'alice', password })
  const token = await session.token({ reason: 'initial' })
  t.is(await session.token({ reason: 'expired' }), token)
  t.deepEqual(page.requests, ['/register'])
  server.clock.jump(571_000)
  const next = await session.token()
  t.not(next, token)
  server.clock.jump(1_000)
  t.not(await session.token({ reason: 'rejected' }), next)
  t.deepEqual(page.requests, ['/register', '/refresh', '/refresh'])
})

test('many who need a token at the same time make one request', async (t) => {
  const server = await serve(t)
  const page = browser(server)
  const session = sessionOf(server, { mode: 'cookie', fetch: page.fetch, storage: storage() })
  await session.register({ handle: 'alice', password })
  server.clock.jump(600_000)
  const tokens = await Promise.all(Array.from({ length: 20 }, () => session.token()))
  t.is(new Set(tokens).size, 1)
  t.deepEqual(page.requests, ['/register', '/refresh'])
})

test('who was logged out elsewhere is logged out here when a token is needed, and is told once', async (t) => {
  const server = await serve(t)
  const session = sessionOf(server, { storage: storage() })
  const { user } = await session.register({ handle: 'alice', password })
  const seen: unknown[] = []
  const stop = session.account.subscribe(() => seen.push(session.account.get()))
  await server.chat.get(contract.Accounts).logout(user.id)
  const error = await t.throwsAsync<RequestError>(session.token({ reason: 'rejected' }))
  t.is(error?.code, 'AUTH_SESSION_ENDED')
  t.false(error?.retryable)
  t.deepEqual(seen, [undefined])
  stop()
  await session.login({ handle: 'alice', password })
  t.is(seen.length, 1)
})

test('without a network the session stays, and the error says that a retry can help', async (t) => {
  const server = await serve(t)
  let offline = false
  const session = sessionOf(server, {
    storage: storage(),
    fetch: (url, init) => (offline ? Promise.reject(new TypeError('fetch failed')) : globalThis.fetch(url, init)),
  })
  await session.register({ handle: 'alice', password })
  offline = true
  const error = await t.throwsAsync<RequestError>(session.token({ reason: 'rejected' }))
  t.like(error, { code: 'CLIENT_OFFLINE', retryable: true, status: 0 })
  await t.throwsAsync(session.resume(), { code: 'CLIENT_OFFLINE' } as never)
  await t.throwsAsync(session.logout(), { code: 'CLIENT_OFFLINE' } as never)
  t.truthy(session.account.get())
  offline = false
  t.truthy(await session.token({ reason: 'rejected' }))
})

test('what is not an answer of the chat is an error too', async (t) => {
  const page = (status: number, text: string) =>
    authSession({ url: '/chat', mode: 'cookie', storage: storage(), fetch: async () => new Response(text, { status }) })
  const bad = await t.throwsAsync<RequestError>(page(502, '<h1>Bad gateway</h1>').login({ handle: 'alice', password }))
  t.like(bad, { code: 'NATTER_INTERNAL', retryable: true, status: 502 })
  const missing = await t.throwsAsync<RequestError>(page(404, '').login({ handle: 'alice', password }))
  t.like(missing, { code: 'NATTER_INTERNAL', retryable: false, status: 404 })
})

test('errors carry their code, and when a retry can succeed', async (t) => {
  const server = await serve(t)
  const session = sessionOf(server, { storage: storage() })
  for (let i = 0; i < 5; i++) {
    await t.throwsAsync(session.login({ handle: 'alice', password }), { code: 'AUTH_WRONG_CREDENTIALS' } as never)
  }
  const error = await t.throwsAsync<RequestError>(session.login({ handle: 'alice', password }))
  t.true(error instanceof RequestError)
  t.like(error, { code: 'NATTER_RATE_LIMITED', retryable: true, status: 429 })
  t.true((error?.retryAfterMs ?? 0) > 0)
})

test('a log-out wins over a refresh that is under way', async (t) => {
  const server = await serve(t)
  let hold: Promise<void> | undefined
  const session = sessionOf(server, {
    storage: storage(),
    fetch: async (url, init) => {
      const response = await globalThis.fetch(url, init)
      if (url.endsWith('/refresh')) await hold
      return response
    },
  })
  await session.register({ handle: 'alice', password })
  let release!: () => void
  hold = new Promise((resolve) => (release = resolve))
  const token = session.token({ reason: 'rejected' })
  await session.forget()
  release()
  await t.throwsAsync(token, { code: 'AUTH_SESSION_ENDED' } as never)
  t.is(session.account.get(), undefined)
})

test('name, picture, password and recovery', async (t) => {
  const server = await serve(t)
  const session = sessionOf(server, { storage: storage() })
  const { codes, user } = await session.register({ handle: 'alice', password })
  session.changed({ id: 'somebody-else', name: 'Bob' })
  t.is(session.account.get()?.user.name, 'alice')
  session.changed({ id: user.id, name: 'Alice Liddell' })
  t.is(session.account.get()?.user.name, 'Alice Liddell')

  const png = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  )
  t.regex((await session.setAvatar(new Blob([png]))).avatar!, /^auth\/avatar\//)
  t.truthy(session.account.get()?.user.avatar)
  t.is((await session.removeAvatar()).avatar, undefined)

  await session.changePassword({ current: password, password: 'another good password' })
  await server.connect({ token: await session.token() })
  t.is((await session.renewCodes({ password: 'another good password' })).length, 10)
  await t.throwsAsync(session.recover({ handle: 'alice', code: codes[0]!, password }), {
    code: 'AUTH_RECOVERY_REFUSED',
  } as never)
  await session.requestRecovery({ handle: 'alice' })
  const { token } = (await server.chat.get(contract.Accounts).recoveryToken(user.id))!
  t.like(await session.confirmRecovery({ token, password }), { status: 'ok', user: { id: user.id } })
  await session.logoutEverywhere({ keepThis: true })
  await server.connect({ token: await session.token() })
  await session.logoutEverywhere()
  t.is(session.account.get(), undefined)
})

test('my data comes as text, and the end of my account forgets the log-in here', async (t) => {
  const server = await serve(t)
  const store = storage()
  const session = sessionOf(server, { storage: store })
  await session.register({ handle: 'alice', password })
  const lines = (await session.exportMe()).trimEnd().split('\n')
  t.true(lines.length > 1)
  t.is((JSON.parse(lines[0]!) as { part: string }).part, 'auth.account')
  await server.clock.advance(600_001)
  await t.throwsAsync(session.exportMe(), { code: 'AUTH_PROOF_NEEDED' } as never)
  await t.throwsAsync(session.eraseMe({ password: 'wrong password' }), { code: 'AUTH_WRONG_CREDENTIALS' } as never)
  t.truthy(session.account.get())
  await session.eraseMe({ password })
  t.is(session.account.get(), undefined)
  t.false(store.kept.has('natter.refresh'))
  await t.throwsAsync(session.login({ handle: 'alice', password }), { code: 'AUTH_WRONG_CREDENTIALS' } as never)
})

test('a connected client has a typed call for every command', (t) => {
  const commands = Object.values(contract)
    .filter((value) => typeof value === 'object' && 'kind' in value && value.kind === 'command')
    .map((value) => (value as { name: string }).name.replace('auth.', ''))
  t.deepEqual(Object.keys(auth().verbs).sort(), commands.sort())
})

test('an app is set up, asked for, given or replaced by a recovery code, and removed', async (t) => {
  const server = await serve(t, { auth: { authenticators: [totp()] } })
  const session = sessionOf(server)
  const app = totpClient(session)
  t.deepEqual(await session.ways(), { methods: ['totp'], providers: [] })
  const { codes } = await session.register({ handle: 'alice', password })
  const { secret } = await app.begin()
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.clock.now() })
  await app.confirm(code())
  t.true((await app.state()).enrolled)
  server.clock.jump(30_000)
  const factor = async () => {
    await session.logout()
    const answer = await session.login({ handle: 'alice', password })
    t.is(session.account.get(), undefined)
    return answer.status === 'factor' ? answer.flow : ''
  }
  t.like(await app.verify(await factor(), code()), { status: 'ok', user: { handle: 'alice' } })
  t.is(session.account.get()?.user.handle, 'alice')
  t.like(await app.verify(await factor(), codes[0]!, { recovery: true }), { status: 'ok' })
  await app.remove()
  t.false((await app.state()).enrolled)
})

test('without WebAuthn passkeys say so', async (t) => {
  const server = await serve(t, { auth: { authenticators: [passkeys({ origins: ['https://chat.example.org'] })] } })
  const keys = passkeysClient(sessionOf(server))
  t.false(keys.supported())
  await t.throwsAsync(keys.logIn(), { code: 'AUTH_PASSKEYS_MISSING' } as never)
})
