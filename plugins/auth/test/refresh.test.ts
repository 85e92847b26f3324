import test from 'ava'
import * as contract from '@natter/auth/contract'
import { FakeClock } from '@natter/testkit'
import { serve, password } from './serve.js'
import { SharedStorage } from './shared-storage.js'

const day = 86_400_000
const ended = { status: 401, body: { error: { code: 'AUTH_SESSION_ENDED' } } }

test('a refresh token is replaced when it is used, and the new one works', async (t) => {
  const { call, register } = await serve(t)
  const alice = await register('alice')
  const first = await call('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  t.is(first.status, 200)
  t.not(first.body['refreshToken'], alice['refreshToken'])
  t.is(first.body['session'], alice['session'])
  t.is(first.body['user'].handle, 'alice')
  t.is((await call('GET', '/me', undefined, { token: first.body['accessToken'] })).status, 200)
  t.is((await call('POST', '/refresh', { refreshToken: first.body['refreshToken'] })).status, 200)
})

test('only hashes of refresh tokens are stored', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { call, register } = await serve(t, { clock, storage: storage.plugin() })
  const alice = await register('alice')
  const { body } = await call('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  const row = JSON.stringify(await storage.records(contract.session).get({ id: alice['session'] }))
  for (const token of [alice['refreshToken'], body['refreshToken']]) {
    for (const part of token.split('.').slice(1)) t.false(row.includes(part))
  }
})

test('a hundred races with one token have one successor', async (t) => {
  const { call, register } = await serve(t)
  const { refreshToken } = await register('alice')
  const answers = await Promise.all(Array.from({ length: 100 }, () => call('POST', '/refresh', { refreshToken })))
  t.true(answers.every(({ status }) => status === 200))
  t.is(new Set(answers.map(({ body }) => body['refreshToken'])).size, 1)
  t.is((await call('POST', '/refresh', { refreshToken: answers[0]!.body['refreshToken'] })).status, 200)
})

/** Holds the first replacement of a refresh token until it is released. */
async function overtaken(t: Parameters<typeof serve>[0]) {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const server = await serve(t, { clock, storage: storage.plugin() })
  const alice = await server.register('alice')
  let release!: () => void
  const held = new Promise<void>((resolve) => (release = resolve))
  const reached = new Promise<void>((resolve) => {
    storage.before = (model, verb) => {
      if (model !== 'session' || verb !== 'updateIf') return
      storage.before = undefined
      resolve()
      return held
    }
  })
  const slow = server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  await reached
  return { server, alice, slow, release }
}

test('a refresh that two others overtook does not put an old token back', async (t) => {
  const { server, alice, slow, release } = await overtaken(t)
  const first = await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  await server.call('POST', '/refresh', { refreshToken: first.body['refreshToken'] })
  release()
  t.like(await slow, ended)
})

test('a refresh that a log-out overtook does not bring the session back', async (t) => {
  const { server, alice, slow, release } = await overtaken(t)
  await server.call('POST', '/logout', {}, { token: alice['accessToken'] })
  release()
  t.like(await slow, ended)
})

test('a retry within 30 seconds gets the same successor, though only its hash is stored', async (t) => {
  const { call, register, clock } = await serve(t)
  const { refreshToken } = await register('alice')
  const first = await call('POST', '/refresh', { refreshToken })
  await clock.advance(30_000)
  const again = await call('POST', '/refresh', { refreshToken })
  t.is(again.status, 200)
  t.is(again.body['refreshToken'], first.body['refreshToken'])
})

test('a retry gets the same successor from a server that was restarted with a newer secret', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const old = { kid: 'old', secret: 'an old secret that is long enough to be one' }
  const fresh = { kid: 'new', secret: 'a new secret that is long enough to be one' }
  const one = await serve(t, { clock, storage: storage.plugin(), secrets: [old] })
  const { refreshToken } = await one.register('alice')
  const first = await one.call('POST', '/refresh', { refreshToken })
  await one.chat.stop()
  const two = await serve(t, { clock, storage: storage.plugin(), secrets: [fresh, old] })
  const again = await two.call('POST', '/refresh', { refreshToken })
  t.is(again.body['refreshToken'], first.body['refreshToken'])
  t.is((await two.call('POST', '/refresh', { refreshToken: again.body['refreshToken'] })).status, 200)
})

test('a token that is used again later ends the session, for the thief and the robbed alike', async (t) => {
  const { call, register, connect, clock } = await serve(t)
  const { refreshToken, accessToken } = await register('alice')
  const device = await connect({ token: accessToken })
  const first = await call('POST', '/refresh', { refreshToken })
  await clock.advance(30_001)
  t.like(await call('POST', '/refresh', { refreshToken }), ended)
  t.is((await device.closed).code, 4403)
  t.like(await call('POST', '/refresh', { refreshToken: first.body['refreshToken'] }), ended)
  t.is((await call('GET', '/me', undefined, { token: first.body['accessToken'] })).status, 401)
})

test('a token of two generations ago ends the session, even at once', async (t) => {
  const { call, register } = await serve(t)
  const { refreshToken } = await register('alice')
  const first = await call('POST', '/refresh', { refreshToken })
  const second = await call('POST', '/refresh', { refreshToken: first.body['refreshToken'] })
  t.like(await call('POST', '/refresh', { refreshToken }), ended)
  t.like(await call('POST', '/refresh', { refreshToken: second.body['refreshToken'] }), ended)
})

test('a reused token leaves the other devices alone', async (t) => {
  const { call, register, clock } = await serve(t)
  const phone = await register('alice')
  const laptop = await call('POST', '/login', { handle: 'alice', password, mode: 'token' })
  await call('POST', '/refresh', { refreshToken: phone['refreshToken'] })
  await clock.advance(31_000)
  t.like(await call('POST', '/refresh', { refreshToken: phone['refreshToken'] }), ended)
  t.is((await call('POST', '/refresh', { refreshToken: laptop.body['refreshToken'] })).status, 200)
})

test('a made-up token for a session that is known by its id ends nothing', async (t) => {
  const { call, register } = await serve(t)
  const { refreshToken, session } = await register('alice')
  const [, bits, seal] = refreshToken.split('.')
  const made = [
    `${session}.${'A'.repeat(43)}.${'A'.repeat(22)}`,
    `${session}.${bits}.${'A'.repeat(22)}`,
    `${session}.${'A'.repeat(43)}.${seal}`,
    `${session}.${bits}`,
    session,
    'nonsense',
  ]
  for (const token of made) {
    t.like(await call('POST', '/refresh', { refreshToken: token }), ended)
    await call('POST', '/logout', { refreshToken: token })
  }
  t.is((await call('POST', '/refresh', { refreshToken })).status, 200)
})

test('a device that is away for 30 days is logged out, one that comes back in time is not', async (t) => {
  const { call, register, clock } = await serve(t, { auth: { revocationPollMs: 60_000 } })
  const alice = await register('alice')
  clock.jump(29 * day)
  const first = await call('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  t.is(first.status, 200)
  clock.jump(31 * day)
  t.like(await call('POST', '/refresh', { refreshToken: first.body['refreshToken'] }), ended)
})

test('every device is logged out after 90 days', async (t) => {
  const { call, register, clock } = await serve(t)
  let { refreshToken } = await register('alice')
  for (let days = 0; days < 80; days += 20) {
    clock.jump(20 * day)
    const { status, body } = await call('POST', '/refresh', { refreshToken })
    t.is(status, 200)
    refreshToken = body['refreshToken']
  }
  clock.jump(11 * day)
  t.like(await call('POST', '/refresh', { refreshToken }), ended)
})

test('a clock that jumps forward and back again logs nobody out', async (t) => {
  const { call, register, clock } = await serve(t)
  const { refreshToken } = await register('alice')
  clock.jump(40 * day)
  t.like(await call('POST', '/refresh', { refreshToken }), ended)
  clock.jump(-40 * day)
  t.is((await call('POST', '/refresh', { refreshToken })).status, 200)
})

test('refresh tokens that do not count are limited per network', async (t) => {
  const { call } = await serve(t, { auth: { limits: { refresh: { points: 3, windowMs: 60_000 } } } })
  for (let i = 0; i < 3; i++) t.is((await call('POST', '/refresh', { refreshToken: 'nonsense' })).status, 401)
  const { status, body, headers } = await call('POST', '/refresh', { refreshToken: 'nonsense' })
  t.is(status, 429)
  t.is(body['error'].code, 'NATTER_RATE_LIMITED')
  t.true(body['error'].retryAfterMs > 0)
  t.truthy(headers.get('retry-after'))
})

// Browsers

test('in a browser the refresh token is a cookie that no script and no other site gets', async (t) => {
  const { call } = await serve(t)
  const { body, setCookie } = await call('POST', '/register', { handle: 'alice', password })
  t.false('refreshToken' in body)
  t.regex(setCookie!, /^natter_refresh=[^;]+; Path=\/chat\/auth; Max-Age=2592000; HttpOnly; SameSite=Strict$/)
})

test('over https the cookie is Secure, and named so that browsers take it from https only', async (t) => {
  const { call, url } = await serve(t)
  const origin = url.replace('http:', 'https:')
  const { setCookie, cookie } = await call('POST', '/register', { handle: 'alice', password }, { origin })
  t.regex(setCookie!, /^__Secure-natter_refresh=[^;]+; Path=\/chat\/auth; .*; HttpOnly; SameSite=Strict; Secure$/)
  t.is((await call('POST', '/refresh', {}, { cookie, origin })).status, 200)
})

test('over https a cookie that somebody on the way put in place of ours does not count', async (t) => {
  const { call, url } = await serve(t)
  const origin = url.replace('http:', 'https:')
  const planted = (await call('POST', '/register', { handle: 'mallory', password })).cookie!
  t.regex(planted, /^natter_refresh=/)
  t.is((await call('POST', '/refresh', {}, { cookie: planted, origin })).body['error'].code, 'AUTH_SESSION_ENDED')
  const { cookie, body } = await call('POST', '/register', { handle: 'alice', password }, { origin })
  const renewed = await call('POST', '/refresh', {}, { cookie: `${planted}; ${cookie}`, origin })
  t.is(renewed.body['user'].id, body['user'].id)
})

test('fixation: a log-in never goes on in the session that the browser brought, and ends it', async (t) => {
  const { call, register } = await serve(t)
  await register('alice')
  const planted = await call('POST', '/register', { handle: 'mallory', password })
  const cookie = planted.cookie!
  t.is((await call('POST', '/login', { handle: 'alice', password: 'wrong' }, { cookie })).status, 401)
  t.is((await call('GET', '/me', undefined, { token: planted.body['accessToken'] })).status, 200)
  const login = await call('POST', '/login', { handle: 'alice', password }, { cookie })
  t.is(login.status, 200)
  t.not(login.body['session'], planted.body['session'])
  t.not(login.cookie, cookie)
  t.is((await call('POST', '/refresh', {}, { cookie })).status, 401)
  t.is((await call('GET', '/me', undefined, { token: planted.body['accessToken'] })).status, 401)
  t.is((await call('POST', '/refresh', {}, { cookie: login.cookie })).body['user'].handle, 'alice')
})

test("fixation: a device id that is somebody else's gives nothing of theirs away, and ends nothing", async (t) => {
  const { call, register } = await serve(t)
  const alice = await register('alice')
  const mallory = await register('mallory', { device: { id: alice['device'] } })
  t.not(mallory['session'], alice['session'])
  t.is((await call('GET', '/me', undefined, { token: mallory['accessToken'] })).body['handle'], 'mallory')
  t.is((await call('GET', '/me', undefined, { token: alice['accessToken'] })).body['handle'], 'alice')
})

test('the cookie refreshes, and is replaced', async (t) => {
  const { call } = await serve(t)
  const { cookie } = await call('POST', '/register', { handle: 'alice', password })
  const first = await call('POST', '/refresh', {}, { cookie })
  t.is(first.status, 200)
  t.false('refreshToken' in first.body)
  t.truthy(first.cookie)
  t.not(first.cookie, cookie)
  t.is((await call('POST', '/refresh', {}, { cookie: first.cookie })).status, 200)
})

const foreign: Readonly<Record<string, (url: string) => string | null>> = {
  'another site': () => 'https://attacker.example',
  'no origin': () => null,
  'an opaque origin': () => 'null',
  'a host that begins like ours': (url) => `${url}.attacker.example`,
  'a host that ends like ours': (url) => url.replace('http://', 'http://attacker-'),
  'another port': (url) => url.replace(/\d+$/, '1'),
  'no port': (url) => url.replace(/:\d+$/, ''),
  'our host as user name': (url) => `${url}@attacker.example`,
  'a path behind it': (url) => `${url}/`,
  'another scheme': (url) => url.replace('http:', 'file:'),
  'two origins': (url) => `${url} https://attacker.example`,
}
for (const [what, make] of Object.entries(foreign)) {
  test(`the cookie does not count with ${what}`, async (t) => {
    const { call, url } = await serve(t)
    const { cookie, body } = await call('POST', '/register', { handle: 'alice', password })
    const origin = make(url)
    for (const path of ['/refresh', '/logout']) {
      const { status, body } = await call('POST', path, {}, { cookie, origin })
      t.is(status, 403)
      t.is(body['error'].code, 'AUTH_ORIGIN_REFUSED')
    }
    t.is((await call('POST', '/refresh', {}, { cookie })).status, 200)
    t.is((await call('GET', '/me', undefined, { token: body['accessToken'] })).status, 200)
  })
}

test('another site cannot log its visitors in with a cookie either', async (t) => {
  const { call, register } = await serve(t)
  await register('alice')
  const origin = 'https://attacker.example'
  const login = await call('POST', '/login', { handle: 'alice', password }, { origin })
  t.is(login.status, 403)
  t.is(login.cookie, undefined)
  t.is((await call('POST', '/register', { handle: 'bob', password }, { origin })).status, 403)
  t.is((await call('POST', '/login', { handle: 'bob', password })).status, 401)
})

test('an origin that the host listed counts', async (t) => {
  const { call } = await serve(t, { auth: { origins: ['https://app.example.org'] } })
  const origin = 'https://app.example.org'
  const { status, cookie } = await call('POST', '/register', { handle: 'alice', password }, { origin })
  t.is(status, 201)
  t.is((await call('POST', '/refresh', {}, { cookie, origin })).status, 200)
  t.is((await call('POST', '/refresh', {}, { cookie, origin: 'https://app.example.org.attacker.example' })).status, 403)
})

test("a script cannot get the cookie's token into an answer", async (t) => {
  const { call } = await serve(t)
  const { cookie } = await call('POST', '/register', { handle: 'alice', password })
  const { body } = await call('POST', '/refresh', { mode: 'token' }, { cookie })
  t.false('refreshToken' in body)
  t.false(JSON.stringify(body).includes(cookie!.split('=')[1]!))
})

test('a cookie that no longer counts is removed', async (t) => {
  const { call } = await serve(t)
  const { cookie, body } = await call('POST', '/register', { handle: 'alice', password })
  await call('DELETE', `/devices/${body['session']}`, undefined, { token: body['accessToken'] })
  const { status, setCookie } = await call('POST', '/refresh', {}, { cookie })
  t.is(status, 401)
  t.regex(setCookie!, /^natter_refresh=; Path=\/chat\/auth; Max-Age=0/)
})
