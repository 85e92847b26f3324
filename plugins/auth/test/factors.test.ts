import { definePlugin } from '@natter/core'
import { deny } from '@natter/core/contract'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { totp } from '@natter/auth/totp'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

/** A stranger's plugin: a key that one owns as the first factor, a code as the second. */
function twoWays(enrolled: Set<string>, owners: Map<string, string>) {
  return definePlugin({
    name: 'two-ways',
    setup(api) {
      api.hook(contract.authenticators, () => [
        {
          name: 'code',
          role: 'second',
          enrolled: async (user) => enrolled.has(user),
          verify: async ({ input, user }) => {
            if (input['code'] === 'locked') return deny(contract.AuthErrors.FLOW_ENDED)
            return user !== undefined && input['code'] === '123456' ? { user } : undefined
          },
        },
        {
          name: 'key',
          role: 'either',
          enrolled: async () => false,
          begin: async ({ input }) => ({ challenge: { sign: `for ${String(input['key'])}` }, state: 'a challenge' }),
          verify: async ({ input, state }) => {
            const user = owners.get(String(input['key']))
            return user !== undefined && state === 'a challenge' ? { user, complete: input['pin'] === true } : undefined
          },
        },
      ])
    },
  })()
}
async function setUp(t: Parameters<typeof serve>[0]) {
  const enrolled = new Set<string>()
  const owners = new Map<string, string>()
  const server = await serve(t, { plugins: [twoWays(enrolled, owners)] })
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  owners.set('gold', alice['user'].id)
  return { server, alice, bob, enrolled }
}
const login = ({ call }: Served, handle = 'alice') => call('POST', '/login', { handle, password, mode: 'token' })
const verify = ({ call }: Served, method: string, flow: string | undefined, input: object) =>
  call('POST', '/login/verify', { method, input, mode: 'token', ...(flow === undefined ? {} : { flow }) })

test('an account with a second factor is asked for it after the password', async (t) => {
  const { server, alice, enrolled } = await setUp(t)
  enrolled.add(alice['user'].id)
  const { status, body, cookie } = await login(server)
  t.is(status, 200)
  t.like(body, { status: 'factor', methods: ['code'], expiresAt: server.clock.now() + 600_000 })
  t.false('accessToken' in body)
  t.is(cookie, undefined)
  const entered = await verify(server, 'code', body['flow'], { code: '123456' })
  t.like(entered.body, { status: 'ok', user: { handle: 'alice' } })
  t.truthy(entered.body['refreshToken'])
  t.is((await login(server, 'bob')).body['status'], 'ok')
})

test('a flow is good for one log-in, for five tries, and for ten minutes', async (t) => {
  const { server, alice, enrolled } = await setUp(t)
  enrolled.add(alice['user'].id)
  const once = (await login(server)).body['flow']
  t.is((await verify(server, 'code', once, { code: '123456' })).status, 200)
  t.is((await verify(server, 'code', once, { code: '123456' })).body['error'].code, 'AUTH_FLOW_ENDED')

  const tried = (await login(server)).body['flow']
  for (let i = 0; i < 5; i++) {
    t.is((await verify(server, 'code', tried, { code: `${i}` })).body['error'].code, 'AUTH_WRONG_CREDENTIALS')
  }
  t.is((await verify(server, 'code', tried, { code: '123456' })).body['error'].code, 'AUTH_FLOW_ENDED')

  const slow = (await login(server)).body['flow']
  server.clock.jump(600_000)
  t.is((await verify(server, 'code', slow, { code: '123456' })).body['error'].code, 'AUTH_FLOW_ENDED')
})

test('guesses for one flow do not run side by side', async (t) => {
  const { server, alice, enrolled } = await setUp(t)
  enrolled.add(alice['user'].id)
  const { flow } = (await login(server)).body
  const answers = await Promise.all(
    Array.from({ length: 40 }, (_, i) => verify(server, 'code', flow, { code: `wrong ${i}` })),
  )
  const wrong = answers.filter(({ body }) => body['error'].code === 'AUTH_WRONG_CREDENTIALS')
  t.true(wrong.length >= 1 && wrong.length <= 5, `${wrong.length} guesses were looked at`)
})

test('a second factor alone is no log-in', async (t) => {
  const { server } = await setUp(t)
  t.is((await verify(server, 'code', undefined, { code: '123456' })).body['error'].code, 'AUTH_METHOD_UNKNOWN')
})

test("a proof of somebody else does not finish a person's log-in", async (t) => {
  const enrolled = new Set<string>()
  let answers = ''
  const plugin = definePlugin({
    name: 'confused',
    setup: (api) =>
      api.hook(contract.authenticators, () => [
        {
          name: 'code',
          role: 'second',
          enrolled: async (user) => enrolled.has(user),
          verify: async () => ({ user: answers }),
        },
      ]),
  })
  const server = await serve(t, { plugins: [plugin()] })
  const [alice, bob] = [await server.register('alice'), await server.register('bob')]
  enrolled.add(alice['user'].id)
  answers = bob['user'].id
  const { flow } = (await login(server)).body
  t.is((await verify(server, 'code', flow, {})).body['error'].code, 'AUTH_WRONG_CREDENTIALS')

  server.clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body
  const proof = { password, code: 'any' }
  t.is((await server.call('POST', '/recovery/codes', proof, { token })).body['error'].code, 'AUTH_WRONG_CREDENTIALS')
  answers = alice['user'].id
  t.is((await server.call('POST', '/recovery/codes', proof, { token })).status, 200)
})

test('a method with a challenge: begin, then verify; the state stays on the server', async (t) => {
  const { server } = await setUp(t)
  const begun = await server.call('POST', '/login/begin', { method: 'key', input: { key: 'gold' } })
  t.deepEqual(begun.body['challenge'], { sign: 'for gold' })
  t.false(JSON.stringify(begun.body).includes('a challenge'))
  t.is((await verify(server, 'key', undefined, { key: 'gold' })).status, 401, 'without the challenge')
  t.like((await verify(server, 'key', begun.body['flow'], { key: 'gold' })).body, { status: 'ok' })
})

test('a proof that is two factors by itself asks for no other', async (t) => {
  const { server, alice, enrolled } = await setUp(t)
  enrolled.add(alice['user'].id)
  const start = async () => (await server.call('POST', '/login/begin', { method: 'key' })).body['flow']
  t.like((await verify(server, 'key', await start(), { key: 'gold' })).body, { status: 'factor', methods: ['code'] })
  t.like((await verify(server, 'key', await start(), { key: 'gold', pin: true })).body, { status: 'ok' })
})

test('the password is a method like the others, under the same limits', async (t) => {
  const { server } = await setUp(t)
  t.like((await verify(server, 'password', undefined, { handle: 'alice', password })).body, { status: 'ok' })
  for (let i = 0; i < 5; i++) {
    t.is((await verify(server, 'password', undefined, { handle: 'alice', password: 'wrong' })).status, 401)
  }
  t.is((await verify(server, 'password', undefined, { handle: 'alice', password })).status, 429)
  t.is((await verify(server, 'password', undefined, { handle: 7 })).status, 422)
})

test('a password cannot be guessed by way of a flow, past its limits', async (t) => {
  const { server } = await setUp(t)
  const begun = await server.call('POST', '/login/begin', { method: 'password' })
  t.is(begun.body['error'].code, 'AUTH_METHOD_UNKNOWN')
  const { flow } = (await server.call('POST', '/login/begin', { method: 'key' })).body
  t.is(
    (await verify(server, 'password', flow, { handle: 'alice', password })).body['error'].code,
    'AUTH_METHOD_UNKNOWN',
  )
})

test('an authenticator can refuse with an error of its own', async (t) => {
  const { server, alice, enrolled } = await setUp(t)
  enrolled.add(alice['user'].id)
  const { flow } = (await login(server)).body
  t.is((await verify(server, 'code', flow, { code: 'locked' })).body['error'].code, 'AUTH_FLOW_ENDED')
})

test('unknown methods and flows are told apart from wrong proofs', async (t) => {
  const { server } = await setUp(t)
  t.is((await verify(server, 'smoke-signals', undefined, {})).status, 404)
  t.is((await server.call('POST', '/login/begin', { method: 'smoke-signals' })).status, 404)
  t.is((await verify(server, 'code', 'no-such-flow', { code: '123456' })).status, 410)
})

test('two ways to log in of one name do not start', async (t) => {
  const plugin = definePlugin({
    name: 'second-totp',
    setup: (api) =>
      api.hook(contract.authenticators, () => [{ name: 'totp', role: 'second', verify: async () => undefined }]),
  })
  const twice = { message: /called "totp"/ }
  await t.throwsAsync(serve(t, { auth: { authenticators: [totp()] }, plugins: [plugin()] }), twice)
  const invalid = { code: 'NATTER_CONFIG_INVALID' } as never
  await t.throwsAsync(async () => serve(t, { auth: { authenticators: [totp(), totp()] } }), invalid)
  await t.throwsAsync(async () => serve(t, { auth: { authenticators: [{ name: 'x' } as never] } }), invalid)
})
