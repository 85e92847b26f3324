import test from 'ava'
import { WebSocket } from 'ws'
import { createClient } from '@natter/client'
import { auth, authSession } from '@natter/auth/client'
import * as contract from '@natter/auth/contract'
import { password, serve } from './serve.js'
import type { Served } from './serve.js'

async function person(t: { teardown(fn: () => unknown): void }, server: Served, handle: string) {
  const url = `${server.url}/chat`
  const session = authSession({ url, now: () => server.clock.now() })
  await session.register({ handle, password })
  const chat = createClient({
    url,
    token: session.token,
    plugins: [auth()],
    platform: { WebSocket: WebSocket as never, now: () => server.clock.now() },
  })
  t.teardown(() => chat.close())
  await chat.connect()
  return { session, chat }
}

test('two people log in, find each other, and talk, with nothing but auth and the core', async (t) => {
  const server = await serve(t)
  const [alice, bob] = [await person(t, server, 'alice'), await person(t, server, 'bob')]
  const found = await alice.chat.auth.find({ handle: 'Bob' })
  t.is(bob.chat.me.get()?.id, found.id)
  const heard = new Promise<string>((resolve) =>
    bob.chat.on('message', (message) => message.type === 'text' && resolve(message.text)),
  )
  t.is((await alice.chat.direct(found.id).send({ text: 'hello' }).sent).durability, 'relayed')
  t.is(await heard, 'hello')
})

test('a change on one device is heard by the other, and taken over by its session', async (t) => {
  const server = await serve(t)
  const { chat, session } = await person(t, server, 'alice')
  const other = authSession({ url: `${server.url}/chat`, now: () => server.clock.now() })
  await other.login({ handle: 'alice', password })
  const changed = new Promise<void>((resolve) =>
    chat.on('auth.changed', (profile) => {
      session.changed(profile)
      resolve()
    }),
  )
  await server.call('PATCH', '/me', { name: 'Alice Liddell' }, { token: await other.token() })
  await changed
  t.is(session.account.get()?.user.name, 'Alice Liddell')
})

test('a device that is revoked from another is logged out, for good', async (t) => {
  const server = await serve(t)
  const phone = await person(t, server, 'alice')
  const laptop = authSession({ url: `${server.url}/chat`, now: () => server.clock.now() })
  await laptop.login({ handle: 'alice', password })
  const ended = new Promise<void>((resolve) =>
    phone.chat.status.subscribe(() => phone.chat.status.get().link === 'closed' && resolve()),
  )
  const { devices } = await phone.chat.auth.devices()
  t.is(devices.length, 2)
  const here = phone.session.account.get()!.session
  await server.call('DELETE', `/devices/${here}`, undefined, { token: await laptop.token() })
  await ended
  await t.throwsAsync(phone.session.token({ reason: 'rejected' }), { code: 'AUTH_SESSION_ENDED' } as never)
  t.is(phone.session.account.get(), undefined)
})

test('errors of auth are known to the client by their codes', async (t) => {
  const server = await serve(t)
  const { chat } = await person(t, server, 'alice')
  const error = await chat.auth
    .changePassword({ current: 'wrong', password: 'another good password' })
    .catch((caught: unknown) => caught)
  t.true(chat.isError(error, contract.AuthErrors.WRONG_CREDENTIALS.code))
})
