import { createHmac } from 'node:crypto'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { FakeClock, RawDevice } from '@natter/testkit'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'
import { SharedStorage } from './shared-storage.js'

const hour = 3_600_000
const ticketOf = (welcome: Readonly<Record<string, unknown>>) => String(welcome['ticket'])

/** Somebody who was connected: what the server gave their device. */
async function visitor(server: Served, handle = 'alice') {
  const account = await server.register(handle)
  const device = await server.connect({ token: account['accessToken'] })
  const welcome = device.frames.find(([kind]) => kind === 'welcome')![1] as Record<string, unknown>
  device.drop()
  return { account, token: String(account['accessToken']), ticket: ticketOf(welcome), welcome }
}
/** Two servers, one after the other or side by side, on one database. */
function shared(t: Parameters<typeof serve>[0]) {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  return { clock, storage, start: (options = {}) => serve(t, { clock, storage: storage.plugin(), ...options }) }
}

test('the welcome has a ticket for an hour that lets the same device back in', async (t) => {
  const server = await serve(t)
  const { account, ticket, welcome } = await visitor(server)
  t.is(welcome['ticketExpiresAt'], server.clock.now() + hour)
  const device = await server.connect({ ticket })
  t.like(await device.request('auth.me'), { id: account['user'].id })
  const again = device.frames[0]![1] as Record<string, unknown>
  t.is(again['device'], welcome['device'])
  t.is(again['session'], welcome['session'])
})

test('a ticket lets in over a restart without a look at the database', async (t) => {
  const { storage, start } = shared(t)
  const one = await start()
  const { ticket } = await visitor(one)
  await one.chat.stop()
  const two = await start()
  const looks: string[] = []
  storage.before = (model, verb) => void looks.push(`${verb} of ${model}`)
  await two.connect({ ticket })
  t.deepEqual(looks, [])
})

test('a ticket is given out again in the first half of its life, and by the key of today only', async (t) => {
  const { clock, start } = shared(t)
  const old = { kid: 'old', secret: 'an old secret that is long enough to be one' }
  const fresh = { kid: 'new', secret: 'a new secret that is long enough to be one' }
  const given = async (server: Served, by: Parameters<Served['connect']>[0]) => {
    const device = await server.connect(by)
    device.drop()
    return ticketOf(device.frames[0]![1] as Record<string, unknown>)
  }
  const one = await start({ secrets: [old] })
  const { token, ticket } = await visitor(one)
  clock.jump(5 * 60_000)
  t.is(await given(one, { ticket }), ticket)
  t.is(await given(one, { token }), ticket)
  clock.jump(-hour)
  t.not(await given(one, { ticket }), ticket, 'the clock was set back')
  clock.jump(hour + 25 * 60_000)
  const second = await given(one, { ticket })
  t.not(second, ticket, 'half of its life is over')
  t.is(await given(one, { ticket: second }), second)
  await one.chat.stop()
  const two = await start({ secrets: [fresh, old] })
  t.not(await given(two, { ticket: second }), second, 'the key of today is another')
})

test('a token that was seen before lets in without a look at the database', async (t) => {
  const { storage, start } = shared(t)
  const server = await start()
  const { accessToken: token } = await server.register('alice')
  const looks: string[] = []
  storage.before = (model, verb) => void looks.push(`${verb} of ${model}`)
  await server.connect({ token })
  t.deepEqual(looks.splice(0), ['get of session', 'get of account'])
  await server.connect({ token })
  t.deepEqual(looks, [])
})

test('a ticket expires after an hour', async (t) => {
  const server = await serve(t)
  const { ticket } = await visitor(server)
  server.clock.jump(hour - 1_000)
  const device = await server.connect({ ticket })
  device.drop()
  server.clock.jump(1_000)
  t.is(await server.refused({ ticket }), 4401)
})

test('a remembered token expires like any other', async (t) => {
  const server = await serve(t)
  const { token } = await visitor(server)
  server.clock.jump(600_000 + 31_000)
  t.is(await server.refused({ token }), 4401)
})

test('a connected device gets a fresh ticket at half of its life', async (t) => {
  const server = await serve(t, { auth: { revocationPollMs: 60_000 } })
  const account = await server.register('alice')
  const device = await server.connect({ token: account['accessToken'] })
  const renewed = device.next('t')
  for (let minutes = 0; minutes < 31; minutes++) {
    device.send(['p'])
    await server.clock.advance(60_000 / 2)
    device.send(['p'])
    await server.clock.advance(60_000 / 2)
  }
  const [, ticket, expiresAt] = await renewed
  t.true(Number(expiresAt) > server.clock.now() + 55 * 60_000)
  await server.connect({ ticket: String(ticket) })
})

test('a ticket never outlives its session', async (t) => {
  const server = await serve(t, { auth: { refreshAbsoluteMs: 30 * 60_000 } })
  const { welcome } = await visitor(server)
  t.is(welcome['ticketExpiresAt'], server.clock.now() + 30 * 60_000)
})

test('a ticket of an older secret counts while that secret does', async (t) => {
  const { start } = shared(t)
  const old = { kid: 'old', secret: 'an old secret that is long enough to be one' }
  const fresh = { kid: 'new', secret: 'a new secret that is long enough to be one' }
  const one = await start({ secrets: [old] })
  const { ticket, token } = await visitor(one)
  await one.chat.stop()
  const two = await start({ secrets: [fresh, old] })
  await two.connect({ ticket })
  await two.connect({ token })
  await two.chat.stop()
  const three = await start({ secrets: [fresh] })
  t.is(await three.refused({ ticket }), 4401)
  t.is(await three.refused({ token }), 4401)
})

test('forged tickets let nobody in', async (t) => {
  const server = await serve(t)
  const { ticket } = await visitor(server)
  const bob = await server.register('bob')
  const parts = ticket.split('~')
  const swap = (at: number, value: string) => parts.map((part, i) => (i === at ? value : part)).join('~')
  const text = parts.slice(0, -1).join('~')
  const forged = [
    swap(0, 'other'),
    swap(1, bob['user'].id),
    swap(2, 'another-device'),
    swap(3, bob['session']),
    swap(4, '2'),
    swap(5, 'zzzzzz'),
    swap(6, 'zzzzzz'),
    swap(7, ''),
    swap(7, 'A'.repeat(22)),
    swap(7, createHmac('sha256', '').update(text).digest().subarray(0, 16).toString('base64url')),
    swap(7, createHmac('sha256', Buffer.alloc(32)).update(text).digest().subarray(0, 16).toString('base64url')),
    ticket.slice(0, -1),
    `${ticket}~`,
    text,
    '',
    '~',
    '~~~~~~~',
  ]
  for (const each of forged) t.is(await server.refused({ ticket: each }), 4401, each)
})

test('a ticket counts on its own device only', async (t) => {
  const server = await serve(t)
  const { ticket, welcome } = await visitor(server)
  t.is(await server.refused({ ticket, device: 'another' }), 4401)
  await server.connect({ ticket, device: String(welcome['device']) })
})

// Revocation

const ways: Readonly<Record<string, (server: Served, account: Record<string, any>) => Promise<unknown>>> = {
  'logged out': ({ call }, { accessToken }) => call('POST', '/logout', {}, { token: accessToken }),
  'logged out by its refresh token': ({ call }, { refreshToken }) => call('POST', '/logout', { refreshToken }),
  'logged out everywhere': ({ call }, { accessToken }) =>
    call('POST', '/logout-everywhere', {}, { token: accessToken }),
  'revoked from another device': async ({ call }, { session }) => {
    const { body } = await call('POST', '/login', { handle: 'alice', password, mode: 'token' })
    return call('DELETE', `/devices/${session}`, undefined, { token: body['accessToken'] })
  },
  'logged out by a change of the password elsewhere': async ({ call }) => {
    const { body } = await call('POST', '/login', { handle: 'alice', password, mode: 'token' })
    const change = { current: password, password: 'another good password' }
    return call('POST', '/password', change, { token: body['accessToken'] })
  },
  'logged out by a recovery': ({ call }, { codes }) =>
    call('POST', '/recover', { handle: 'alice', code: codes[0], password: 'another good password', mode: 'token' }),
  'logged out by the host': ({ chat }, { user }) => chat.get(contract.Accounts).logout(user.id),
  'of a closed account': ({ chat }, { user }) => chat.get(contract.Accounts).close(user.id),
}
for (const [what, end] of Object.entries(ways)) {
  test(`a device ${what}: its connection is closed at once, and nothing it holds lets it in again`, async (t) => {
    const server = await serve(t)
    const { account, token, ticket } = await visitor(server)
    const device = await server.connect({ ticket })
    await end(server, account)
    t.is((await device.closed).code, 4403)
    t.is(await server.refused({ ticket }), 4401)
    t.is(await server.refused({ token }), 4401)
    t.is((await server.call('GET', '/me', undefined, { token })).status, 401)
    t.is((await server.call('POST', '/refresh', { refreshToken: account['refreshToken'] })).status, 401)
  })

  test(`a device ${what} stays out over a restart`, async (t) => {
    const { start } = shared(t)
    const one = await start()
    const { account, token, ticket } = await visitor(one)
    await end(one, account)
    await one.chat.stop()
    const two = await start()
    t.is(await two.refused({ ticket }), 4401)
    t.is(await two.refused({ token }), 4401)
    t.is((await two.call('GET', '/me', undefined, { token })).status, 401)
    t.is((await two.call('POST', '/refresh', { refreshToken: account['refreshToken'] })).status, 401)
  })

  test(`a device ${what} on one node is closed and kept out on another within two seconds, without a bus`, async (t) => {
    const { start, clock } = shared(t)
    const [one, two] = [await start(), await start()]
    const { account, token, ticket } = await visitor(two)
    const device = await two.connect({ ticket })
    await end(one, account)
    await clock.advance(2_000)
    t.is((await device.closed).code, 4403)
    t.is(await two.refused({ ticket }), 4401)
    t.is(await two.refused({ token }), 4401)
  })
}

test('who changes the password stays connected, here and on another node, and gets a working ticket', async (t) => {
  const { start, clock } = shared(t)
  const [one, two] = [await start(), await start()]
  const { account, token, ticket } = await visitor(one)
  const [here, there] = [await one.connect({ ticket }), await two.connect({ ticket })]
  const change = { current: password, password: 'another good password' }
  const { accessToken } = await here.request<{ accessToken: string }>('auth.changePassword', change)
  await clock.advance(2_000)
  t.like(await here.request('auth.me'), { id: account['user'].id })
  t.like(await there.request('auth.me'), { id: account['user'].id })
  for (const server of [one, two]) {
    t.is(await server.refused({ token }), 4401, 'the token from before')
    t.is(await server.refused({ ticket }), 4401, 'the ticket from before')
  }
  const device = await one.connect({ token: accessToken })
  const fresh = ticketOf(device.frames[0]![1] as Record<string, unknown>)
  await two.connect({ ticket: fresh })
})

test('a device that stayed connected through a change of the password on another node gets tickets that count', async (t) => {
  const { start, clock } = shared(t)
  const auth = { revocationPollMs: 60_000 }
  const [one, two] = [await start({ auth }), await start({ auth })]
  const { accessToken } = await one.register('alice')
  const [here, there] = [await one.connect({ token: accessToken }), await two.connect({ token: accessToken })]
  await here.request('auth.changePassword', { current: password, password: 'another good password' })
  for (const device of [here, there]) {
    const renewed = device.next('t')
    for (let halves = 0; halves < 64 && !device.frames.some(([kind]) => kind === 't'); halves++) {
      for (const each of [here, there]) each.send(['p'])
      await clock.advance(30_000)
    }
    const [, ticket] = await renewed
    for (const server of [one, two]) await server.connect({ ticket: String(ticket) })
  }
  t.is((await here.request<{ handle: string }>('auth.me')).handle, 'alice')
})

test('logging out everywhere holds though the server died in the middle of it', async (t) => {
  const { storage, start } = shared(t)
  const one = await start()
  const { account, ticket } = await visitor(one)
  const { body } = await one.call('POST', '/login', { handle: 'alice', password, mode: 'token' })
  // Dead from the moment that the account's version was raised.
  storage.before = (model, verb) => {
    if (model === 'account' && verb === 'updateIf') storage.failing.add('session')
  }
  t.is((await one.call('POST', '/logout-everywhere', {}, { token: account['accessToken'] })).status, 503)
  storage.before = undefined
  await one.chat.stop()
  storage.failing.clear()
  t.is((await storage.records(contract.session).get({ id: account['session'] }))?.endedAt, 0)

  const two = await start()
  for (const { accessToken, refreshToken } of [account, body]) {
    t.is(await two.refused({ token: accessToken }), 4401)
    t.like(await two.call('POST', '/refresh', { refreshToken }), { status: 401 })
  }
  t.is(await two.refused({ ticket }), 4401)
})

test('while it is not known what ended, neither ticket nor remembered token counts', async (t) => {
  const { storage, start, clock } = shared(t)
  const one = await start()
  const { ticket, account } = await visitor(one)
  await one.chat.stop()

  storage.failing.add('session')
  const two = await start()
  t.is(await two.refused({ ticket }), 4401)
  storage.failing.delete('session')
  await clock.advance(1_000)
  await two.connect({ ticket })

  // A node that cannot look for a while forgets that it knew.
  const token = (await two.call('POST', '/refresh', { refreshToken: account['refreshToken'] })).body['accessToken']
  const device = await two.connect({ token })
  device.drop()
  storage.failing.add('session')
  await clock.advance(1_000)
  t.is(await two.refused({ ticket }), 4401)
  t.is(await two.refused({ token }), 1013, 'the database is asked, and does not answer')
  storage.failing.delete('session')
  t.like(await (await two.connect({ token })).request('auth.me'), { id: account['user'].id })
  await clock.advance(1_000)
  await two.connect({ ticket })
})

test('what ended during an outage of the database is known after it', async (t) => {
  const { storage, start, clock } = shared(t)
  const [one, two] = [await start(), await start()]
  const { account, ticket } = await visitor(two)
  const watched = new Set<string>()
  // Only the second node's look at the sessions fails.
  storage.before = (model, verb) => {
    if (model === 'session' && verb === 'page' && watched.has('two')) throw new Error('no answer')
  }
  watched.add('two')
  await one.chat
    .get(contract.Accounts)
    .logout(account['user'].id)
    .catch(() => undefined)
  await clock.advance(30 * 60_000)
  watched.clear()
  await clock.advance(1_000)
  t.is(await two.refused({ ticket }), 4401)
})

test('a session that ends while the database is asked about it does not get in', async (t) => {
  const { storage, start } = shared(t)
  const server = await start()
  const { accessToken, refreshToken } = await server.register('alice')
  let ending: Promise<unknown> | undefined
  storage.before = async (model, verb) => {
    if (model !== 'account' || verb !== 'get' || ending) return
    ending = server.call('POST', '/logout', { refreshToken })
    await ending
  }
  t.is(await server.refused({ token: accessToken }), 4401)
})

test('a session that ends at any moment of being let in has no connection afterwards', async (t) => {
  const { storage, start, clock } = shared(t)
  const server = await start()
  await server.register('alice')
  for (let turns = 0; turns < 40; turns++) {
    const { body } = await server.call('POST', '/login', { handle: 'alice', password, mode: 'token' })
    const { accessToken, user } = body
    let admit!: () => void
    const admission = new Promise<void>((resolve) => (admit = resolve))
    let end!: () => void
    const ending = new Promise<void>((resolve) => (end = resolve))
    const asked = new Promise<void>((resolve) => {
      storage.before = (model, verb) => {
        if (model !== 'account') return
        if (verb === 'updateIf') return ending
        resolve()
        return admission
      }
    })
    const logout = server.chat.get(contract.Accounts).logout(user.id)
    const device = RawDevice.connect(server.chat)
    let code: number | undefined
    void device.closed.then((closed) => (code = closed.code))
    device.send(['hello', { token: accessToken }])
    await asked
    admit()
    for (let turn = 0; turn < turns; turn++) await Promise.resolve()
    end()
    await logout
    await clock.advance(0)
    t.true(code === 4401 || code === 4403, `${turns} turns later: ${code}`)
    storage.before = undefined
  }
})

test('a session whose row is gone lets nobody in by a token', async (t) => {
  const { storage, start } = shared(t)
  const server = await start()
  const account = await server.register('alice')
  await storage.records(contract.session).take({ id: account['session'] })
  t.is(await server.refused({ token: account['accessToken'] }), 4401)
})

test('a connection ends with its session, after 90 days', async (t) => {
  const server = await serve(t, {
    auth: { refreshAbsoluteMs: 2 * hour, refreshIdleMs: hour, revocationPollMs: 60_000 },
  })
  const account = await server.register('alice')
  const device = await server.connect({ token: account['accessToken'] })
  let code: number | undefined
  void device.closed.then((end) => (code = end.code))
  for (let minutes = 0; minutes < 3 * 60; minutes++) {
    if (code === undefined) device.send(['p'])
    await server.clock.advance(30_000)
    if (code === undefined) device.send(['p'])
    await server.clock.advance(30_000)
    if (minutes === 90) t.is(code, undefined, 'being connected keeps it from going idle')
  }
  t.is(code, 4403)
})
