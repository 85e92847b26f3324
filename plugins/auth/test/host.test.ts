import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { generateKeyPairSync } from 'node:crypto'
import test from 'ava'
import { SignJWT, exportJWK } from 'jose'
import Koa from 'koa'
import type { DefaultContext, ParameterizedContext } from 'koa'
import { WebSocket } from 'ws'
import { z } from 'zod'
import { definePlugin, Users } from '@natter/core'
import { route } from '@natter/core/contract'
import { hostIdentity } from '@natter/auth/host'
import { hostId } from '#src/host/host-user.js'
import type { HostIdentityOptions } from '@natter/auth/host'
import { createTestChat, RawDevice } from '@natter/testkit'
import type { Chat, RouteContext } from '@natter/core'

interface HostState {
  login?: { readonly id: number | string; readonly session: string | number }
}
const people = [
  { id: 7, name: 'Alice Liddell', handle: 'alice', avatar: 'https://host.example/alice.png' },
  { id: 8, name: 'Bob', handle: 'bob' },
]
const lookup = (ids: readonly string[]) => people.filter(({ id }) => ids.includes(String(id)))
const find = async (handle: string) => people.find((person) => person.handle === handle)
const byState = {
  user: (ctx: ParameterizedContext<HostState>) => ctx.state.login && { ...ctx.state.login, name: 'x' },
  lookup,
  find,
}

const whoami = definePlugin({
  name: 'whoami',
  setup(api) {
    const me = route('whoami.me', {
      method: 'GET',
      path: '/me',
      summary: 'Who I am',
      output: z.object({ user: z.string(), session: z.string() }),
    })
    const change = route('whoami.change', { method: 'POST', path: '/me', summary: 'Change it', output: me.output! })
    const say = (_input: unknown, { principal }: RouteContext) => ({
      user: principal!.user,
      session: principal!.session,
    })
    api.route(me, say)
    api.route(change, say)
  },
})

/** A host with a cookie session: `sid=alice` is whoever the host's own table says. */
async function host(
  t: Parameters<typeof createTestChat>[0],
  options: HostIdentityOptions<HostState>,
  sessions = new Map<string, HostState['login']>([['alice', { id: 7, session: 'login-1' }]]),
) {
  const { chat: typed, clock } = await createTestChat(t, {
    identity: hostIdentity<HostState>(options),
    plugins: [whoami()],
  })
  const chat = typed as unknown as Chat
  const app = new Koa<HostState, DefaultContext>()
  const session: Koa.Middleware<HostState> = (ctx, next) => {
    const login = sessions.get(ctx.cookies.get('sid') ?? '')
    if (login) ctx.state.login = login
    return next()
  }
  app.use(session)
  app.use(chat.middleware())
  const server = app.listen(0, '127.0.0.1')
  // A connection that is reused in the moment of its time-out fails, as happens on a busy machine.
  server.keepAliveTimeout = 0
  await once(server, 'listening')
  chat.attach(server, { koa: { app, use: [session] } })
  t.teardown(() => server.close().closeAllConnections())
  const at = `127.0.0.1:${(server.address() as AddressInfo).port}`

  /** A browser or an app: resolves with the welcome, or with the close code. */
  const connect = async (how: { cookie?: string; origin?: string | null; hello?: object }) => {
    const origin = how.origin === undefined ? `http://${at}` : how.origin
    const socket = new WebSocket(`ws://${at}/chat/ws`, ['natter.1'], {
      headers: { ...(how.cookie ? { cookie: how.cookie } : {}), ...(origin ? { origin } : {}) },
    })
    t.teardown(() => socket.terminate())
    const closed = once(socket, 'close').then(([code]) => code as number)
    await once(socket, 'open')
    const first = once(socket, 'message').then(([data]) => JSON.parse(String(data)) as [string, Record<string, any>])
    socket.send(JSON.stringify(['hello', how.hello ?? {}]))
    const result = await Promise.race([first, closed])
    return { result, closed, socket, welcome: typeof result === 'number' ? undefined : result[1] }
  }
  return { chat, clock, connect, sessions, url: `http://${at}` }
}

test("the host's cookie session decides who connects, and no copy of a user is kept", async (t) => {
  const { connect, chat } = await host(t, byState)
  const { welcome } = await connect({ cookie: 'sid=alice' })
  t.like(welcome, { user: '7', session: 'login-1' })
  t.is(welcome?.['ticket'], undefined)
  t.is((await connect({ cookie: 'sid=unknown' })).result, 4401)
  t.is((await connect({})).result, 4401)
  t.deepEqual(await chat.get(Users).lookup(['7', '9']), [
    { id: '7', name: 'Alice Liddell', handle: 'alice', avatar: 'https://host.example/alice.png' },
  ])
  t.is((await chat.get(Users).find('bob'))?.id, '8')
  t.is(await chat.get(Users).find('nobody'), undefined)
  t.true(await chat.get(Users).exists('8'))
  t.false(await chat.get(Users).exists('9'))
})

test('a page of another site gets in by no cookie', async (t) => {
  const { connect } = await host(t, byState)
  t.is((await connect({ cookie: 'sid=alice', origin: 'https://attacker.example' })).result, 4401)
  t.is((await connect({ cookie: 'sid=alice', origin: null })).result, 4401)
})

test('a device names itself, and keeps its name', async (t) => {
  const { connect } = await host(t, byState)
  const { welcome } = await connect({ cookie: 'sid=alice', hello: { device: 'kitchen' } })
  t.is(welcome?.['device'], 'kitchen')
})

test('clients ask about people as with accounts of our own', async (t) => {
  const { connect } = await host(t, byState)
  const { socket } = await connect({ cookie: 'sid=alice' })
  const ask = async (name: string, input: object) => {
    socket.send(JSON.stringify(['q', 1, name, input]))
    const [data] = await once(socket, 'message')
    return JSON.parse(String(data)) as unknown[]
  }
  t.deepEqual(await ask('auth.find', { handle: 'bob' }), ['ok', 1, { id: '8', name: 'Bob', handle: 'bob' }])
  t.like(await ask('auth.find', { handle: 'nobody' }), { 0: 'no', 2: { code: 'NATTER_NOT_AVAILABLE' } })
  t.like(await ask('auth.lookup', { ids: ['7', '9'] }), { 2: { profiles: [{ id: '7' }] } })
})

test("who the host's log-out disconnects is closed", async (t) => {
  const { connect, chat } = await host(t, byState)
  const { closed } = await connect({ cookie: 'sid=alice' })
  await chat.disconnect({ user: 7, session: 'login-1' })
  t.is(await closed, 4403)
})

test('a session is asked for again every 30 seconds, and closed when the host says no', async (t) => {
  let allowed = true
  let asked = 0
  const { connect, clock } = await host(t, {
    ...byState,
    user: (ctx) => {
      asked++
      return allowed ? byState.user(ctx) : undefined
    },
  })
  const { closed } = await connect({ cookie: 'sid=alice' })
  const before = asked
  await clock.advance(35_000)
  t.true(asked > before)
  allowed = false
  await clock.advance(35_000)
  t.is(await closed, 4403)
})

test('a cookie that now belongs to somebody else, or to another log-in, closes the connection', async (t) => {
  for (const login of [
    { id: 8, session: 'login-1' },
    { id: 7, session: 'login-2' },
  ]) {
    let current: HostState['login'] = { id: 7, session: 'login-1' }
    const { connect, clock } = await host(t, { ...byState, user: () => current })
    const { closed } = await connect({ cookie: 'sid=alice' })
    current = login
    await clock.advance(35_000)
    t.is(await closed, 4403)
  }
})

test('ids are made text, and refused where they cannot be ids', async (t) => {
  const sessions = new Map<string, HostState['login']>([
    ['number', { id: 7, session: 12 }],
    ['mail', { id: 'alice@example.org', session: 'x' }],
    ['spaces', { id: 'Alice Liddell', session: 'x' }],
    ['long', { id: 'x'.repeat(65), session: 'x' }],
    ['session', { id: 7, session: 'a session with spaces' }],
    ['empty', { id: '', session: 'x' }],
  ])
  const { connect } = await host(t, byState, sessions)
  t.like((await connect({ cookie: 'sid=number' })).welcome, { user: '7', session: '12' })
  t.like((await connect({ cookie: 'sid=mail' })).welcome, { user: 'alice@example.org' })
  for (const name of ['spaces', 'long', 'session', 'empty']) {
    const { result } = await connect({ cookie: `sid=${name}` })
    t.true(result === 1013 || result === 4500, `${name}: ${JSON.stringify(result)}`)
  }
})

test('HTTP requests are known by the same session, or by a token, which decides', async (t) => {
  const { url } = await host(t, { ...byState, jwt: pinned })
  const ask = async (headers: Record<string, string>) => {
    const response = await fetch(`${url}/chat/whoami/me`, { headers })
    return response.status === 200 ? await response.json() : response.status
  }
  t.like(await ask({ cookie: 'sid=alice' }), { user: '7', session: 'login-1' })
  t.like(await ask({ cookie: 'sid=alice', authorization: `Bearer ${await jwt({ sub: '8' })}` }), { user: '8' })
  t.is(await ask({ cookie: 'sid=alice', authorization: 'Bearer nonsense' }), 401)
  t.is(await ask({}), 401)
})

test('a page of another site changes nothing by the cookie of its visitor', async (t) => {
  const { url } = await host(t, { ...byState, jwt: pinned, origins: ['https://app.host.example'] })
  const change = async (headers: Record<string, string>) =>
    (await fetch(`${url}/chat/whoami/me`, { method: 'POST', headers })).status
  const cookie = 'sid=alice'
  t.is(await change({ cookie, origin: url }), 200)
  t.is(await change({ cookie, origin: 'https://app.host.example' }), 200)
  for (const origin of ['https://attacker.example', 'null', `${url}.attacker.example`]) {
    t.is(await change({ cookie, origin }), 403)
  }
  t.is(await change({ cookie }), 403)
  t.is(await change({ authorization: `Bearer ${await jwt()}`, origin: 'https://elsewhere.example' }), 200)
})

// The host's JWTs

const { privateKey, publicKey } = generateKeyPairSync('ed25519')
const stranger = generateKeyPairSync('ed25519').privateKey
const jwks = { keys: [{ ...(await exportJWK(publicKey)), kid: 'host-1', alg: 'EdDSA' }] }
const pinned = { jwks, issuer: 'https://host.example', audience: 'chat', algorithms: ['EdDSA'] }
const start = Date.UTC(2026, 0, 1) / 1_000
const jwt = (claims: Record<string, unknown> = {}, header: Record<string, unknown> = {}, key = privateKey) =>
  new SignJWT({
    sub: '7',
    sid: 'login-1',
    name: 'Alice',
    iss: 'https://host.example',
    aud: 'chat',
    exp: start + 600,
    ...claims,
  })
    .setProtectedHeader({ alg: 'EdDSA', kid: 'host-1', ...header })
    .sign(key)

test("the host's JWT lets in, and connects the person and session that it names", async (t) => {
  const { connect } = await host(t, { jwt: pinned, lookup })
  const { welcome } = await connect({ origin: null, hello: { token: await jwt(), device: 'phone' } })
  t.like(welcome, { user: '7', session: 'login-1', device: 'phone' })
})

test('of a cookie and a token, the token decides', async (t) => {
  const { connect } = await host(t, { ...byState, jwt: pinned })
  const { welcome } = await connect({ cookie: 'sid=alice', hello: { token: await jwt({ sub: '8' }) } })
  t.like(welcome, { user: '8' })
  t.is((await connect({ cookie: 'sid=alice', hello: { token: 'nonsense' } })).result, 4401)
})

test('a token counts for nothing where the host takes none, even beside a cookie', async (t) => {
  const { connect } = await host(t, byState)
  t.is((await connect({ cookie: 'sid=alice', hello: { token: await jwt() } })).result, 4401)
})

const bad: Readonly<Record<string, () => string | Promise<string>>> = {
  nonsense: () => 'nonsense',
  'another key': () => jwt({}, {}, stranger),
  'an unknown kid': () => jwt({}, { kid: 'host-2' }),
  'another issuer': () => jwt({ iss: 'https://elsewhere.example' }),
  'another audience': () => jwt({ aud: 'shop' }),
  'an end in the past': () => jwt({ exp: start - 60 }),
  'no end': () => jwt({ exp: undefined }),
  'no subject': () => jwt({ sub: undefined }),
  'a start in the future': () => jwt({ nbf: start + 600 }),
  'alg none': async () => {
    const [, body] = (await jwt()).split('.')
    return `${Buffer.from('{"alg":"none"}').toString('base64url')}.${body}.`
  },
  'an HMAC of the public key': async () => {
    const secret = Buffer.from((await exportJWK(publicKey)).x!, 'base64url')
    return new SignJWT({ sub: '7', iss: 'https://host.example', aud: 'chat', exp: start + 600 })
      .setProtectedHeader({ alg: 'HS256', kid: 'host-1' })
      .sign(secret)
  },
}
for (const [what, make] of Object.entries(bad)) {
  test(`a JWT with ${what} lets nobody in`, async (t) => {
    const { connect } = await host(t, { jwt: pinned, lookup })
    t.is((await connect({ origin: null, hello: { token: await make() } })).result, 4401)
  })
}

test('a good signature of an algorithm that the host did not name lets nobody in', async (t) => {
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const keys = { keys: [...jwks.keys, { ...(await exportJWK(other.publicKey)), kid: 'host-ec' }] }
  const token = await jwt({}, { alg: 'ES256', kid: 'host-ec' }, other.privateKey)
  const narrow = await host(t, { jwt: { ...pinned, jwks: keys }, lookup })
  t.is((await narrow.connect({ origin: null, hello: { token } })).result, 4401)
  const wide = await host(t, { jwt: { ...pinned, jwks: keys, algorithms: ['EdDSA', 'ES256'] }, lookup })
  t.like((await wide.connect({ origin: null, hello: { token } })).welcome, { user: '7' })
})

test('a JWT that was seen before still expires', async (t) => {
  const { chat, clock } = await host(t, { jwt: pinned, lookup })
  const token = await jwt()
  await RawDevice.connect(chat).hello({ token })
  await RawDevice.connect(chat).hello({ token })
  clock.jump(631_000)
  const late = RawDevice.connect(chat)
  late.send(['hello', { token }])
  t.is((await late.closed).code, 4401)
})

test('the host says whether the log-in of a JWT is still active', async (t) => {
  let active = true
  const { connect, clock } = await host(t, { jwt: { ...pinned, active: () => active }, lookup })
  const { closed } = await connect({ origin: null, hello: { token: await jwt() } })
  await clock.advance(35_000)
  active = false
  await clock.advance(35_000)
  t.is(await closed, 4403)
  t.is((await connect({ origin: null, hello: { token: await jwt() } })).result, 4401)
})

test("the host's key set is fetched from its address; while it cannot be had, the answer is to come back", async (t) => {
  let up = false
  const keys = createServer((_request, response) => {
    response.statusCode = up ? 200 : 503
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify(jwks))
  }).listen(0, '127.0.0.1')
  await once(keys, 'listening')
  t.teardown(() => keys.close())
  const address = `http://127.0.0.1:${(keys.address() as AddressInfo).port}/jwks.json`
  const { connect } = await host(t, { jwt: { ...pinned, jwks: address }, lookup })
  t.is((await connect({ origin: null, hello: { token: await jwt() } })).result, 1013)
  up = true
  t.like((await connect({ origin: null, hello: { token: await jwt() } })).welcome, { user: '7' })
})

test('what is no id is nobody, and the developer is told', (t) => {
  for (const id of [7, 7n, '7']) t.is(hostId(id, 'user id'), '7')
  for (const id of [undefined, null, NaN, 1.5, {}, '', 'a b']) {
    t.throws(() => hostId(id, 'user id'), { instanceOf: TypeError, message: /^hostIdentity: the user id / }, String(id))
  }
})

const misconfigured: Readonly<Record<string, () => unknown>> = {
  'neither session nor JWT': () => hostIdentity({ lookup }),
  'no options': () => hostIdentity(undefined as never),
  'no look-up': () => hostIdentity({ user: () => undefined } as never),
  'a person in place of a function': () => hostIdentity({ lookup, user: { id: 7 } as never }),
  'people in place of a look-up': () => hostIdentity({ user: () => undefined, lookup: [] as never }),
  'neither key nor key set': () => hostIdentity({ lookup, jwt: { issuer: 'x', audience: 'x', algorithms: ['EdDSA'] } }),
  'both key and key set': () => hostIdentity({ lookup, jwt: { ...pinned, key: publicKey } }),
  'no algorithm': () => hostIdentity({ lookup, jwt: { ...pinned, algorithms: [] } }),
  'the algorithm none': () => hostIdentity({ lookup, jwt: { ...pinned, algorithms: ['EdDSA', 'none'] } }),
  'a shared secret algorithm with public keys': () =>
    hostIdentity({ lookup, jwt: { ...pinned, algorithms: ['HS256'] } }),
  'a key set that comes without TLS': () =>
    hostIdentity({ lookup, jwt: { ...pinned, jwks: 'http://host.example/jwks.json' } }),
  'no issuer': () => hostIdentity({ lookup, jwt: { ...pinned, issuer: '' } }),
  'no audience': () => hostIdentity({ lookup, jwt: { ...pinned, audience: [] } }),
}
for (const [what, make] of Object.entries(misconfigured)) {
  test(`an identity with ${what} is refused at once, with what to do`, (t) => {
    const error = t.throws(make)
    t.like(error, { code: 'NATTER_CONFIG_INVALID' })
    t.regex(error!.message, /^hostIdentity: /)
  })
}
