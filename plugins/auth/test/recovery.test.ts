import { definePlugin } from '@natter/core'
import test from 'ava'
import * as contract from '@natter/auth/contract'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

const fresh = 'another good password'
const refused = { status: 401, body: { error: { code: 'AUTH_RECOVERY_REFUSED' } } }
const recover = ({ call }: Served, code: string, more: object = {}) =>
  call('POST', '/recover', { handle: 'alice', code, password: fresh, mode: 'token', ...more })

test('a recovery code gets back in once, sets the password, and leaves the other codes', async (t) => {
  const server = await serve(t)
  const { codes } = await server.register('alice')
  const first = await recover(server, codes[3])
  t.is(first.status, 200)
  t.is(first.body['user'].recoveryCodes, 9)
  t.is((await server.call('GET', '/me', undefined, { token: first.body['accessToken'] })).status, 200)
  t.is((await server.call('POST', '/login', { handle: 'alice', password: fresh, mode: 'token' })).status, 200)
  t.is((await server.call('POST', '/login', { handle: 'alice', password, mode: 'token' })).status, 401)
  t.like(await recover(server, codes[3]), refused)
  t.is((await recover(server, codes[4])).status, 200)
})

test('of many who use one code at the same time, one gets in', async (t) => {
  const server = await serve(t, { auth: { limits: { recovery: { points: 100, windowMs: 60_000 } } } })
  const { codes } = await server.register('alice')
  const answers = await Promise.all(Array.from({ length: 10 }, () => recover(server, codes[0])))
  t.is(answers.filter(({ status }) => status === 200).length, 1)
  t.is(answers.filter(({ status }) => status === 401).length, 9)
})

test('a code counts however it is typed', async (t) => {
  const server = await serve(t)
  const { codes } = await server.register('alice')
  t.is((await recover(server, codes[0].toLowerCase())).status, 200)
  t.is((await recover(server, ` ${codes[1].replaceAll('-', ' ')} `)).status, 200)
  t.is((await recover(server, codes[2].replaceAll('-', ''))).status, 200)
})

test('a wrong code, an unknown handle and the code of somebody else are one answer', async (t) => {
  const server = await serve(t)
  await server.register('alice')
  const bob = await server.register('bob')
  const wrong = await recover(server, 'AAAAA-AAAAA-AAAAA-AAAAA')
  t.like(wrong, refused)
  for (const answer of [
    await recover(server, bob['codes'][0]),
    await recover(server, '-'),
    await recover(server, bob['codes'][0], { handle: 'nobody-here' }),
  ]) {
    t.deepEqual([answer.status, answer.body], [wrong.status, wrong.body])
  }
  t.is((await recover(server, bob['codes'][0], { handle: 'bob' })).status, 200)
})

test('a weak new password does not cost the code', async (t) => {
  const server = await serve(t)
  const { codes } = await server.register('alice')
  t.is((await recover(server, codes[0], { password: 'password1' })).body['error'].code, 'AUTH_PASSWORD_WEAK')
  t.is((await recover(server, codes[0])).status, 200)
})

test('new codes take the place of the old ones, for who knows the password', async (t) => {
  const server = await serve(t)
  const { codes, accessToken: token } = await server.register('alice')
  const wrong = await server.call('POST', '/recovery/codes', { password: 'wrong' }, { token })
  t.is(wrong.body['error'].code, 'AUTH_WRONG_CREDENTIALS')
  const { body } = await server.call('POST', '/recovery/codes', { password }, { token })
  t.is(body['codes'].length, 10)
  t.like(await recover(server, codes[0]), refused)
  t.is((await recover(server, body['codes'][9])).status, 200)
})

/** A host that sends recovery mails into a list. */
function mailer() {
  const mails: contract.RecoveryRequest[] = []
  const plugin = definePlugin({
    name: 'mailer',
    setup: (api) => api.hook(contract.recoveryRequested, (request) => void mails.push(request)),
  })
  return { mails, plugin: plugin() }
}

test('the host sends a link whose token gets back in once', async (t) => {
  const { mails, plugin } = mailer()
  const server = await serve(t, { plugins: [plugin] })
  const { user, accessToken } = await server.register('Alice')
  const device = await server.connect({ token: accessToken })
  t.is((await server.call('POST', '/recovery/request', { handle: 'alice' })).status, 202)
  t.like(mails[0], { user: user.id, handle: 'Alice', expiresAt: server.clock.now() + 1_800_000 })
  const confirm = (more: object = {}) =>
    server.call('POST', '/recovery/confirm', { token: mails[0]!.token, password: fresh, mode: 'token', ...more })
  t.is((await confirm({ password: 'password1' })).status, 422)
  t.is((await confirm()).status, 200)
  t.is((await device.closed).code, 4403)
  t.like(await confirm(), refused)
  t.is((await server.call('POST', '/login', { handle: 'alice', password: fresh, mode: 'token' })).status, 200)
})

test('of many who follow one link at the same time, one gets in', async (t) => {
  const { mails, plugin } = mailer()
  const server = await serve(t, { plugins: [plugin] })
  await server.register('alice')
  await server.call('POST', '/recovery/request', { handle: 'alice' })
  const answers = await Promise.all(
    Array.from({ length: 10 }, () =>
      server.call('POST', '/recovery/confirm', { token: mails[0]!.token, password: fresh, mode: 'token' }),
    ),
  )
  t.is(answers.filter(({ status }) => status === 200).length, 1)
})

test('a link expires', async (t) => {
  const { mails, plugin } = mailer()
  const server = await serve(t, { plugins: [plugin] })
  await server.register('alice')
  await server.call('POST', '/recovery/request', { handle: 'alice' })
  server.clock.jump(1_800_000)
  const confirm = { token: mails[0]!.token, password: fresh, mode: 'token' }
  t.like(await server.call('POST', '/recovery/confirm', confirm), refused)
})

test('asking for a link tells nobody whether there is such an account', async (t) => {
  const { mails, plugin } = mailer()
  const server = await serve(t, { plugins: [plugin] })
  await server.register('alice')
  const known = await server.call('POST', '/recovery/request', { handle: 'alice' })
  const unknown = await server.call('POST', '/recovery/request', { handle: 'nobody-here' })
  t.deepEqual([known.status, known.body], [unknown.status, unknown.body])
  t.is(mails.length, 1)
})

test("a person's mailbox gets few mails, and the answer does not tell", async (t) => {
  const { mails, plugin } = mailer()
  const server = await serve(t, { plugins: [plugin] })
  await server.register('alice')
  for (let i = 0; i < 10; i++) t.is((await server.call('POST', '/recovery/request', { handle: 'alice' })).status, 202)
  t.is(mails.length, 3)
})

test('the host can give a link to whom it identified by itself', async (t) => {
  const server = await serve(t)
  const { user } = await server.register('alice')
  const accounts = server.chat.get(contract.Accounts)
  t.is(await accounts.recoveryToken('nobody'), undefined)
  const { token } = (await accounts.recoveryToken(user.id))!
  t.is((await server.call('POST', '/recovery/confirm', { token, password: fresh, mode: 'token' })).status, 200)
})

test('a made-up token gets nobody in', async (t) => {
  const server = await serve(t)
  await server.register('alice')
  await server.call('POST', '/recovery/request', { handle: 'nobody-here' })
  for (const token of ['A'.repeat(43), 'nobody', '-']) {
    t.like(await server.call('POST', '/recovery/confirm', { token, password: fresh, mode: 'token' }), refused)
  }
})
