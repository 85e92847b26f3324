import { generateKeyPairSync } from 'node:crypto'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { passkeys } from '@natter/auth/passkeys'
import { FakeClock } from '@natter/testkit'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'
import { SharedStorage } from './shared-storage.js'
import { SoftwareAuthenticator } from './software-authenticator.js'
import type { Deviation } from './software-authenticator.js'

const origin = 'https://chat.example.org'
const challengeMs = 300_000
const refused = { status: 422, body: { error: { code: 'AUTH_PASSKEY_REFUSED' } } }
const wrong = { status: 401, body: { error: { code: 'AUTH_WRONG_CREDENTIALS' } } }
const ended = { status: 410, body: { error: { code: 'AUTH_FLOW_ENDED' } } }
const needed = { status: 403, body: { error: { code: 'AUTH_PROOF_NEEDED' } } }

async function setUp(t: Parameters<typeof serve>[0], more: Parameters<typeof serve>[1] = {}) {
  const clock = more.clock ?? new FakeClock()
  const storage = new SharedStorage(clock)
  const limits = { login: { points: 1_000, windowMs: 60_000 } }
  const authenticators = [passkeys({ rpName: 'Example', origins: [origin] })]
  const server = await serve(t, {
    storage: storage.plugin(),
    ...more,
    clock,
    auth: { authenticators, limits, ...more.auth },
  })
  const alice = await server.register('alice')
  return { server, clock, storage, alice, user: String(alice['user'].id), token: String(alice['accessToken']) }
}
const begin = ({ call }: Served, token: string, more: object = {}) => call('POST', '/passkey-options', more, { token })
async function add(server: Served, token: string, more: object = {}, name?: string) {
  const key = new SoftwareAuthenticator(origin)
  const { body } = await begin(server, token, more)
  const response = key.create(body['options'], 'second' in more ? { userVerified: false } : {})
  const added = await server.call('POST', '/passkeys', { response, ...(name ? { name } : {}) }, { token })
  if (added.status !== 201) throw new Error(JSON.stringify(added.body))
  return { key, id: String(added.body['id']), row: added.body }
}
const challenge = async ({ call }: Served, flow?: string) =>
  (await call('POST', '/login/begin', { method: 'passkey', ...(flow ? { flow } : {}) })).body
const verify = ({ call }: Served, flow: string, response: object, more: object = {}) =>
  call('POST', '/login/verify', { method: 'passkey', flow, input: { response }, mode: 'token', ...more })
const withPassword = ({ call }: Served) => call('POST', '/login', { handle: 'alice', password, mode: 'token' })
function gateway() {
  let open = () => {}
  const opened = new Promise<void>((resolve) => (open = resolve))
  return { open, opened }
}
async function logIn(server: Served, key: SoftwareAuthenticator, deviation?: Deviation) {
  const begun = await challenge(server)
  return verify(server, begun['flow'], key.get(begun['challenge'], deviation))
}

test('a passkey is added, and logs in by itself without a handle', async (t) => {
  const { server, token, user } = await setUp(t)
  const begun = await begin(server, token)
  t.like(begun.body['options'], {
    rp: { id: 'chat.example.org', name: 'Example' },
    user: { id: Buffer.from(user).toString('base64url'), name: 'alice' },
    authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    attestation: 'none',
  })
  const { key } = await add(server, token)
  const started = await challenge(server)
  t.like(started['challenge'], { rpId: 'chat.example.org', userVerification: 'required' })
  t.is(started['challenge'].allowCredentials?.length ?? 0, 0, 'nothing tells whose passkeys there are')
  const entered = await verify(server, started['flow'], key.get(started['challenge']))
  t.like(entered.body, { status: 'ok', user: { handle: 'alice' } })
  t.is((await withPassword(server)).body['status'], 'ok', 'the password still logs in by itself')
})

test('the cookie comes with the origin only, as with a password', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  const begun = await challenge(server)
  const answer = key.get(begun['challenge'])
  const body = { method: 'passkey', flow: begun['flow'], input: { response: answer } }
  const elsewhere = await server.call('POST', '/login/verify', body, { origin: 'https://evil.example' })
  t.is(elsewhere.status, 403)
  const here = await server.call('POST', '/login/verify', body)
  t.is(here.status, 200)
  t.truthy(here.cookie)
})

const lies: Record<string, Deviation> = {
  'another origin': { origin: 'https://chat.example.org.evil.example' },
  'another port': { origin: 'https://chat.example.org:8443' },
  'another challenge': { challenge: Buffer.alloc(32).toString('base64url') },
  'another site': { rpId: 'evil.example' },
  'another ceremony': { type: 'webauthn.payment' },
  'nobody there': { userPresent: false, userVerified: false },
  'an owner who was not recognised': { userVerified: false },
}
for (const [what, deviation] of Object.entries(lies)) {
  test(`${what}: a passkey is not added`, async (t) => {
    const { server, token } = await setUp(t)
    const { options } = (await begin(server, token)).body
    const response = new SoftwareAuthenticator(origin).create(options, deviation)
    t.like(await server.call('POST', '/passkeys', { response }, { token }), refused)
    t.deepEqual((await server.call('GET', '/passkeys', undefined, { token })).body, { passkeys: [] })
  })
  test(`${what}: a passkey does not log in`, async (t) => {
    const { server, token } = await setUp(t)
    const { key } = await add(server, token)
    t.like(await logIn(server, key, deviation), wrong)
    t.is((await logIn(server, key)).status, 200)
  })
}

test('a signature of another key does not log in', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  t.like(await logIn(server, key, { key: privateKey }), wrong)
})

test('a passkey that says it is of somebody else, or of nobody, does not log in alone', async (t) => {
  const { server, token } = await setUp(t)
  const bob = await server.register('bob')
  const { key } = await add(server, token)
  t.like(await logIn(server, key, { userHandle: Buffer.from(bob['user'].id).toString('base64url') }), wrong)
  t.like(await logIn(server, key, { userHandle: null }), wrong)
})

test('a challenge is answered once, right or wrong, and within five minutes', async (t) => {
  const { server, clock, token } = await setUp(t)
  const { key } = await add(server, token)
  const used = await challenge(server)
  const answer = key.get(used['challenge'])
  t.is((await verify(server, used['flow'], answer)).status, 200)
  t.like(await verify(server, used['flow'], answer), ended)
  t.like(await verify(server, (await challenge(server))['flow'], answer), wrong, 'for another challenge')

  const tried = await challenge(server)
  t.like(await verify(server, tried['flow'], key.get(tried['challenge'], { origin: 'https://evil.example' })), wrong)
  t.like(await verify(server, tried['flow'], key.get(tried['challenge'])), ended)

  const late = await challenge(server)
  clock.jump(challengeMs)
  t.like(await verify(server, late['flow'], key.get(late['challenge'])), wrong)
})

test('one answer in two requests at once logs in once', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  const begun = await challenge(server)
  const answer = key.get(begun['challenge'])
  const answers = await Promise.all([1, 2, 3, 4].map(() => verify(server, begun['flow'], answer)))
  t.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('a counter that does not rise is refused; one that is never counted is fine', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  t.is((await logIn(server, key, { counter: 7 })).status, 200)
  t.like(await logIn(server, key, { counter: 7 }), wrong)
  t.like(await logIn(server, key, { counter: 6 }), wrong)
  t.like(await logIn(server, key, { counter: 0 }), wrong)
  t.is((await logIn(server, key, { counter: 8 })).status, 200)

  const { options } = (await begin(server, token)).body
  const still = new SoftwareAuthenticator(origin)
  const response = still.create(options, { counter: 0 })
  t.is((await server.call('POST', '/passkeys', { response }, { token })).status, 201)
  t.is((await logIn(server, still, { counter: 0 })).status, 200)
  t.is((await logIn(server, still, { counter: 0 })).status, 200)
})

test('of two signatures with one counter at once one counts', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  const begun = await Promise.all(Array.from({ length: 6 }, () => challenge(server)))
  const answers = await Promise.all(
    begun.map((each) => verify(server, each['flow'], key.get(each['challenge'], { counter: 9 }))),
  )
  t.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('adding: the challenge is used once, within five minutes, and in the session that asked', async (t) => {
  const { server, clock, token } = await setUp(t)
  const key = new SoftwareAuthenticator(origin)
  const { options } = (await begin(server, token)).body
  const elsewhere = (await withPassword(server)).body['accessToken']
  t.like(await server.call('POST', '/passkeys', { response: key.create(options) }, { token: elsewhere }), ended)
  t.like(await server.call('POST', '/passkeys', { response: key.create(options, { type: 'x' }) }, { token }), refused)
  t.like(await server.call('POST', '/passkeys', { response: key.create(options) }, { token }), ended)

  const again = (await begin(server, token)).body['options']
  t.is((await server.call('POST', '/passkeys', { response: key.create(again) }, { token })).status, 201)
  t.like(await server.call('POST', '/passkeys', { response: key.create(again) }, { token }), ended)

  const late = (await begin(server, token)).body['options']
  clock.jump(challengeMs)
  t.like(await server.call('POST', '/passkeys', { response: key.create(late) }, { token }), ended)
})

test('adding, and changing what is asked for, needs a recent log-in or the password', async (t) => {
  const { server, clock, alice, token: first } = await setUp(t)
  const { id } = await add(server, first)
  clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body
  t.like(await begin(server, token), needed)
  t.like(await begin(server, token, { password: 'wrong' }), wrong)
  t.is((await begin(server, token, { password })).status, 200)
  t.like(await server.call('PATCH', `/passkeys/${id}`, { second: true }, { token }), needed)
  t.like(await server.call('POST', `/passkeys/${id}/remove`, {}, { token }), needed)
  t.is((await server.call('PATCH', `/passkeys/${id}`, { name: 'Laptop' }, { token })).status, 200)
  t.is((await server.call('PATCH', `/passkeys/${id}`, { second: true, password }, { token })).status, 200)
  t.like(await begin(server, token, { password }), needed, 'now a log-in would ask for more than the password')
  const code = alice['codes'][0]
  t.like(await begin(server, token, { password, code: 'AAAAA-AAAAA-AAAAA-AAAAA' }), wrong)
  t.is((await begin(server, token, { password, code })).status, 200)
  t.like(await begin(server, token, { password, code }), wrong, 'a recovery code is used up')
})

test('a passkey that is asked for after the password', async (t) => {
  const { server, token } = await setUp(t)
  const { key, id } = await add(server, token)
  t.is((await server.call('PATCH', `/passkeys/${id}`, { second: true }, { token })).status, 200)
  const asked = (await withPassword(server)).body
  t.like(asked, { status: 'factor', methods: ['passkey', 'recovery-code'] })
  const { flow } = asked
  const begun = await challenge(server, flow)
  t.is(begun['flow'], flow)
  t.deepEqual(
    begun['challenge'].allowCredentials.map((each: { id: string }) => each.id),
    [key.id],
  )
  t.like(await verify(server, flow, key.get(begun['challenge'], { origin: 'https://evil.example' })), wrong)
  t.like(await verify(server, flow, key.get(begun['challenge'])), wrong, 'a new challenge is needed')
  const again = await challenge(server, flow)
  t.is((await verify(server, flow, key.get(again['challenge'], { userVerified: false }))).status, 200)
  t.is((await logIn(server, key)).status, 200, 'and by itself as before, as two factors')
})

test('a security key that does not recognise its owner only follows the password', async (t) => {
  const { server, token } = await setUp(t)
  const { key, row, id } = await add(server, token, { second: true })
  t.like(row, { alone: false, second: true })
  t.like(await logIn(server, key), wrong)
  const { flow } = (await withPassword(server)).body
  const begun = await challenge(server, flow)
  t.is((await verify(server, flow, key.get(begun['challenge'], { userVerified: false }))).status, 200)
  const { body } = await server.call('PATCH', `/passkeys/${id}`, { second: false }, { token })
  t.is(body['second'], true)
})

test("somebody else's passkey does not follow a person's password", async (t) => {
  const { server, token } = await setUp(t)
  await add(server, token, { second: true })
  const bob = await server.register('bob')
  const bobs = await add(server, bob['accessToken'], { second: true })
  const { flow } = (await withPassword(server)).body
  const begun = await challenge(server, flow)
  t.like(await verify(server, flow, bobs.key.get(begun['challenge'])), wrong)
})

test('no passkey is of two accounts, or twice of one', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  const exists = { status: 409, body: { error: { code: 'AUTH_FACTOR_EXISTS' } } }
  const bob = (await server.register('bob'))['accessToken']
  for (const who of [token, bob]) {
    const { options } = (await begin(server, who)).body
    t.like(await server.call('POST', '/passkeys', { response: key.create(options) }, { token: who }), exists)
  }
  const { options } = (await begin(server, token)).body
  t.deepEqual(
    options.excludeCredentials.map((each: { id: string }) => each.id),
    [key.id],
  )
})

test('passkeys are listed, named and removed, each person their own', async (t) => {
  const { server, clock, token } = await setUp(t)
  const first = await add(server, token, {}, 'Phone')
  clock.jump(1)
  const second = await add(server, token)
  const bob = (await server.register('bob'))['accessToken']
  const list = async (who: string) =>
    (await server.call('GET', '/passkeys', undefined, { token: who })).body['passkeys']
  t.like(await list(token), [
    { id: first.id, name: 'Phone', alone: true, second: false },
    { id: second.id, name: 'Passkey' },
  ])
  t.deepEqual(await list(bob), [])
  t.is(
    (await server.call('PATCH', `/passkeys/${second.id}`, { name: ' Key ring ' }, { token })).body['name'],
    'Key ring',
  )
  t.is((await server.call('PATCH', `/passkeys/${second.id}`, { name: 'Mine' }, { token: bob })).status, 404)
  t.is((await server.call('POST', `/passkeys/${second.id}/remove`, {}, { token: bob })).status, 404)
  t.is((await server.call('POST', `/passkeys/${second.id}/remove`, {}, { token })).status, 200)
  t.is((await list(token)).length, 1)
  t.like(await logIn(server, second.key), wrong)
})

test('the last way to log in stays', async (t) => {
  const { server, storage, user, token } = await setUp(t)
  const { id } = await add(server, token)
  // As an account that never had a password.
  await storage.records(contract.credential).take({ user, method: 'password', id: 'password' })
  const removed = await server.call('POST', `/passkeys/${id}/remove`, {}, { token })
  t.like(removed, { status: 409, body: { error: { code: 'AUTH_LAST_WAY' } } })
})

test('two that are removed at once do not each take the other for the one that stays', async (t) => {
  const { server, storage, user, token } = await setUp(t)
  const [first, second] = [await add(server, token), await add(server, token)]
  await storage.records(contract.credential).take({ user, method: 'password', id: 'password' })
  const [gate, reached] = [gateway(), gateway()]
  let takes = 0
  storage.before = (model, verb) => {
    if (model !== 'credential' || verb !== 'take') return undefined
    reached.open()
    if (++takes === 2) gate.open()
    return gate.opened
  }
  const remove = (id: string) => server.call('POST', `/passkeys/${id}/remove`, {}, { token })
  const one = remove(first.id)
  await reached.opened
  const other = await remove(second.id)
  gate.open()
  t.deepEqual([(await one).status, other.status], [200, 503])
  t.is((await server.call('GET', '/passkeys', undefined, { token })).body['passkeys'].length, 1)
})

test('the host takes passkeys away from who lost them, and all sessions with them', async (t) => {
  const { server, token, user } = await setUp(t)
  const { key } = await add(server, token, { second: true })
  await server.chat.get(contract.Accounts).removeFactors(user)
  t.is((await server.call('GET', '/me', undefined, { token })).status, 401)
  t.like(await logIn(server, key), wrong)
  t.is((await withPassword(server)).body['status'], 'ok')
})

test('a key that only follows the password does not count as a way in', async (t) => {
  const { server, storage, user, token } = await setUp(t)
  const { id } = await add(server, token)
  await add(server, token, { second: true })
  await storage.records(contract.credential).take({ user, method: 'password', id: 'password' })
  t.is((await server.call('POST', `/passkeys/${id}/remove`, {}, { token })).status, 409)
})

test('a person has at most twenty', async (t) => {
  const { server, token } = await setUp(t)
  for (let at = 0; at < 20; at++) await add(server, token)
  t.like(await begin(server, token), { status: 409, body: { error: { code: 'AUTH_TOO_MANY' } } })
})

test('attempts to add a passkey are limited', async (t) => {
  const factor = { points: 3, windowMs: 60_000 }
  const { server, token } = await setUp(t, {
    auth: { authenticators: [passkeys({ origins: [origin] })], limits: { factor } },
  })
  for (let at = 0; at < 3; at++) {
    const { options } = (await begin(server, token)).body
    const response = new SoftwareAuthenticator(origin).create(options, { type: 'x' })
    t.like(await server.call('POST', '/passkeys', { response }, { token }), refused)
  }
  const { options } = (await begin(server, token)).body
  const response = new SoftwareAuthenticator(origin).create(options)
  t.is((await server.call('POST', '/passkeys', { response }, { token })).status, 429)
})

test('wrong passkeys count against the network, right ones do not', async (t) => {
  const loginPerNetwork = { points: 6, windowMs: 60_000 }
  const { server, token } = await setUp(t, {
    auth: { authenticators: [passkeys({ origins: [origin] })], limits: { loginPerNetwork } },
  })
  const { key } = await add(server, token)
  for (let at = 0; at < 10; at++) t.is((await logIn(server, key)).status, 200)
  for (let at = 0; at < 3; at++) t.like(await logIn(server, key, { type: 'x' }), wrong)
  t.is((await server.call('POST', '/login/begin', { method: 'passkey' })).status, 429)
})

test('what is no answer of a passkey is refused without a fault', async (t) => {
  const { server, token } = await setUp(t)
  const { key } = await add(server, token)
  for (const response of [
    {},
    { ...key.get({ challenge: 'x' }), id: '💥' },
    { ...key.get({ challenge: 'x' }), rawId: 'AAAA' },
  ]) {
    t.like(await verify(server, (await challenge(server))['flow'], response), wrong)
  }
  await begin(server, token)
  t.is((await server.call('POST', '/passkeys', { response: { id: 7 } }, { token })).status, 422)
})

test('the routes are described, with their errors', async (t) => {
  const { server } = await setUp(t)
  const document = await (await fetch(`${server.url}/chat/openapi.json`)).json()
  const paths = (document as { paths: Record<string, object> }).paths
  for (const path of ['/passkeys', '/passkey-options', '/passkeys/{id}', '/passkeys/{id}/remove']) {
    t.truthy(paths[`/chat/auth${path}`] ?? paths[`/auth${path}`], path)
  }
  t.regex(JSON.stringify(paths), /AUTH_PASSKEY_REFUSED/)
})

test('settings that cannot work are said at once', (t) => {
  for (const options of [
    { origins: [] },
    { origins: ['chat.example.org'] },
    { origins: ['http://chat.example.org'] },
    { origins: ['https://chat.example.org/'] },
    { origins: ['https://chat.example.org'], rpId: 'example.net' },
    { origins: ['https://chat.example.org', 'https://chat.example.net'] },
    { origins: ['https://notexample.org'], rpId: 'example.org' },
  ]) {
    t.throws(() => passkeys(options), { code: 'NATTER_CONFIG_INVALID' } as never, JSON.stringify(options))
  }
  t.notThrows(() => passkeys({ origins: ['http://localhost:3000'] }))
  t.notThrows(() => passkeys({ origins: ['https://a.example.org', 'https://b.example.org'], rpId: 'example.org' }))
})
