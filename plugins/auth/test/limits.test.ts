import test from 'ava'
import { Limit, networkOf } from '#src/limits.js'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

const login = ({ call }: Served, handle: string, secret: string) =>
  call('POST', '/login', { handle, password: secret, mode: 'token' })
const limited = { status: 429, body: { error: { code: 'NATTER_RATE_LIMITED', retryable: true } } }

test('five wrong passwords for an account from one network, then it has to wait', async (t) => {
  const server = await serve(t)
  await server.register('alice')
  for (let i = 0; i < 5; i++) t.is((await login(server, 'alice', `wrong ${i}`)).status, 401)
  const answer = await login(server, 'alice', password)
  t.like(answer, limited)
  t.true(answer.body['error'].retryAfterMs > 14 * 60_000)
  t.like(await login(server, 'ALICE', password), limited, 'by no other spelling either')
})

test('an address that a visitor makes up does not move the limits, unless the host trusts its proxy', async (t) => {
  const { call, register } = await serve(t)
  await register('alice')
  const guess = (i: number) => {
    const ip = `203.0.113.${i}`
    const headers = { 'x-forwarded-for': ip, 'x-real-ip': ip, forwarded: `for=${ip}`, 'cf-connecting-ip': ip }
    return call('POST', '/login', { handle: 'alice', password: `guess ${i}`, mode: 'token' }, { headers })
  }
  for (let i = 0; i < 5; i++) t.is((await guess(i)).status, 401)
  t.like(await guess(5), limited)
})

test('an unknown handle is limited like a known one', async (t) => {
  const server = await serve(t)
  for (let i = 0; i < 5; i++) t.is((await login(server, 'nobody-here', 'wrong')).status, 401)
  t.like(await login(server, 'nobody-here', 'wrong'), limited)
})

test('a flood of guesses at the same time gets no more than five', async (t) => {
  const server = await serve(t)
  await server.register('alice')
  const answers = await Promise.all(Array.from({ length: 50 }, (_, i) => login(server, 'alice', `guess ${i}`)))
  t.is(answers.filter(({ status }) => status === 401).length, 5)
  t.is(answers.filter(({ status }) => status === 429).length, 45)
})

test('the account stays open from elsewhere: nobody can lock another person out', async (t) => {
  const perAccount = new Limit({ points: 5, windowMs: 900_000 })
  for (let i = 0; i < 6; i++) await perAccount.tryToSpend('alice 203.0.113.5')
  t.is(await perAccount.tryToSpend('alice 198.51.100.7'), 0)

  const server = await serve(t)
  const { accessToken } = await server.register('alice')
  for (let i = 0; i < 6; i++) await login(server, 'alice', `wrong ${i}`)
  t.is((await server.call('GET', '/me', undefined, { token: accessToken })).status, 200)
})

test('right passwords do not count', async (t) => {
  const server = await serve(t)
  await server.register('alice')
  for (let i = 0; i < 4; i++) t.is((await login(server, 'alice', 'wrong')).status, 401)
  for (let i = 0; i < 8; i++) t.is((await login(server, 'alice', password)).status, 200)
  t.is((await login(server, 'alice', 'wrong')).status, 401)
  t.like(await login(server, 'alice', password), limited)
})

test('a network that tries many accounts has to wait', async (t) => {
  const server = await serve(t, { auth: { limits: { loginPerNetwork: { points: 8, windowMs: 60_000 } } } })
  await server.register('alice')
  for (let i = 0; i < 8; i++) t.is((await login(server, `person-${i}`, 'guess')).status, 401)
  t.like(await login(server, 'alice', password), limited)
})

test('a network makes so many accounts and then has to wait', async (t) => {
  const server = await serve(t, { auth: { limits: { registration: { points: 2, windowMs: 60_000 } } } })
  await server.register('alice')
  await server.register('bob')
  t.like(await server.call('POST', '/register', { handle: 'carol', password, mode: 'token' }), limited)
})

test('recovery codes are not guessed: five tries per account', async (t) => {
  const server = await serve(t)
  const { codes } = await server.register('alice')
  const recover = (code: string) =>
    server.call('POST', '/recover', { handle: 'alice', code, password: 'another good password', mode: 'token' })
  for (let i = 0; i < 5; i++) t.is((await recover('AAAAA-AAAAA-AAAAA-AAAAA')).status, 401)
  t.like(await recover(codes[0]), limited)
})

test('the password of somebody who left a device open is not guessed on it', async (t) => {
  const server = await serve(t, { auth: { limits: { password: { points: 3, windowMs: 60_000 } } } })
  const { accessToken: token } = await server.register('alice')
  const change = (current: string) =>
    server.call('POST', '/password', { current, password: 'another good password' }, { token })
  for (let i = 0; i < 3; i++) t.is((await change(`wrong ${i}`)).status, 401)
  t.like(await change(password), limited)
})

test('look-ups by handle are limited per person, over HTTP and the WebSocket together', async (t) => {
  const server = await serve(t, { auth: { limits: { find: { points: 4, windowMs: 60_000 } } } })
  const { accessToken: token } = await server.register('alice')
  const device = await server.connect({ token })
  for (let i = 0; i < 2; i++) {
    t.is((await server.call('GET', '/find?handle=alice', undefined, { token })).status, 200)
    await device.request('auth.find', { handle: 'alice' })
  }
  t.like(await server.call('GET', '/find?handle=alice', undefined, { token }), limited)
  await t.throwsAsync(device.request('auth.find', { handle: 'alice' }), { code: 'NATTER_RATE_LIMITED' } as never)
})

const networks: Readonly<Record<string, string>> = {
  '203.0.113.5': '203.0.113.5',
  '::ffff:203.0.113.5': '203.0.113.5',
  '2001:db8:1:2:3:4:5:6': '2001:db8:1:2',
  '2001:db8:1:2:ffff:ffff:ffff:ffff': '2001:db8:1:2',
  '2001:DB8:1:2::1': '2001:db8:1:2',
  '2001:db8::1': '2001:db8:0:0',
  '::1': '0:0:0:0',
  '': '',
}
for (const [ip, network] of Object.entries(networks)) {
  test(`the address "${ip}" counts as "${network}"`, (t) => {
    t.is(networkOf(ip), network)
  })
}
