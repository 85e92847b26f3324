import test from 'ava'
import { Secret, TOTP } from 'otpauth'
import type { HostLogger } from '@natter/core'
import * as contract from '@natter/auth/contract'
import { oidc } from '@natter/auth/oidc'
import { passkeys } from '@natter/auth/passkeys'
import { totp } from '@natter/auth/totp'
import { FakeClock } from '@natter/testkit'
import { client, lyingProvider } from './providers.js'
import { password, serve } from './serve.js'
import { SharedStorage } from './shared-storage.js'
import { SoftwareAuthenticator } from './software-authenticator.js'
import { WebBrowser } from './web-browser.js'

/** A logger that keeps all that it is told. */
function keepingLogger() {
  const lines: string[] = []
  const keep = (...args: unknown[]) =>
    void lines.push(
      JSON.stringify(args, (_key, value: unknown) =>
        value instanceof Error ? Object.assign({ text: value.message, at: value.stack }, value) : value,
      ),
    )
  const logger: HostLogger = {
    child: () => logger,
    isLevelEnabled: () => true,
    debug: keep,
    info: keep,
    warn: keep,
    error: keep,
  }
  return { lines, logger }
}

test('no password, token, code or hash is in any log line or answer', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { lines, logger } = keepingLogger()
  const { call, register, connect } = await serve(t, { clock, storage: storage.plugin(), logger })
  const secrets = new Set<string>([password, 'wrong password canary', 'fresh password canary'])
  const answers: string[] = []
  const note = (body: Record<string, any>) => {
    for (const key of ['accessToken', 'refreshToken']) if (body[key]) secrets.add(body[key])
    return body
  }
  const ask: typeof call = async (...args) => {
    const answer = await call(...args)
    answers.push(JSON.stringify(answer.body))
    return answer
  }

  const alice = note(await register('alice'))
  for (const code of alice['codes']) secrets.add(code)
  const token = alice['accessToken']
  const device = await connect({ token })
  secrets.add(String((device.frames[0]![1] as Record<string, unknown>)['ticket']))
  await ask('POST', '/login', { handle: 'alice', password: 'wrong password canary', mode: 'token' })
  await ask('POST', '/password', { current: 'wrong password canary', password: 'fresh password canary' }, { token })
  await ask('POST', '/recover', { handle: 'alice', code: alice['codes'][0], password: 'short', mode: 'token' })
  // A refresh token that is used again is worth a line in the log.
  note((await call('POST', '/refresh', { refreshToken: alice['refreshToken'] })).body)
  await clock.advance(31_000)
  await ask('POST', '/refresh', { refreshToken: alice['refreshToken'] })
  t.true(lines.some((line) => line.includes('used again')))
  // Faults are logged too.
  storage.failing.add('account')
  await ask('POST', '/login', { handle: 'alice', password, mode: 'token' })
  storage.failing.delete('account')
  storage.before = () => {
    throw new Error('a driver that says too much: SELECT * FROM auth_credential WHERE secret = ?')
  }
  const broken = await ask('POST', '/login', { handle: 'alice', password, mode: 'token' })
  t.is(broken.body['error'].code, 'NATTER_INTERNAL')
  storage.before = undefined

  const { rows } = await storage.records(contract.credential).page({ user: alice['user'].id })
  for (const { secret } of rows) secrets.add(secret)
  for (const { refresh } of (await storage.records(contract.session).page({ user: alice['user'].id })).rows) {
    secrets.add(refresh)
  }
  t.true(secrets.size > 20)
  const log = lines.join('\n')
  for (const secret of secrets) {
    t.false(log.includes(secret), `in the log: ${secret}`)
    for (const answer of answers) t.false(answer.includes(secret), `in an answer: ${secret}`)
  }
  for (const answer of answers) t.notRegex(answer, /SELECT|\.js:|\/work\/|at \w+ \(/)
})

test('every log-in and every one that failed is in the log, with who, how and from where', async (t) => {
  const { lines, logger } = keepingLogger()
  const server = await serve(t, { logger })
  const { user, codes, accessToken: token } = await server.register('alice')
  const noted = async (path: string, body: object, options = {}) => {
    lines.length = 0
    await server.call('POST', path, { mode: 'token', ...body }, options)
    return lines
      .map((line) => JSON.parse(line) as [Record<string, string>, string])
      .map(([who, what]) => ({ ...who, what }))
  }
  t.like(await noted('/login', { handle: 'alice', password }), [
    { what: 'somebody logged in', user: user.id, by: 'password', ip: '127.0.0.1' },
  ])
  const failed = { what: 'a log-in failed', ip: '127.0.0.1' }
  t.like(await noted('/login', { handle: 'alice', password: 'wrong' }), [{ ...failed, user: user.id, by: 'password' }])
  const typedInTheWrongField = await noted('/login', { handle: password, password: 'wrong' })
  t.deepEqual(typedInTheWrongField, [{ ...failed, by: 'password' }])
  t.like(await noted('/recover', { handle: 'alice', code: 'wrong', password: 'another good password' }), [
    { ...failed, user: user.id, by: 'recovery code' },
  ])
  t.like(await noted('/recovery/confirm', { token: 'x'.repeat(43), password: 'another good password' }), [
    { ...failed, by: 'recovery link' },
  ])
  t.like(await noted('/password', { current: 'wrong', password: 'another good password' }, { token }), [
    { what: 'a proof of somebody who is logged in failed', user: user.id, by: 'password' },
  ])
  t.like(await noted('/recover', { handle: 'alice', code: codes[0], password: 'another good password' }), [
    { what: 'somebody logged in', user: user.id, by: 'recovery code' },
  ])
})

test('limits that are reached are in the log once, and what changes a way to log in each time', async (t) => {
  const { lines, logger } = keepingLogger()
  const server = await serve(t, { logger, auth: { authenticators: [totp()] } })
  const { user, accessToken } = await server.register('alice')
  const said = (what: string) =>
    lines.map((line) => JSON.parse(line) as [object, string]).flatMap(([who, text]) => (text === what ? [who] : []))
  for (let i = 0; i < 9; i++)
    await server.call('POST', '/login', { handle: password, password: 'wrong', mode: 'token' })
  t.deepEqual(said('a limit was reached'), [{ limit: 'login', who: '127.0.0.1' }])
  for (let i = 0; i < 5; i++) await server.call('POST', '/recovery/request', { handle: password })
  t.deepEqual(said('a limit was reached')[1], { limit: 'recoveryMail' })
  t.false(lines.some((line) => line.includes(password)))

  const changed = await server.call(
    'POST',
    '/password',
    { current: password, password: 'another good password' },
    { token: accessToken },
  )
  const { accessToken: token } = changed.body as { accessToken: string }
  await server.call('POST', '/recovery/codes', { password: 'another good password' }, { token })
  t.deepEqual(said('a way to log in was changed'), [
    { user: user.id, way: 'password' },
    { user: user.id, way: 'recovery-code' },
  ])
  const { secret } = (await server.call('POST', '/totp', {}, { token })).body
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: server.clock.now() })
  await server.call('POST', '/totp/confirm', { code }, { token })
  await server.call('POST', '/totp/remove', {}, { token })
  t.deepEqual(said('a way to log in was added'), [{ user: user.id, way: 'totp' }])
  t.deepEqual(said('a way to log in was removed'), [{ user: user.id, way: 'totp' }])
  const accounts = server.chat.get(contract.Accounts)
  await accounts.recoveryToken(user.id)
  await accounts.removeFactors(user.id)
  await accounts.logout(user.id)
  await accounts.close(user.id)
  t.deepEqual(
    said('the host acted on an account'),
    ['recoveryToken', 'removeFactors', 'logout', 'close'].map((act) => ({ user: user.id, act })),
  )
})

test('passkeys and accounts elsewhere that are added or removed are in the log', async (t) => {
  const { lines, logger } = keepingLogger()
  const liar = await lyingProvider(t)
  const origin = 'https://chat.example.org'
  const providers = [{ id: 'example', name: 'Example', issuer: liar.issuer, ...client }]
  const authenticators = [oidc({ providers }), passkeys({ origins: [origin] })]
  const server = await serve(t, { logger, auth: { authenticators } })
  const { accessToken: token, user } = await server.register('alice')
  const changes = () =>
    lines
      .map((line) => JSON.parse(line) as [Record<string, string>, string])
      .flatMap(([{ way, user: whose }, what]) => (whose === user.id && way ? [`${way}: ${what}`] : []))

  const { options } = (await server.call('POST', '/passkey-options', {}, { token })).body
  const response = new SoftwareAuthenticator(origin).create(options)
  const { id } = (await server.call('POST', '/passkeys', { response }, { token })).body
  await server.call('POST', `/passkeys/${id}/remove`, {}, { token })

  const browser = new WebBrowser()
  const { body } = await browser.call(server, '/oidc/link', { provider: 'example' }, token)
  const query = new URL(body['url']).searchParams
  liar.tell({}, query.get('nonce')!)
  await browser.open(`${query.get('redirect_uri')}?code=any&state=${query.get('state')}`)
  t.is((await browser.call(server, '/oidc/finish', {}, token)).body['status'], 'linked')
  const [link] = (await server.call('GET', '/oidc/links', undefined, { token })).body['links']
  await server.call('POST', `/oidc/links/${link.id}/remove`, {}, { token })
  t.deepEqual(
    changes(),
    ['passkey', 'oidc'].flatMap((way) => [`${way}: a way to log in was added`, `${way}: a way to log in was removed`]),
  )
})

test('no secret of a further way to log in is in any log line or database row', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { lines, logger } = keepingLogger()
  const liar = await lyingProvider(t)
  const providers = [{ id: 'example', name: 'Example', issuer: liar.issuer, ...client }]
  const authenticators = [totp(), oidc({ providers }), passkeys({ origins: ['https://chat.example.org'] })]
  const server = await serve(t, { clock, storage: storage.plugin(), logger, auth: { authenticators } })
  const { accessToken: token, user } = await server.register('alice')
  const { secret, uri } = (await server.call('POST', '/totp', {}, { token })).body
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate({ timestamp: clock.now() })
  t.is((await server.call('POST', '/totp/confirm', { code }, { token })).status, 200)
  await server.call('POST', '/totp/remove', { password, code: 'wrong code canary' }, { token })

  const browser = new WebBrowser()
  liar.lie({ claims: { nonce: 'another' } })
  const { body } = await browser.call(server, '/oidc/start', { provider: 'example' })
  const query = new URL(body['url']).searchParams
  const callback = `${query.get('redirect_uri')}?code=provider-code-canary&state=${query.get('state')}`
  t.regex(await browser.open(callback), /AUTH_PROVIDER_FAILED$/)
  await server.call('POST', '/oidc/start', { provider: 'example' })
  t.true(lines.some((line) => line.includes('did not succeed')))

  const rows = JSON.stringify((await storage.records(contract.credential).page({ user: user.id })).rows)
  const log = lines.join('\n')
  const hidden = [secret, uri, 'wrong code canary', client.clientSecret, 'provider-code-canary', query.get('state')!]
  for (const text of hidden) {
    t.false(log.includes(text), `in the log: ${text}`)
    t.false(rows.includes(text), `in the database: ${text}`)
  }
})

test('no answer of these routes is kept by a cache', async (t) => {
  const { call, register } = await serve(t)
  const { accessToken: token, refreshToken } = await register('alice')
  for (const { headers } of [
    await call('GET', '/me', undefined, { token }),
    await call('GET', '/devices', undefined, { token }),
    await call('POST', '/refresh', { refreshToken }),
    await call('POST', '/login', { handle: 'alice', password: 'wrong', mode: 'token' }),
  ]) {
    t.is(headers.get('cache-control'), 'no-store')
  }
})
