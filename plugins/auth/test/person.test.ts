import test from 'ava'
import { definePlugin, userErased } from '@natter/core'
import * as contract from '@natter/auth/contract'
import { FakeClock } from '@natter/testkit'
import { password, serve } from './serve.js'
import { SharedStorage } from './shared-storage.js'

test('my data and the end of my account need my password once more', async (t) => {
  const { call, register, clock } = await serve(t)
  const { accessToken: token } = await register('alice')
  await clock.advance(600_001)
  for (const path of ['/me/export', '/me/erase']) {
    t.is((await call('POST', path, {}, { token })).body['error'].code, 'AUTH_PROOF_NEEDED')
    t.is(
      (await call('POST', path, { password: 'wrong password' }, { token })).body['error'].code,
      'AUTH_WRONG_CREDENTIALS',
    )
    t.is((await call('POST', path, { password })).status, 401)
  }
  t.is((await call('GET', '/me', undefined, { token })).status, 200)
})

test('my data comes as lines, kept by no cache, without what proves me', async (t) => {
  const { call, register } = await serve(t)
  const { accessToken: token, user, codes } = await register('alice', { name: 'Alice A.' })
  const { status, body, headers } = await call('POST', '/me/export', { password }, { token })
  t.is(status, 200)
  t.is(headers.get('content-type'), 'application/x-ndjson')
  t.is(headers.get('cache-control'), 'no-store')
  const lines = (body['text'] as string)
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as { part: string; item: Record<string, unknown> })
  t.like(lines[0], { part: 'auth.account', item: { id: user.id, handle: 'alice', name: 'Alice A.' } })
  t.is(lines.filter(({ part }) => part === 'auth.waysIn').length, 11)
  t.is(lines.filter(({ part }) => part === 'auth.devices').length, 1)
  t.false(body['text'].includes('argon2'))
  for (const code of codes as string[]) t.false(body['text'].includes(code))
})

test('who erases their account is out everywhere, and out stays out behind a restart', async (t) => {
  const clock = new FakeClock()
  const storage = new SharedStorage(clock)
  const { call, register, connect, chat, refused } = await serve(t, { clock, storage: storage.plugin() })
  const other = await serve(t, { clock, storage: storage.plugin() })
  const { accessToken: token, refreshToken, user } = await register('alice')
  const here = await connect({ token })
  const there = await other.connect({ token })
  const [, welcome] = here.frames.find(([kind]) => kind === 'welcome') as [string, { ticket: string }]
  const { ticket } = welcome
  t.is((await call('POST', '/me/erase', { password }, { token })).status, 202)
  t.is((await here.closed).code, 4403)
  await clock.advance(2_000)
  t.is((await there.closed).code, 4403, 'the other node has no bus and no name any more, and finds the session')
  for (const credentials of [{ token }, { ticket }]) {
    t.not(await refused(credentials), 0)
    t.not(await other.refused(credentials), 0)
  }
  t.is((await call('POST', '/refresh', { refreshToken })).status, 401)
  t.is((await call('POST', '/login', { handle: 'alice', password, mode: 'token' })).status, 401)
  t.is((await storage.records(contract.session).page({ user: user.id })).rows.length, 0)
  await chat.stop()
  const next = await serve(t, { clock, storage: storage.plugin() })
  t.not(await next.refused({ ticket }), 0)
  t.is((await next.call('POST', '/register', { handle: 'alice', password, mode: 'token' })).status, 201)
})

test('an erasure that takes long is answered, and goes on', async (t) => {
  let go: () => void = () => undefined
  const slow = definePlugin({
    name: 'slow',
    setup(api) {
      api.hook(userErased, () => [
        {
          name: 'slow.all',
          phase: 'erase',
          run: () => new Promise<undefined>((resolve) => (go = () => resolve(undefined))),
        },
      ])
    },
  })
  const { call, register, clock } = await serve(t, { plugins: [slow()] })
  const { accessToken: token } = await register('alice')
  const answer = call('POST', '/me/erase', { password }, { token })
  let answered = false
  void answer.then(() => (answered = true))
  while (!answered) {
    await clock.advance(100)
    await new Promise(setImmediate)
  }
  t.is((await answer).status, 202)
  go()
})
