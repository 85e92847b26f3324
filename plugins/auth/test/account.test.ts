import { definePlugin, NatterErrors, Users, userAudience, userShow } from '@natter/core'
import { deny } from '@natter/core/contract'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { FakeClock } from '@natter/testkit'
import { password, serve } from './serve.js'
import { SharedStorage } from './shared-storage.js'

test('who registers is logged in, with tokens and ten recovery codes', async (t) => {
  const { call, connect } = await serve(t)
  const { status, body } = await call('POST', '/register', { handle: 'Alice', password, mode: 'token' })
  t.is(status, 201)
  t.is(body['user'].handle, 'Alice')
  t.is(body['user'].name, 'Alice')
  t.is(body['codes'].length, 10)
  t.is(new Set(body['codes']).size, 10)
  t.true(body['codes'].every((code: string) => /^[2-9A-HJ-NP-TV-Z]{6}(-[2-9A-HJ-NP-TV-Z]{6}){3}$/.test(code)))
  const device = await connect({ token: body['accessToken'] })
  t.like(await device.request('auth.me'), { id: body['user'].id, handle: 'Alice', recoveryCodes: 10 })
})

test('the password and the recovery codes are stored as hashes only', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { register } = await serve(t, { clock, storage: storage.plugin() })
  const { user, codes } = await register('alice')
  const { rows } = await storage.records(contract.credential).page({ user: user.id })
  const text = JSON.stringify(rows)
  t.is(rows.length, 11)
  t.false(text.includes(password))
  for (const code of codes) t.false(text.includes(code))
})

test('one logs in by handle and password, however the handle is written', async (t) => {
  const { call, register } = await serve(t)
  const { user } = await register('Müller')
  for (const handle of ['Müller', 'MÜLLER', 'Mu\u0308ller', 'müller']) {
    const { status, body } = await call('POST', '/login', { handle, password, mode: 'token' })
    t.is(status, 200)
    t.is(body['status'], 'ok')
    t.is(body['user'].id, user.id)
  }
})

test('a wrong password, an unknown handle and an impossible one are one answer', async (t) => {
  const { call, register } = await serve(t)
  await register('alice')
  const answers = []
  for (const handle of ['alice', 'bob', '', '<script>', 'x'.repeat(60)]) {
    if (handle === '') continue
    const { status, body } = await call('POST', '/login', { handle, password: 'wrong password', mode: 'token' })
    answers.push({ status, body })
  }
  t.is(answers[0]!.status, 401)
  t.is(answers[0]!.body['error'].code, 'AUTH_WRONG_CREDENTIALS')
  for (const answer of answers) t.deepEqual(answer, answers[0])
})

test('a handle that is taken, or looks like one that is, is refused', async (t) => {
  const { call, register } = await serve(t)
  await register('alice')
  for (const handle of ['alice', 'ALICE', 'a1ice', 'aIice', 'аӏісе']) {
    const { status, body } = await call('POST', '/register', { handle, password, mode: 'token' })
    t.is(status, 409, handle)
    t.is(body['error'].code, 'AUTH_HANDLE_TAKEN')
  }
})

test('of many who register one handle, or its look-alike, at the same time, one gets it', async (t) => {
  const { call } = await serve(t)
  const handles = ['alice', 'a1ice', 'Alice', 'aIice', 'alice', 'ALICE', 'a1ice', 'alice']
  const answers = await Promise.all(
    handles.map((handle) => call('POST', '/register', { handle, password, mode: 'token' })),
  )
  t.is(answers.filter(({ status }) => status === 201).length, 1)
  t.is(answers.filter(({ status }) => status === 409).length, 7)
})

test('who lost the race for a handle leaves nothing behind', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { call } = await serve(t, { clock, storage: storage.plugin() })
  const insert = storage.records(contract.account)
  storage.before = async (model, verb) => {
    if (model !== 'account' || verb !== 'insert') return
    storage.before = undefined
    await insert.insert({
      id: 'first',
      handle: 'alice',
      written: 'alice',
      skeleton: 'aiice',
      name: 'First',
      createdAt: 0,
      version: 1,
      versionAt: 0,
      goneAt: 0,
    })
  }
  const { status } = await call('POST', '/register', { handle: 'alice', password, mode: 'token' })
  t.is(status, 409)
  const { rows } = await storage.records(contract.credential).page({ user: { gte: '-' } })
  t.deepEqual(rows, [])
})

for (const handle of ['a', 'al ice', 'admin', 'alice\u200b', 'аlice']) {
  test(`nobody registers as ${JSON.stringify(handle)}`, async (t) => {
    const { call } = await serve(t)
    const { status, body } = await call('POST', '/register', { handle, password, mode: 'token' })
    t.is(status, 422)
    t.is(body['error'].code, 'AUTH_HANDLE_INVALID')
  })
}

test('a weak password is refused with the reason', async (t) => {
  const { call } = await serve(t)
  const { status, body } = await call('POST', '/register', { handle: 'alice', password: 'qwertyuiop', mode: 'token' })
  t.is(status, 422)
  t.is(body['error'].code, 'AUTH_PASSWORD_WEAK')
  t.regex(body['error'].message, /most common/)
})

test('a closed server makes no accounts', async (t) => {
  const { call } = await serve(t, { auth: { registration: 'closed' } })
  const { status, body } = await call('POST', '/register', { handle: 'alice', password, mode: 'token' })
  t.is(status, 403)
  t.is(body['error'].code, 'AUTH_REGISTRATION_CLOSED')
})

test('a plugin decides who may register, and hears of who did', async (t) => {
  const heard: unknown[] = []
  const invitations = definePlugin({
    name: 'invitations',
    setup(api) {
      api.hook(contract.registrationAllow, ({ handle }) =>
        handle === 'alice' ? undefined : deny(contract.AuthErrors.REGISTRATION_CLOSED),
      )
      api.hook(contract.registered, (who) => void heard.push(who))
    },
  })
  const { call, register } = await serve(t, { plugins: [invitations()] })
  const { user } = await register('alice')
  t.is((await call('POST', '/register', { handle: 'bob', password, mode: 'token' })).status, 403)
  t.deepEqual(heard, [{ user: user.id, handle: 'alice' }])
})

test('a person is found by exact handle, and by nothing else', async (t) => {
  const { call, register, connect } = await serve(t)
  const alice = await register('alice')
  const bob = await register('bob', { name: 'Bob the Builder' })
  const device = await connect({ token: alice['accessToken'] })
  const profile = { id: bob['user'].id, handle: 'bob', name: 'Bob the Builder' }
  t.deepEqual(await device.request('auth.find', { handle: 'BOB' }), profile)
  t.deepEqual((await call('GET', '/find?handle=bob', undefined, { token: alice['accessToken'] })).body, profile)
  for (const handle of ['bo', 'bobb', 'b0b', '%', 'bob%', 'nobody']) {
    await t.throwsAsync(device.request('auth.find', { handle }), { code: 'NATTER_NOT_AVAILABLE' } as never)
  }
  t.is((await call('GET', '/find?handle=bob')).status, 401)
})

test('profiles are looked up by ids; who does not exist is left out', async (t) => {
  const { call, register, connect, chat } = await serve(t)
  const [alice, bob] = [await register('alice'), await register('bob')]
  const device = await connect({ token: alice['accessToken'] })
  const ids = [bob['user'].id, 'nobody', alice['user'].id, bob['user'].id]
  const { profiles } = await device.request<{ profiles: { handle: string }[] }>('auth.lookup', { ids })
  t.deepEqual(profiles.map(({ handle }) => handle).sort(), ['alice', 'bob'])
  const over = await call('POST', '/lookup', { ids }, { token: alice['accessToken'] })
  t.is(over.body['profiles'].length, 2)
  const users = chat.get(Users)
  t.true(await users.exists(bob['user'].id))
  t.false(await users.exists('nobody'))
  t.is((await users.find('alice'))?.id, alice['user'].id)
  t.deepEqual(await users.lookup([]), [])
})

test('a change of the name reaches all own devices and the people one talks with, and nobody else', async (t) => {
  let friends: string[] = []
  const talks = definePlugin({
    name: 'talks',
    setup: (api) => api.hook(userAudience, () => friends),
  })
  const { register, call, connect } = await serve(t, { plugins: [talks()] })
  const [alice, bob, carol] = [await register('alice'), await register('bob'), await register('carol')]
  friends = [bob['user'].id]
  const laptop = await call('POST', '/login', { handle: 'alice', password, mode: 'token' })
  const devices = await Promise.all(
    [alice, laptop.body, bob, carol].map(({ accessToken }) => connect({ token: accessToken })),
  )
  const answer = await devices[0]!.request('auth.profile', { name: '  Alice Liddell ' })
  const profile = { id: alice['user'].id, handle: 'alice', name: 'Alice Liddell' }
  t.like(answer as object, profile)
  for (const device of devices.slice(0, 3)) t.deepEqual((await device.next('e')).slice(1), ['auth.changed', profile])
  await devices[3]!.request('auth.me')
  t.false(devices[3]!.frames.some(([kind]) => kind === 'e'))
})

test('who may not be shown to a person is not found by them, over either way, and their changes are not told', async (t) => {
  const asked: string[] = []
  const hidden = definePlugin({
    name: 'hidden',
    setup(api) {
      api.hook(userAudience, () => [bob['user'].id, carol['user'].id])
      api.hook(userShow, ({ to, why }) => {
        asked.push(why)
        return to === bob['user'].id ? deny(NatterErrors.NOT_AVAILABLE) : undefined
      })
    },
  })
  const { register, call, connect } = await serve(t, { plugins: [hidden()] })
  const [alice, bob, carol] = [await register('alice'), await register('bob'), await register('carol')]
  const [a, b, c] = await Promise.all([alice, bob, carol].map(({ accessToken }) => connect({ token: accessToken })))
  const find = { handle: 'alice' }
  t.like(await c!.request('auth.find', find), { id: alice['user'].id })
  await t.throwsAsync(b!.request('auth.find', find), { code: 'NATTER_NOT_AVAILABLE' } as never)
  const route = await call('GET', '/find?handle=alice', undefined, { token: bob['accessToken'] })
  const absent = await call('GET', '/find?handle=zoe', undefined, { token: bob['accessToken'] })
  t.deepEqual([route.status, route.body], [404, absent.body])
  await a!.request('auth.profile', { name: 'Alice Liddell' })
  t.is((await c!.next('e'))[1], 'auth.changed')
  await b!.request('auth.me')
  t.false(b!.frames.some(([kind]) => kind === 'e'))
  t.deepEqual([...new Set(asked)], ['find', 'change'])
})

test('fields that a route does not name change nothing, whoever sends them', async (t) => {
  const { call, register } = await serve(t)
  const { accessToken: token, user } = await register('alice', {
    id: 'chosen',
    createdAt: 1,
    version: 9,
    recoveryCodes: 99,
  })
  t.not(user.id, 'chosen')
  const more = { name: 'Alice', id: 'bob', handle: 'bob', written: 'bob', version: 9, goneAt: 1, avatar: 'x' }
  const { status, body } = await call('PATCH', '/me', more, { token })
  t.is(status, 200)
  t.deepEqual(body, { ...user, name: 'Alice' })
  t.is((await call('GET', '/me', undefined, { token })).status, 200)
})

test('a name of nothing but spaces, or too long, is refused', async (t) => {
  const { register, call } = await serve(t)
  const { accessToken: token } = await register('alice')
  for (const name of ['   ', '', 'x'.repeat(65), 'a\0b', 'a\ud800']) {
    t.is((await call('PATCH', '/me', { name }, { token })).status, 422, name)
  }
  t.is((await call('GET', '/me', undefined, { token })).body['name'], 'alice')
})

test('a closed account is gone for everybody, and its handle stays taken', async (t) => {
  const { register, call, chat, connect } = await serve(t)
  const [alice, bob] = [await register('alice'), await register('bob')]
  const accounts = chat.get(contract.Accounts)
  t.true(await accounts.close(alice['user'].id))
  t.false(await accounts.close(alice['user'].id))
  t.is((await call('POST', '/login', { handle: 'alice', password, mode: 'token' })).status, 401)
  const recovery = { handle: 'alice', code: alice['codes'][0], password: 'another good password', mode: 'token' }
  t.is((await call('POST', '/recover', recovery)).status, 401)
  t.is((await call('POST', '/register', { handle: 'alice', password, mode: 'token' })).status, 409)
  const device = await connect({ token: bob['accessToken'] })
  await t.throwsAsync(device.request('auth.find', { handle: 'alice' }), { code: 'NATTER_NOT_AVAILABLE' } as never)
  t.deepEqual(await device.request('auth.lookup', { ids: [alice['user'].id] }), { profiles: [] })
  t.false(await chat.get(Users).exists(alice['user'].id))
})

test('a change of the password needs the old one, and the new one counts from then on', async (t) => {
  const { register, call, connect } = await serve(t)
  const { accessToken: token } = await register('alice')
  const change = (current: string, next: string) => call('POST', '/password', { current, password: next }, { token })
  t.is((await change('wrong', 'another good password')).body['error'].code, 'AUTH_WRONG_CREDENTIALS')
  t.is((await change(password, 'short')).body['error'].code, 'AUTH_PASSWORD_WEAK')
  const { status, body } = await change(password, 'another good password')
  t.is(status, 200)
  t.is((await call('POST', '/login', { handle: 'alice', password, mode: 'token' })).status, 401)
  const login = { handle: 'alice', password: 'another good password', mode: 'token' }
  t.is((await call('POST', '/login', login)).status, 200)
  const device = await connect({ token: body['accessToken'] })
  t.like(await device.request('auth.me'), { handle: 'alice' })
})

test('what needs a log-in says so to who has none', async (t) => {
  const { call } = await serve(t)
  const closed: readonly (readonly [string, string, object?])[] = [
    ['GET', '/me'],
    ['PATCH', '/me', { name: 'x' }],
    ['PUT', '/me/avatar', { image: 'AAAA' }],
    ['DELETE', '/me/avatar'],
    ['GET', '/devices'],
    ['PATCH', '/devices/some', { name: 'x' }],
    ['DELETE', '/devices/some'],
    ['POST', '/logout-everywhere', {}],
    ['POST', '/password', { current: 'x', password: 'y' }],
    ['POST', '/recovery/codes', { password: 'x' }],
    ['GET', '/find?handle=alice'],
    ['POST', '/lookup', { ids: [] }],
  ]
  for (const [method, path, body] of closed) {
    const answer = await call(method, path, body)
    t.is(answer.status, 401, path)
    t.is(answer.body['error'].code, 'NATTER_UNAUTHENTICATED')
  }
})

test('the public keys are published', async (t) => {
  const { call } = await serve(t)
  const { status, body } = await call('GET', '/jwks.json')
  t.is(status, 200)
  t.like(body['keys'][0], { kty: 'OKP', crv: 'Ed25519', alg: 'EdDSA', use: 'sig' })
  t.false('d' in body['keys'][0])
})
