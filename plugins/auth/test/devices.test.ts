import test from 'ava'
import { deviceName } from '#src/device-name.js'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

const firefox = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0'
const login = async ({ call }: Served, more: object = {}, headers: Record<string, string> = {}) =>
  (await call('POST', '/login', { handle: 'alice', password, mode: 'token', ...more }, { headers })).body
const list = async ({ call }: Served, token: string) =>
  (await call('GET', '/devices', undefined, { token })).body['devices'] as Record<string, any>[]

test('devices are listed, newest first, with what they are called and which one asks', async (t) => {
  const server = await serve(t)
  await server.register('alice', { device: { name: 'My phone' } })
  await server.clock.advance(1_000)
  const laptop = await login(server, {}, { 'user-agent': firefox })
  const devices = await list(server, laptop['accessToken'])
  t.deepEqual(
    devices.map(({ name, current }) => [name, current]),
    [
      ['Firefox on Linux', true],
      ['My phone', false],
    ],
  )
  t.is(devices[0]!['createdAt'], server.clock.now())
})

test('a device is named, over HTTP and over the WebSocket', async (t) => {
  const server = await serve(t)
  const { accessToken: token, session } = await server.register('alice')
  t.is((await server.call('PATCH', `/devices/${session}`, { name: ' Kitchen tablet ' }, { token })).status, 200)
  t.is((await list(server, token))[0]!['name'], 'Kitchen tablet')
  const device = await server.connect({ token })
  await device.request('auth.nameDevice', { session, name: 'Pocket' })
  const { devices } = await device.request<{ devices: { name: string }[] }>('auth.devices')
  t.is(devices[0]!.name, 'Pocket')
})

test("another person's device is neither named nor revoked, as if it did not exist", async (t) => {
  const server = await serve(t)
  const alice = await server.register('alice')
  const bob = await server.register('bob')
  const token = bob['accessToken']
  for (const session of [alice['session'], 'no-such-session']) {
    t.is((await server.call('PATCH', `/devices/${session}`, { name: 'Mine' }, { token })).status, 404)
    t.is((await server.call('DELETE', `/devices/${session}`, undefined, { token })).status, 404)
  }
  t.is((await list(server, alice['accessToken'])).length, 1)
})

test('a revoked device leaves the list, and cannot be revoked twice', async (t) => {
  const server = await serve(t)
  const phone = await server.register('alice')
  const laptop = await login(server)
  const device = await server.connect({ token: laptop['accessToken'] })
  await device.request('auth.revokeDevice', { session: phone['session'] })
  t.is((await list(server, laptop['accessToken'])).length, 1)
  await t.throwsAsync(device.request('auth.revokeDevice', { session: phone['session'] }), {
    code: 'NATTER_NOT_FOUND',
  } as never)
})

test('a device that logs in again stays one device, and its earlier session ends', async (t) => {
  const server = await serve(t)
  const first = await server.register('alice')
  const connected = await server.connect({ token: first['accessToken'] })
  const again = await login(server, { device: { id: first['device'] } })
  t.is(again['device'], first['device'])
  t.not(again['session'], first['session'])
  t.is((await connected.closed).code, 4403)
  t.is((await list(server, again['accessToken'])).length, 1)
})

test('of too many devices the one that logged in first goes', async (t) => {
  const server = await serve(t, { auth: { maxDevices: 2 } })
  const first = await server.register('alice')
  await server.clock.advance(1_000)
  const second = await login(server)
  await server.clock.advance(1_000)
  const third = await login(server)
  t.is((await list(server, third['accessToken'])).length, 2)
  t.is((await server.call('GET', '/me', undefined, { token: first['accessToken'] })).status, 401)
  t.is((await server.call('GET', '/me', undefined, { token: second['accessToken'] })).status, 200)
})

test('logging out everywhere can spare this device, which gets a token that counts', async (t) => {
  const server = await serve(t)
  const phone = await server.register('alice')
  const laptop = await login(server)
  const [one, two] = [
    await server.connect({ token: phone['accessToken'] }),
    await server.connect({ token: laptop['accessToken'] }),
  ]
  const answer = await one.request<{ accessToken: string }>('auth.logoutEverywhere', { keepThis: true })
  t.is((await two.closed).code, 4403)
  t.is((await server.call('GET', '/me', undefined, { token: phone['accessToken'] })).status, 401)
  t.deepEqual(
    (await list(server, answer.accessToken)).map(({ session }) => session),
    [phone['session']],
  )
  t.is((await server.call('POST', '/refresh', { refreshToken: phone['refreshToken'] })).status, 200)
})

test('logging out in a browser takes its cookie away, and is no error when there is nothing to log out', async (t) => {
  const { call } = await serve(t)
  const { cookie, body } = await call('POST', '/register', { handle: 'alice', password })
  const out = await call('POST', '/logout', {}, { cookie })
  t.is(out.status, 200)
  t.regex(out.setCookie!, /^natter_refresh=; .*Max-Age=0/)
  t.is((await call('POST', '/refresh', {}, { cookie })).status, 401)
  t.is((await call('GET', '/me', undefined, { token: body['accessToken'] })).status, 401)
  t.is((await call('POST', '/logout', {})).status, 200)
  t.is((await call('POST', '/logout', {}, { token: body['accessToken'] })).status, 200)
})

test('when a device was last here is noted when it leaves, and at most every few minutes', async (t) => {
  const server = await serve(t, { auth: { revocationPollMs: 60_000 } })
  const phone = await server.register('alice')
  const laptop = await login(server)
  const seen = async () =>
    (await list(server, laptop['accessToken'])).find(({ session }) => session === phone['session'])!['lastSeenAt']
  const start = server.clock.now()
  const stay = async (ms: number) => {
    const device = await server.connect({ token: phone['accessToken'] })
    await server.clock.advance(ms)
    t.is(await seen(), server.clock.now(), 'while connected: now')
    device.drop()
    await server.clock.advance(0)
  }
  /** It is written behind the end of a connection, for which nobody waits. */
  const noted = async (at: number) => {
    while ((await seen()) !== at) await server.clock.advance(0)
  }
  await stay(20_000)
  await noted(start + 20_000)
  await stay(20_000)
  t.is(await seen(), start + 20_000, 'too soon to write again')
  await server.clock.advance(260_000)
  await stay(20_000)
  await noted(start + 320_000)
})

const names: Readonly<Record<string, string>> = {
  [firefox]: 'Firefox on Linux',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36 Edg/126.0.0.0':
    'Edge on Windows',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1':
    'Safari on iPhone',
  'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Mobile Safari/537.36':
    'Chrome on Android',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 14_5) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15':
    'Safari on macOS',
  node: 'Node.js',
  '': 'Unnamed device',
  'curl/8.0': 'Unnamed device',
}
for (const [userAgent, name] of Object.entries(names)) {
  test(`a device with the user agent "${userAgent.slice(0, 60)}" is called ${name}`, (t) => {
    t.is(deviceName(userAgent), name)
  })
}
