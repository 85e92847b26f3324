import { Secret, TOTP } from 'otpauth'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { oidc } from '@natter/auth/oidc'
import type { OidcProvider } from '@natter/auth/oidc'
import { totp } from '@natter/auth/totp'
import { FakeClock } from '@natter/testkit'
import { client, lyingProvider, realProvider } from './providers.js'
import type { Lie } from './providers.js'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'
import { SharedStorage } from './shared-storage.js'
import { WebBrowser } from './web-browser.js'

const marker = '#natter-oidc'
const provider = (issuer: string): OidcProvider => ({ id: 'example', name: 'Example', issuer, ...client })
const failed = (code: string) => `${marker}=${code}`
const ended = { status: 410, body: { error: { code: 'AUTH_FLOW_ENDED' } } }
const isCallback = ({ pathname }: URL) => pathname.includes('/oidc/callback/')

async function setUp(t: Parameters<typeof serve>[0], more: Parameters<typeof serve>[1] = {}) {
  const clock = more.clock ?? new FakeClock()
  const storage = new SharedStorage(clock)
  const at = await realProvider(t)
  const server = await serve(t, {
    storage: storage.plugin(),
    ...more,
    clock,
    auth: { authenticators: [oidc({ providers: [provider(at.issuer)] }), totp()], ...more.auth },
  })
  at.open(`${server.url}/chat/auth/oidc/callback/example`)
  return { at, server, clock, storage }
}
const start = (server: Served, browser: WebBrowser, more: object = {}, token?: string) =>
  browser.call(server, token ? '/oidc/link' : '/oidc/start', { provider: 'example', ...more }, token)
const finish = (server: Served, browser: WebBrowser, token?: string) =>
  browser.call(server, '/oidc/finish', { mode: 'token' }, token)
async function visit(server: Served, browser: WebBrowser, more: object = {}, token?: string) {
  const { body } = await start(server, browser, more, token)
  if (!body['url']) throw new Error(JSON.stringify(body))
  return browser.open(body['url'])
}
const register = (server: Served, browser: WebBrowser, handle = 'alice') =>
  browser.call(server, '/oidc/register', { handle, mode: 'token' })
const alice = { sub: 'a-1', email: 'alice@example.org', name: 'Alice Liddell', preferred_username: 'alice' }

test('who comes from a provider for the first time chooses a handle, and then logs in', async (t) => {
  const { at, server } = await setUp(t)
  const browser = new WebBrowser()
  at.login(alice)
  t.deepEqual((await server.call('GET', '/ways')).body, {
    methods: ['totp'],
    providers: [{ id: 'example', name: 'Example' }],
  })
  t.is(await visit(server, browser, { returnTo: '/welcome?a=b#old' }), `${server.url}/welcome?a=b${marker}`)
  const unknown = await finish(server, browser)
  t.like(unknown.body, { status: 'new', provider: 'example', name: 'Alice Liddell', handle: 'alice' })
  t.false('accessToken' in unknown.body)
  const made = await register(server, browser, 'Alice')
  t.is(made.status, 201)
  t.like(made.body, { status: 'ok', user: { handle: 'Alice' } })
  t.is(made.body['codes'].length, 10)
  t.like(await finish(server, browser), ended, 'used up')

  const again = new WebBrowser()
  t.is(await visit(server, again), `${server.url}/${marker}`)
  t.like((await finish(server, again)).body, { status: 'ok', user: { id: made.body['user'].id } })
})

test('the request has PKCE, state and nonce, new for every visit, and nothing of them is in the answer but the address', async (t) => {
  const { server } = await setUp(t)
  const seen = new Set<string>()
  for (const browser of [new WebBrowser(), new WebBrowser()]) {
    const { body } = await start(server, browser)
    const query = new URL(body['url']).searchParams
    t.is(query.get('response_type'), 'code')
    t.is(query.get('code_challenge_method'), 'S256')
    t.is(query.get('redirect_uri'), `${server.url}/chat/auth/oidc/callback/example`)
    t.is(query.get('scope'), 'openid profile')
    for (const name of ['state', 'nonce', 'code_challenge']) seen.add(query.get(name)!)
    seen.add(browser.cookie(server.url, 'natter_oidc')!)
  }
  t.is(seen.size, 8)
})

test('a provider is told to ask again, where the host wants that', async (t) => {
  const { issuer } = await lyingProvider(t)
  const providers = [{ ...provider(issuer), prompt: 'login', scope: 'openid' } as const]
  const url = 'http://localhost:1/below/chat/'
  const server = await serve(t, { auth: { authenticators: [oidc({ providers, url })] } })
  const query = new URL((await start(server, new WebBrowser())).body['url']).searchParams
  t.is(query.get('prompt'), 'login')
  t.is(query.get('scope'), 'openid')
  t.is(query.get('redirect_uri'), 'http://localhost:1/below/chat/auth/oidc/callback/example')
})

test('the cookie that ties a visit to its browser is out of reach of scripts and other sites', async (t) => {
  const { server } = await setUp(t)
  const { setCookie } = await server.call('POST', '/oidc/start', { provider: 'example' })
  t.regex(setCookie!, /^natter_oidc=[\w-]{43}; Path=\/chat\/auth\/oidc; Max-Age=600; HttpOnly; SameSite=Lax$/)
})

test('a person who says no at the provider comes back with an error', async (t) => {
  const { at, server } = await setUp(t)
  const browser = new WebBrowser()
  at.login(undefined)
  t.is(await visit(server, browser), `${server.url}/${failed('AUTH_PROVIDER_REFUSED')}`)
  t.like(await finish(server, browser), ended)
})

test("another state, another browser's visit, or none is no log-in", async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const mallory = new WebBrowser()
  const { body } = await start(server, mallory)
  const callback = new URL(await mallory.open(body['url'], isCallback))
  const victim = new WebBrowser()
  const nowhere = `${server.url}/${failed('AUTH_FLOW_ENDED')}`

  const other = new URL(callback)
  other.searchParams.set('state', 'made-up')
  t.is(await mallory.open(other.href), nowhere, 'another state')
  const without = new URL(callback)
  without.searchParams.delete('state')
  t.is(await mallory.open(without.href), nowhere, 'no state')
  // Log-in CSRF: the victim's browser is sent to the end of the attacker's visit.
  await start(server, victim)
  t.is(await victim.open(callback.href), nowhere, 'a visit of another browser')
  t.like(await finish(server, victim), ended)
  t.is(await mallory.open(callback.href), nowhere, 'and it is over by that')
})

test('a browser without the cookie of the visit does not end it', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const mallory = new WebBrowser()
  const { body } = await start(server, mallory)
  const callback = await mallory.open(body['url'], isCallback)
  t.is(await new WebBrowser().open(callback), `${server.url}/${failed('AUTH_FLOW_ENDED')}`)
})

test('a visit is answered once, and a code counts once', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  const { body } = await start(server, browser)
  const callback = await browser.open(body['url'], isCallback)
  t.is(await browser.open(callback), `${server.url}/${marker}`)
  t.is(await browser.open(callback), `${server.url}/${failed('AUTH_FLOW_ENDED')}`)

  // The old code under the state of a new visit: the provider knows it is used, and it is bound to another verifier.
  const second = await start(server, browser)
  const replayed = new URL(callback)
  replayed.searchParams.set('state', new URL(second.body['url']).searchParams.get('state')!)
  t.is(await browser.open(replayed.href), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
})

test('a code of another visit does not count, since its verifier is another', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const [mallory, victim] = [new WebBrowser(), new WebBrowser()]
  const stolen = new URL(await victim.open((await start(server, victim)).body['url'], isCallback))
  const own = new URL(await mallory.open((await start(server, mallory)).body['url'], isCallback))
  own.searchParams.set('code', stolen.searchParams.get('code')!)
  t.is(await mallory.open(own.href), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
})

test('a visit is over after ten minutes, and so is what came of it', async (t) => {
  const { at, server, clock } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  const callback = await browser.open((await start(server, browser)).body['url'], isCallback)
  clock.jump(600_000)
  t.is(await browser.open(callback), `${server.url}/${failed('AUTH_FLOW_ENDED')}`)
  await visit(server, browser)
  clock.jump(600_000)
  t.like(await finish(server, browser), ended)
})

test('an answer in the name of another provider does not count', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  const callback = new URL(await browser.open((await start(server, browser)).body['url'], isCallback))
  callback.searchParams.set('iss', 'https://evil.example')
  t.is(await browser.open(callback.href), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
})

test('a changed nonce does not count', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  const address = new URL((await start(server, browser)).body['url'])
  address.searchParams.set('nonce', 'another')
  t.is(await browser.open(address.href), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
})

const seconds = () => Math.floor(Date.now() / 1_000)
const lies: Record<string, Lie> = {
  'another nonce': { claims: { nonce: 'another' } },
  'no nonce': { claims: { nonce: undefined } },
  'another issuer': { claims: { iss: 'https://evil.example' } },
  'another audience': { claims: { aud: 'somebody-else' } },
  'a time that is over': { claims: { iat: seconds() - 7_200, exp: seconds() - 3_600 } },
  'a signature of another key': { key: 'another' },
}
async function withLiar(t: Parameters<typeof serve>[0]) {
  const liar = await lyingProvider(t)
  const server = await serve(t, { auth: { authenticators: [oidc({ providers: [provider(liar.issuer)] })] } })
  const answer = async (lie: Lie) => {
    const browser = new WebBrowser()
    const query = new URL((await start(server, browser)).body['url']).searchParams
    liar.tell(lie, query.get('nonce')!)
    return browser.open(`${query.get('redirect_uri')}?code=any&state=${query.get('state')}`)
  }
  return { liar, server, answer }
}
test('an ID token that is right counts', async (t) => {
  const { server, answer } = await withLiar(t)
  t.is(await answer({}), `${server.url}/${marker}`)
})
for (const [what, lie] of Object.entries(lies)) {
  test(`an ID token with ${what} does not count`, async (t) => {
    const { server, answer } = await withLiar(t)
    t.is(await answer(lie), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
  })
}

test('a provider that calls itself otherwise than configured is not visited; one that comes back is', async (t) => {
  const { liar, server } = await withLiar(t)
  const browser = new WebBrowser()
  liar.lie({ issuer: 'https://evil.example' })
  t.like(await start(server, browser), {
    status: 502,
    body: { error: { code: 'AUTH_PROVIDER_FAILED', retryable: true } },
  })
  liar.lie({})
  t.is((await start(server, browser)).status, 200)
})

test('a provider that sends the server elsewhere is not followed', async (t) => {
  const { liar, server, answer } = await withLiar(t)
  const elsewhere = await lyingProvider(t)
  const followed: string[] = []
  elsewhere.heard((url) => void followed.push(url))
  liar.lie({ moved: `${elsewhere.issuer}/anything` })
  t.is((await start(server, new WebBrowser())).body['error'].code, 'AUTH_PROVIDER_FAILED')
  liar.lie({})
  t.is(await answer({ moved: `${elsewhere.issuer}/anything` }), `${server.url}/${failed('AUTH_PROVIDER_FAILED')}`)
  t.deepEqual(followed, [])
})

test("a victim's mail address at the provider gets nobody into the victim's account", async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const own = new WebBrowser()
  await visit(server, own)
  const made = await register(server, own)
  const mallory = new WebBrowser()
  at.login({ ...alice, sub: 'm-1' })
  await visit(server, mallory)
  t.like((await finish(server, mallory)).body, { status: 'new' })
  t.is((await register(server, mallory)).body['error'].code, 'AUTH_HANDLE_TAKEN')
  const other = await register(server, mallory, 'mallory')
  t.not(other.body['user'].id, made.body['user'].id)
})

test('a handle that is taken leaves the outcome for another try; a closed server makes no account', async (t) => {
  const { at, server } = await setUp(t)
  await server.register('alice')
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  t.is((await register(server, browser)).body['error'].code, 'AUTH_HANDLE_TAKEN')
  t.is((await register(server, browser, '!')).body['error'].code, 'AUTH_HANDLE_INVALID')
  t.is((await register(server, browser, 'alice-2')).status, 201)

  const shut = await setUp(t, { auth: { registration: 'closed' } })
  shut.at.login(alice)
  // Without `authenticators` in `more.auth` those of `setUp` stay.
  const visitor = new WebBrowser()
  await visit(shut.server, visitor)
  t.is((await register(shut.server, visitor)).body['error'].code, 'AUTH_REGISTRATION_CLOSED')
})

test('of two accounts that are made at once for one person there is one', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const [phone, laptop] = [new WebBrowser(), new WebBrowser()]
  await visit(server, phone)
  await visit(server, laptop)
  const answers = await Promise.all([register(server, phone, 'alice'), register(server, laptop, 'other')])
  t.deepEqual(answers.map(({ status }) => status).sort(), [201, 409])
})

test('a server that died while it made an account keeps nobody out', async (t) => {
  const { at, server, storage, clock } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  storage.before = (model, verb) => {
    if (model === 'account' && verb === 'insert') throw new Error('gone')
  }
  t.is((await register(server, browser)).status, 500)
  storage.before = undefined
  t.is((await register(server, browser)).body['error'].code, 'AUTH_FACTOR_EXISTS', 'it might still be at it')
  clock.jump(60_001)
  t.is((await register(server, browser)).status, 201)
})

test('linking: only by who is logged in, with a recent log-in or the password, and in the session that asked', async (t) => {
  const { at, server, clock } = await setUp(t)
  const mine = await server.register('alice')
  const browser = new WebBrowser()
  at.login(alice)
  t.is((await browser.call(server, '/oidc/link', { provider: 'example' })).status, 401)
  clock.jump(600_000)
  const renewed = await server.call('POST', '/refresh', { refreshToken: mine['refreshToken'] })
  const token = String(renewed.body['accessToken'])
  t.like(await start(server, browser, {}, token), { status: 403, body: { error: { code: 'AUTH_PROOF_NEEDED' } } })
  t.is((await start(server, browser, { password: 'wrong' }, token)).status, 401)
  await visit(server, browser, { password }, token)
  t.is((await finish(server, browser)).status, 401, 'not logged in')
  const bob = await server.register('bob')
  t.is((await finish(server, browser, bob['accessToken'])).status, 401, 'as somebody else')
  const login = await server.call('POST', '/login', { handle: 'alice', password, mode: 'token' })
  t.is((await finish(server, browser, login.body['accessToken'])).status, 401, 'in another session')
  t.is((await register(server, browser, 'other')).status, 410, 'a link makes no account')
  t.deepEqual((await finish(server, browser, token)).body, { status: 'linked', provider: 'example' })
  t.like((await server.call('GET', '/oidc/links', undefined, { token })).body['links'], [
    { provider: 'example', name: 'alice' },
  ])

  const elsewhere = new WebBrowser()
  await visit(server, elsewhere)
  t.is((await finish(server, elsewhere)).body['user'].id, mine['user'].id)
})

test('what is linked to one account is not linked to another', async (t) => {
  const { at, server } = await setUp(t)
  const [first, second] = [await server.register('first'), await server.register('second')]
  at.login(alice)
  const link = async (token: string) => {
    const browser = new WebBrowser()
    await visit(server, browser, {}, token)
    return finish(server, browser, token)
  }
  t.is((await link(first['accessToken'])).status, 200)
  for (const { accessToken } of [second, first] as { accessToken: string }[]) {
    t.like(await link(accessToken), { status: 409, body: { error: { code: 'AUTH_FACTOR_EXISTS' } } })
  }
})

test('an unlinked account elsewhere logs in no more; the last way in stays', async (t) => {
  const { at, server, storage } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  const made = await register(server, browser)
  const token = String(made.body['accessToken'])
  const [link] = (await server.call('GET', '/oidc/links', undefined, { token })).body['links']
  const unlink = () => server.call('POST', `/oidc/links/${link.id}/remove`, {}, { token })
  t.like(await unlink(), { status: 409, body: { error: { code: 'AUTH_LAST_WAY' } } })
  const bob = await server.register('bob')
  t.is((await server.call('POST', `/oidc/links/${link.id}/remove`, {}, { token: bob['accessToken'] })).status, 404)
  // A password by way of a recovery code is another way in.
  const fresh = { handle: 'alice', code: made.body['codes'][0], password: 'another good password', mode: 'token' }
  const recovered = (await server.call('POST', '/recover', fresh)).body['accessToken']
  const removed = await server.call('POST', `/oidc/links/${link.id}/remove`, {}, { token: recovered })
  t.is(removed.status, 200)
  t.is((await storage.records(contract.credential).page({ user: made.body['user'].id, method: 'oidc' })).rows.length, 0)
  await visit(server, browser)
  t.is((await finish(server, browser)).body['status'], 'new')
})

test('a link to a provider that is no longer configured is no way in', async (t) => {
  const [one, two] = [await lyingProvider(t), await lyingProvider(t)]
  const other = { ...provider(two.issuer), id: 'other', name: 'Other' }
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const secrets = 'Kd83nVq0sLx7Bz2Yw5Tg9Hm4Rj6Pc1Fa'
  const node = (providers: readonly OidcProvider[]) =>
    serve(t, { storage: storage.plugin(), clock, secrets, auth: { authenticators: [oidc({ providers })] } })
  const server = await node([provider(one.issuer), other])
  const come = async (liar: typeof one, id: string, token?: string) => {
    const browser = new WebBrowser()
    const query = new URL((await start(server, browser, { provider: id }, token)).body['url']).searchParams
    liar.tell({}, query.get('nonce')!)
    await browser.open(`${query.get('redirect_uri')}?code=any&state=${query.get('state')}`)
    return browser
  }
  const token = String((await register(server, await come(one, 'example'))).body['accessToken'])
  t.is((await finish(server, await come(two, 'other', token), token)).body['status'], 'linked')
  const { links } = (await server.call('GET', '/oidc/links', undefined, { token })).body
  const { id } = links.find((link: { provider: string }) => link.provider === 'example')
  const later = await node([provider(one.issuer)])
  const refused = await later.call('POST', `/oidc/links/${id}/remove`, {}, { token })
  t.is(refused.body['error'].code, 'AUTH_LAST_WAY')
  t.is((await server.call('POST', `/oidc/links/${id}/remove`, {}, { token })).status, 200)
})

test('an account has at most twenty links', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const liar = await lyingProvider(t)
  const providers = [provider(liar.issuer)]
  const server = await serve(t, { storage: storage.plugin(), clock, auth: { authenticators: [oidc({ providers })] } })
  const { accessToken, user } = await server.register('alice')
  const rows = storage.records(contract.credential)
  for (let at = 0; at < 20; at++) {
    await rows.insert({ user: user.id, method: 'oidc', id: `${at}`, subject: `${at}`, secret: 'example', at })
  }
  const browser = new WebBrowser()
  const query = new URL((await start(server, browser, {}, accessToken)).body['url']).searchParams
  liar.tell({}, query.get('nonce')!)
  await browser.open(`${query.get('redirect_uri')}?code=any&state=${query.get('state')}`)
  t.is((await finish(server, browser, accessToken)).body['error'].code, 'AUTH_TOO_MANY')
})

test('removing a link needs a recent log-in', async (t) => {
  const { at, server, clock } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  const made = await register(server, browser)
  clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: made.body['refreshToken'] }))
    .body
  const [link] = (await server.call('GET', '/oidc/links', undefined, { token })).body['links']
  const removed = await server.call('POST', `/oidc/links/${link.id}/remove`, {}, { token })
  t.is(removed.body['error'].code, 'AUTH_PROOF_NEEDED')
})

test('a second factor is asked for after a provider too', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  const token = (await register(server, browser)).body['accessToken']
  const { secret } = (await server.call('POST', '/totp', {}, { token })).body
  const code = () => new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.clock.now() })
  t.is((await server.call('POST', '/totp/confirm', { code: code() }, { token })).status, 200)
  await visit(server, browser)
  const asked = (await finish(server, browser)).body
  t.like(asked, { status: 'factor', methods: ['totp', 'recovery-code'] })
  server.clock.jump(30_000)
  const input = { method: 'totp', flow: asked['flow'], input: { code: code() }, mode: 'token' }
  t.is((await server.call('POST', '/login/verify', input)).status, 200)
})

test('the browser is sent back to paths of its own site only', async (t) => {
  const { server } = await setUp(t)
  const browser = new WebBrowser()
  for (const returnTo of [
    '//evil.example',
    '/\\evil.example',
    '/\t/evil.example',
    'https://evil.example/',
    'evil',
    '',
    'javascript:alert(1)',
  ]) {
    t.is((await start(server, browser, { returnTo })).status, 422, JSON.stringify(returnTo))
  }
})

test('other sites start, finish and register nothing', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  const refused = { status: 403, body: { error: { code: 'AUTH_ORIGIN_REFUSED' } } }
  for (const origin of ['https://evil.example', null]) {
    t.like(await browser.call(server, '/oidc/start', { provider: 'example' }, undefined, origin), refused)
  }
  await visit(server, browser)
  for (const mode of ['cookie', 'token']) {
    t.like(await browser.call(server, '/oidc/finish', { mode }, undefined, 'https://evil.example'), refused)
    const body = { handle: 'alice', mode }
    t.like(await browser.call(server, '/oidc/register', body, undefined, 'https://evil.example'), refused)
  }
  const { accessToken } = await server.register('bob')
  const link = await browser.call(server, '/oidc/link', { provider: 'example' }, accessToken, 'https://evil.example')
  t.like(link, refused)
})

test('one answer of two at once gets the session', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  await register(server, browser)
  await visit(server, browser)
  const answers = await Promise.all([1, 2, 3].map(() => finish(server, browser)))
  t.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('visits are limited per network, and those that succeed do not count', async (t) => {
  const { at, server } = await setUp(t, { auth: { limits: { loginPerNetwork: { points: 3, windowMs: 60_000 } } } })
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  t.is((await register(server, browser)).status, 201)
  for (let at = 0; at < 4; at++) {
    await visit(server, browser)
    t.is((await finish(server, browser)).status, 200)
  }
  for (let at = 0; at < 3; at++) t.is((await start(server, browser)).status, 200)
  t.is((await start(server, browser)).status, 429)
})

test('one name at two providers is two people', async (t) => {
  const [one, two] = [await lyingProvider(t), await lyingProvider(t)]
  const providers = [provider(one.issuer), { ...provider(two.issuer), id: 'other', name: 'Other' }]
  const server = await serve(t, { auth: { authenticators: [oidc({ providers })] } })
  const come = async (liar: typeof one, id: string) => {
    const browser = new WebBrowser()
    const query = new URL((await start(server, browser, { provider: id })).body['url']).searchParams
    liar.tell({}, query.get('nonce')!)
    await browser.open(`${query.get('redirect_uri')}?code=any&state=${query.get('state')}`)
    return browser
  }
  t.is((await register(server, await come(one, 'example'))).status, 201)
  t.is((await finish(server, await come(two, 'other'))).body['status'], 'new')
  t.is((await finish(server, await come(one, 'example'))).body['status'], 'ok')
})

test('an answer that comes to the address of another provider does not count', async (t) => {
  const { issuer } = await lyingProvider(t)
  const server = await serve(t, {
    auth: {
      authenticators: [
        oidc({ providers: [provider(issuer), { ...provider('https://other.example'), id: 'other', name: 'Other' }] }),
      ],
    },
  })
  const browser = new WebBrowser()
  const query = new URL((await start(server, browser)).body['url']).searchParams
  const mixed = query.get('redirect_uri')!.replace(/example$/, 'other')
  t.is(
    await browser.open(`${mixed}?code=any&state=${query.get('state')}`),
    `${server.url}/${failed('AUTH_FLOW_ENDED')}`,
  )
})

test('an unknown provider, and one that was taken away', async (t) => {
  const { server } = await setUp(t)
  const browser = new WebBrowser()
  t.is((await start(server, browser, { provider: 'other' })).status, 404)
  t.is(
    await browser.open(`${server.url}/chat/auth/oidc/callback/other?state=x`),
    `${server.url}/${failed('AUTH_FLOW_ENDED')}`,
  )
})

test('a closed account can be made anew, under another handle', async (t) => {
  const { at, server } = await setUp(t)
  at.login(alice)
  const browser = new WebBrowser()
  await visit(server, browser)
  const made = await register(server, browser)
  await server.chat.get(contract.Accounts).close(made.body['user'].id)
  await visit(server, browser)
  t.is((await finish(server, browser)).body['status'], 'new')
  t.is((await register(server, browser, 'other')).status, 201)
})

test('the routes are described, with their errors', async (t) => {
  const { server } = await setUp(t)
  const document = await (await fetch(`${server.url}/chat/openapi.json`)).json()
  const paths = Object.keys((document as { paths: object }).paths)
  for (const end of ['start', 'link', 'callback/{provider}', 'finish', 'register', 'links', 'links/{id}/remove']) {
    t.true(
      paths.some((path) => path.endsWith(`/auth/oidc/${end}`)),
      end,
    )
  }
  t.regex(JSON.stringify(document), /AUTH_PROVIDER_FAILED/)
})

test('settings that cannot work are said at once', (t) => {
  const good = provider('https://accounts.example.org')
  for (const options of [
    { providers: [] },
    { providers: [{ ...good, issuer: 'http://accounts.example.org' }] },
    { providers: [{ ...good, issuer: 'accounts' }] },
    { providers: [{ ...good, id: 'Example One' }] },
    { providers: [{ ...good, scope: 'profile' }] },
    { providers: [good, good] },
    { providers: [good, { ...good, id: 'other' }] },
    { providers: [good], url: 'http://example.org/chat' },
  ]) {
    t.throws(() => oidc(options), { code: 'NATTER_CONFIG_INVALID' } as never, JSON.stringify(options))
  }
  t.notThrows(() => oidc({ providers: [good], url: 'https://example.org/chat' }))
})
