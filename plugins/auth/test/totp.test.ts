import { Secret, TOTP } from 'otpauth'
import test from 'ava'
import { totp } from '@natter/auth/totp'
import * as contract from '@natter/auth/contract'
import { FakeClock } from '@natter/testkit'
import { stepOf } from '#src/totp/time-codes.js'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'
import { SharedStorage } from './shared-storage.js'

const step = 30_000
const wide = { points: 1_000, windowMs: 60_000 }
const codeOf = (secret: string, now: number) =>
  new TOTP({ secret: Secret.fromBase32(secret), digits: 6, period: 30, algorithm: 'SHA1' }).generate({ timestamp: now })

async function setUp(t: Parameters<typeof serve>[0], more: Parameters<typeof serve>[1] = {}) {
  const clock = more.clock ?? new FakeClock()
  const server = await serve(t, {
    ...more,
    clock,
    auth: { authenticators: [totp({ issuer: 'Example' })], ...more.auth },
  })
  const alice = await server.register('alice')
  return { server, clock, alice, token: String(alice['accessToken']) }
}
async function enrol(server: Served, token: string) {
  const { body } = await server.call('POST', '/totp', {}, { token })
  const secret = String(body['secret'])
  const code = codeOf(secret, server.clock.now())
  const confirmed = await server.call('POST', '/totp/confirm', { code }, { token })
  if (confirmed.status !== 200) throw new Error(JSON.stringify(confirmed.body))
  // The code that confirmed counts no more.
  server.clock.jump(step)
  return { secret, code: () => codeOf(secret, server.clock.now()) }
}
const login = ({ call }: Served, more: object = {}) =>
  call('POST', '/login', { handle: 'alice', password, mode: 'token', ...more })
const verify = ({ call }: Served, flow: string, code: string, method = 'totp') =>
  call('POST', '/login/verify', { method, flow, input: { code }, mode: 'token' })
const wrong = { status: 401, body: { error: { code: 'AUTH_WRONG_CREDENTIALS' } } }

test('codes are those of RFC 6238, one step early or late', (t) => {
  // Appendix B, in base32 and with six digits.
  const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
  t.is(stepOf(secret, '287082', 59_000), 1)
  t.is(stepOf(secret, '28 70 82', 59_000), 1)
  t.is(stepOf(secret, '050471', 1_111_111_111_000), 37_037_037)
  t.is(stepOf(secret, '287082', 29_999), 1, 'one step early')
  t.is(stepOf(secret, '287082', 89_999), 1, 'one step late')
  t.is(stepOf(secret, '287082', 90_000), undefined, 'two steps late')
  for (const bad of ['', '28708', '2870820', '28708x', '٢٨٧٠٨٢']) t.is(stepOf(secret, bad, 59_000), undefined)
})

test('an app is set up with a code of it, and then asked for; nothing is given before', async (t) => {
  const { server, token } = await setUp(t)
  t.deepEqual((await server.call('GET', '/totp', undefined, { token })).body, { enrolled: false })
  const begun = await server.call('POST', '/totp', {}, { token })
  t.regex(begun.body['secret'], /^[A-Z2-7]{32}$/)
  t.regex(begun.body['uri'], /^otpauth:\/\/totp\/Example:alice\?/)
  t.is((await login(server)).body['status'], 'ok', 'not confirmed yet')
  t.like(await server.call('POST', '/totp/confirm', { code: '000000' }, { token }), wrong)
  t.is((await login(server)).body['status'], 'ok', 'still not')
  const code = codeOf(begun.body['secret'], server.clock.now())
  t.is((await server.call('POST', '/totp/confirm', { code }, { token })).status, 200)
  t.deepEqual((await server.call('GET', '/totp', undefined, { token })).body, {
    enrolled: true,
    since: server.clock.now(),
  })
  const asked = await login(server, { mode: 'cookie' })
  t.like(asked.body, { status: 'factor', methods: ['totp', 'recovery-code'] })
  t.is(asked.cookie, undefined)
  t.false('accessToken' in asked.body)
  t.like(await verify(server, asked.body['flow'], code), wrong, 'the code that confirmed is used')
  server.clock.jump(step)
  const entered = await verify(server, asked.body['flow'], codeOf(begun.body['secret'], server.clock.now()))
  t.like(entered.body, { status: 'ok', user: { handle: 'alice' } })
  t.like((await server.call('POST', '/totp', {}, { token })).body, { error: { code: 'AUTH_FACTOR_EXISTS' } })
})

test('a code counts once, also in two log-ins at the same moment', async (t) => {
  const { server, token } = await setUp(t, { auth: { authenticators: [totp()], limits: { login: wide } } })
  const { code } = await enrol(server, token)
  const flows = await Promise.all(Array.from({ length: 8 }, async () => String((await login(server)).body['flow'])))
  const answers = await Promise.all(flows.map((flow) => verify(server, flow, code())))
  t.is(answers.filter(({ status }) => status === 200).length, 1)
  t.is(answers.filter(({ status }) => status === 401).length, 7)
  t.like(await verify(server, (await login(server)).body['flow'], code()), wrong)
})

test('an earlier code does not count after a later one', async (t) => {
  const { server, token } = await setUp(t)
  const { code } = await enrol(server, token)
  const earlier = code()
  server.clock.jump(step)
  t.is((await verify(server, (await login(server)).body['flow'], code())).status, 200)
  t.like(await verify(server, (await login(server)).body['flow'], earlier), wrong)
})

test('wrong codes are limited per account, over many log-ins, and a recovery code still gets in', async (t) => {
  const { server, token, alice } = await setUp(t, {
    auth: {
      authenticators: [totp()],
      limits: { login: wide, loginPerNetwork: wide, factor: { points: 6, windowMs: 60_000 } },
    },
  })
  const { code } = await enrol(server, token)
  for (let at = 0; at < 6; at++) t.like(await verify(server, (await login(server)).body['flow'], '000000'), wrong)
  const { flow } = (await login(server)).body
  const late = await verify(server, flow, code())
  t.is(late.status, 429)
  t.true(late.body['error'].retryAfterMs > 0)
  t.is((await verify(server, flow, alice['codes'][0], 'recovery-code')).status, 200)
})

test('a recovery code stands in for the app, once, and is no log-in by itself', async (t) => {
  const { server, token, alice } = await setUp(t)
  await enrol(server, token)
  const [code] = alice['codes']
  const alone = { method: 'recovery-code', input: { code }, mode: 'token' }
  t.is((await server.call('POST', '/login/verify', alone)).status, 404)
  const entered = await verify(server, (await login(server)).body['flow'], code, 'recovery-code')
  t.like(entered.body, { status: 'ok', user: { recoveryCodes: 9 } })
  t.like(await verify(server, (await login(server)).body['flow'], code, 'recovery-code'), wrong)
})

test('who recovers an account is asked for the second factor as ever', async (t) => {
  const { server, token, alice } = await setUp(t)
  const app = await enrol(server, token)
  const fresh = { password: 'another good password', mode: 'cookie' }
  const [first, second] = alice['codes']
  const { token: link } = (await server.chat.get(contract.Accounts).recoveryToken(alice['user'].id))!
  for (const [path, input] of [
    ['/recover', { handle: 'alice', code: first }],
    ['/recovery/confirm', { token: link }],
  ] as const) {
    const recovered = await server.call('POST', path, { ...fresh, ...input })
    t.like(recovered, { status: 200, body: { status: 'factor', methods: ['totp', 'recovery-code'] } })
    t.is(recovered.cookie, undefined)
    t.false('accessToken' in recovered.body)
    const { flow } = recovered.body
    t.like(await verify(server, flow, '000000'), wrong)
    t.like(await verify(server, flow, first, 'recovery-code'), wrong, 'the code that recovered is used')
    server.clock.jump(step)
    t.is((await verify(server, flow, app.code())).body['status'], 'ok')
  }
  t.is((await login(server, { password: 'another good password' })).body['status'], 'factor')
  const again = await server.call('POST', '/recover', { ...fresh, handle: 'alice', code: second })
  const entered = await verify(server, again.body['flow'], alice['codes'][2], 'recovery-code')
  t.is(entered.body['status'], 'ok', 'without the app it takes two codes')
})

test('a recovery code is no reason to ask for it', async (t) => {
  const { server } = await setUp(t)
  t.is((await login(server)).body['status'], 'ok')
})

test('a log-in is recent for ten minutes', async (t) => {
  const { server, token } = await setUp(t, { auth: { authenticators: [totp()], accessLifeMs: 3_600_000 } })
  server.clock.jump(599_999)
  t.is((await server.call('POST', '/totp', {}, { token })).status, 200)
  server.clock.jump(1)
  t.is((await server.call('POST', '/totp', {}, { token })).status, 403)
})

test('a session that is merely refreshed is not a recent log-in', async (t) => {
  const { server, alice } = await setUp(t)
  server.clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body
  for (const [path, body] of [
    ['/totp', {}],
    ['/recovery/codes', {}],
  ] as const) {
    t.like(await server.call('POST', path, body, { token }), {
      status: 403,
      body: { error: { code: 'AUTH_PROOF_NEEDED' } },
    })
    t.like(await server.call('POST', path, { password: 'wrong' }, { token }), wrong)
    t.is((await server.call('POST', path, { password }, { token })).status, 200)
  }
})

test('wrong passwords and wrong codes of somebody who is logged in are limited', async (t) => {
  const few = { points: 3, windowMs: 60_000 }
  const { server, token } = await setUp(t, {
    auth: { authenticators: [totp()], limits: { password: few, factor: few } },
  })
  for (let at = 0; at < 3; at++) t.like(await server.call('POST', '/totp', { password: 'wrong' }, { token }), wrong)
  t.is((await server.call('POST', '/totp', { password }, { token })).status, 429)
  const { secret } = (await server.call('POST', '/totp', {}, { token })).body
  for (let at = 0; at < 3; at++)
    t.like(await server.call('POST', '/totp/confirm', { code: '000000' }, { token }), wrong)
  const code = codeOf(secret, server.clock.now())
  t.is((await server.call('POST', '/totp/confirm', { code }, { token })).status, 429)
})

test('what is set up and not confirmed is over after ten minutes', async (t) => {
  const { server, token } = await setUp(t, { auth: { authenticators: [totp()], accessLifeMs: 3_600_000 } })
  const { secret } = (await server.call('POST', '/totp', {}, { token })).body
  server.clock.jump(600_000)
  const code = codeOf(secret, server.clock.now())
  t.is((await server.call('POST', '/totp/confirm', { code }, { token })).body['error'].code, 'AUTH_FLOW_ENDED')
})

test('of two who confirm at once one does', async (t) => {
  const { server, token } = await setUp(t)
  const { secret } = (await server.call('POST', '/totp', {}, { token })).body
  const code = codeOf(secret, server.clock.now())
  const answers = await Promise.all([1, 2].map(() => server.call('POST', '/totp/confirm', { code }, { token })))
  t.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('removing the app needs a recent log-in, or password and code together', async (t) => {
  const { server, alice, token: first } = await setUp(t)
  const { code } = await enrol(server, first)
  server.clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body
  const remove = (body: object) => server.call('POST', '/totp/remove', body, { token })
  const needed = { status: 403, body: { error: { code: 'AUTH_PROOF_NEEDED' } } }
  t.like(await remove({}), needed)
  t.like(await remove({ password }), needed)
  t.like(await remove({ code: code() }), needed)
  t.like(await remove({ password: 'wrong', code: code() }), wrong)
  t.like(await remove({ password, code: '000000' }), wrong)
  t.is((await remove({ password, code: code() })).status, 200)
  t.is((await login(server)).body['status'], 'ok')
  t.is((await remove({ password, code: code() })).status, 404)
})

test('codes in place of a log-in are limited', async (t) => {
  const limits = { factor: { points: 3, windowMs: 60_000 } }
  const { server, alice, token: first } = await setUp(t, { auth: { authenticators: [totp()], limits } })
  const { code } = await enrol(server, first)
  server.clock.jump(600_000)
  const { accessToken: token } = (await server.call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body
  const remove = (body: object) => server.call('POST', '/totp/remove', body, { token })
  for (let at = 0; at < 3; at++) t.like(await remove({ password, code: '000000' }), wrong)
  t.is((await remove({ password, code: code() })).status, 429)
})

test('who lost the app gets in with a recovery code and removes it', async (t) => {
  const { server, alice, token } = await setUp(t)
  await enrol(server, token)
  server.clock.jump(3_600_000)
  const entered = await verify(server, (await login(server)).body['flow'], alice['codes'][0], 'recovery-code')
  const removed = await server.call('POST', '/totp/remove', {}, { token: entered.body['accessToken'] })
  t.is(removed.status, 200)
  t.is((await login(server)).body['status'], 'ok')
})

test('the host takes the app away from who lost everything, and all sessions with it', async (t) => {
  const { server, alice, token } = await setUp(t)
  await enrol(server, token)
  const { flow } = (await login(server)).body
  await server.chat.get(contract.Accounts).removeFactors(alice['user'].id)
  t.is((await server.call('GET', '/me', undefined, { token })).status, 401)
  t.is((await verify(server, flow, '000000')).status, 401)
  t.is((await login(server)).body['status'], 'ok')
})

test('a log-in that waits for its second factor ends with the sessions', async (t) => {
  const { server, alice, token } = await setUp(t)
  const { code } = await enrol(server, token)
  const { flow } = (await login(server)).body
  await server.chat.get(contract.Accounts).logout(alice['user'].id)
  t.is((await verify(server, flow, code())).body['error'].code, 'AUTH_FLOW_ENDED')
})

test('who has an app is not to be learnt without the password', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { server, token } = await setUp(t, { clock, storage: storage.plugin() })
  await server.register('bob')
  await enrol(server, token)
  const looked: string[] = []
  storage.before = (model, verb) => void looked.push(`${verb} ${model}`)
  const answers = []
  for (const handle of ['alice', 'bob', 'nobody-here']) {
    looked.length = 0
    const { status, body } = await login(server, { handle, password: 'wrong' })
    answers.push(JSON.stringify({ status, body, looked }))
  }
  t.is(new Set(answers).size, 1, answers.join('\n'))
})

test('the secret is sealed in the database, for its account, and resealed with a newer key', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const old = { kid: 'old', secret: 'old 3mQx8vKp2Lz7Yt5Rw9Hs4Nc6Jb1Gf0D' }
  const recent = { kid: 'new', secret: 'new 7Tg2Wd9Xq4Bv6Zr1Mk8Pf3Ls5Hj0CnAe' }
  const { server, token, alice } = await setUp(t, { clock, storage: storage.plugin(), secrets: [old] })
  const { secret, code } = await enrol(server, token)
  const rows = storage.records(contract.credential)
  const user = String(alice['user'].id)
  const kept = (await rows.get({ user, method: 'totp', id: 'totp' }))!
  t.regex(kept.secret, /^old\./)
  t.false(JSON.stringify(kept).includes(secret))

  // The row of somebody else does not open under another account.
  const bob = await server.register('bob')
  await rows.insert({ ...kept, user: bob['user'].id })
  const bobs = (await login(server, { handle: 'bob' })).body
  t.like(await verify(server, bobs['flow'], code()), wrong)

  const second = await serve(t, {
    auth: { authenticators: [totp()] },
    clock,
    storage: storage.plugin(),
    secrets: [recent, old],
  })
  t.is((await verify(second, (await login(second)).body['flow'], code())).status, 200)
  t.regex((await rows.get({ user, method: 'totp', id: 'totp' }))!.secret, /^new\./)
  clock.jump(step)
  const third = await serve(t, {
    auth: { authenticators: [totp()] },
    clock,
    storage: storage.plugin(),
    secrets: [recent],
  })
  t.is((await verify(third, (await login(third)).body['flow'], code())).status, 200)
})

test('an app whose key was lost is replaced by a recovery code', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { server, token, alice } = await setUp(t, { clock, storage: storage.plugin() })
  const { code } = await enrol(server, token)
  const secrets = 'other 4Hn8Vb1Qx6Ld3Tz9Ks7Wp2Rm5Gc0Ye'
  const later = await serve(t, { auth: { authenticators: [totp()] }, clock, storage: storage.plugin(), secrets })
  t.like(await verify(later, (await login(later)).body['flow'], code()), wrong)
  const entered = await verify(later, (await login(later)).body['flow'], alice['codes'][0], 'recovery-code')
  t.is((await later.call('POST', '/totp/remove', {}, { token: entered.body['accessToken'] })).status, 200)
})

test('without totp() there is neither route nor method', async (t) => {
  const server = await serve(t)
  const { accessToken: token } = await server.register('alice')
  t.is((await server.call('GET', '/totp', undefined, { token })).status, 404)
  t.deepEqual((await server.call('GET', '/ways')).body, { methods: [], providers: [] })
})

test('what a server offers can be asked for', async (t) => {
  const { server } = await setUp(t)
  t.deepEqual((await server.call('GET', '/ways')).body, { methods: ['totp'], providers: [] })
  const document = (await (await fetch(`${server.url}/chat/openapi.json`)).json()) as { paths: object }
  for (const path of ['/auth/ways', '/auth/totp', '/auth/totp/confirm', '/auth/totp/remove']) {
    t.true(
      Object.keys(document.paths).some((known) => known.endsWith(path)),
      path,
    )
  }
})
