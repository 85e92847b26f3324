import test from 'ava'
import {
  connectionAuthenticate,
  connectionClosed,
  connectionOpened,
  connectionWelcome,
  definePlugin,
} from '@natter/core'
import type { Admission, Chat } from '@natter/core'
import { command } from '@natter/core/contract'
import { FakeClock, RawDevice, createTestChat } from '@natter/testkit'
import { z } from 'zod'

const identity = (admission: (token: string) => Admission | Promise<Admission>) =>
  definePlugin({
    name: 'identity',
    setup(api) {
      api.hook(connectionAuthenticate, ({ token = '' }) => admission(token))
    },
  })()
const alice = { user: 'alice', device: 'd', session: 's' }
const relay = { storage: null, plugins: [] } as const

test('a session that the host no longer knows is closed at the next look, and not before', async (t) => {
  let valid = true
  let asked = 0
  const { chat, clock } = await createTestChat(t, {
    ...relay,
    identity: identity(() => ({
      ...alice,
      revalidate: async () => {
        asked += 1
        return valid
      },
    })),
  })
  const device = RawDevice.connect(chat as unknown as Chat)
  await device.hello({ token: 'x' })
  for (let i = 0; i < 7; i++) {
    await clock.advance(5_000)
    device.send(['p'])
  }
  t.is(asked, 1)
  valid = false
  for (let i = 0; i < 7; i++) await clock.advance(5_000)
  t.is((await device.closed).code, 4403)
})

test('a ticket is renewed in-band at half of its life', async (t) => {
  let made = 0
  const clock = new FakeClock()
  const { chat } = await createTestChat(t, {
    ...relay,
    clock,
    identity: identity(() => ({
      ...alice,
      ticket: 'first',
      ticketExpiresAt: clock.now() + 100_000,
      renewTicket: () => ({ ticket: `fresh ${++made}`, ticketExpiresAt: clock.now() + 100_000 }),
    })),
  })
  const device = RawDevice.connect(chat as unknown as Chat)
  t.like(await device.hello({ token: 'x' }), { ticket: 'first' })
  const turn = async (ms: number) => {
    for (let at = 0; at < ms; at += 5_000) {
      await clock.advance(5_000)
      device.send(['p'])
    }
  }
  await turn(45_000)
  t.is(made, 0)
  await turn(10_000)
  t.deepEqual((await device.next('t')).slice(0, 2), ['t', 'fresh 1'])
  t.is(made, 1)
})

test('a revocation while the welcome is being made closes the connection', async (t) => {
  let go: () => void = () => undefined
  const slow = definePlugin({
    name: 'slow',
    setup(api) {
      api.hook(connectionWelcome, () => new Promise((resolve) => (go = () => resolve([['slow', true]]))))
    },
  })
  const { chat } = await createTestChat(t, { storage: null, identity: identity(() => alice), plugins: [slow()] })
  const device = RawDevice.connect(chat as unknown as Chat)
  device.send(['hello', { token: 'x' }])
  await new Promise(setImmediate)
  t.is(await chat.disconnect({ user: 'alice' }), 1)
  t.is((await device.closed).code, 4403)
  go()
  await new Promise(setImmediate)
  t.is(chat.connections.size, 0)
})

test('plugins hear of connections, keep state in slots, and add to the welcome', async (t) => {
  const heard: string[] = []
  const counting = definePlugin({
    name: 'counting',
    setup(api) {
      const seen = api.slot<number>('seen')
      api.hook(connectionWelcome, (connection) => {
        seen.set(connection, 7)
        return [['greeting', 'hello']]
      })
      api.hook(connectionOpened, (connection) => void heard.push(`opened ${seen.get(connection)}`))
      api.hook(connectionClosed, (connection, { code }) => void heard.push(`closed ${seen.get(connection)} ${code}`))
    },
  })
  const { chat } = await createTestChat(t, { storage: null, identity: identity(() => alice), plugins: [counting()] })
  const device = RawDevice.connect(chat as unknown as Chat)
  t.like(await device.hello({ token: 'x' }), { greeting: 'hello' })
  device.drop()
  await device.closed
  await new Promise(setImmediate)
  t.deepEqual(heard, ['opened 7', 'closed 7 1006'])
})

test('requests under way are finished before the restart', async (t) => {
  let finish: (value: { done: true }) => void = () => undefined
  const work = command('work.do', { input: z.object({}), output: z.object({ done: z.boolean() }) })
  const worker = definePlugin({
    name: 'work',
    contract: { work },
    setup(api) {
      api.command(work, () => new Promise((resolve) => (finish = resolve)))
    },
  })
  const { chat, clock, device } = await createTestChat(t, { storage: null, plugins: [worker()] })
  const bob = await device('bob')
  const answer = bob.request('work.do')
  await new Promise(setImmediate)
  const stopped = chat.stop()
  await bob.next('goaway')
  await t.throwsAsync(bob.request('work.do'), { code: 'NATTER_DRAINING' })
  finish({ done: true })
  t.deepEqual(await answer, { done: true })
  await clock.advance(50)
  t.is((await bob.closed).code, 1012)
  await stopped
})
