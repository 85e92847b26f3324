import test from 'ava'
import { RawDevice, createTestChat } from '@natter/testkit'
import { z } from 'zod'
import { definePlugin } from '@natter/core'
import type { Chat } from '@natter/core'
import { command, event } from '@natter/core/contract'

const relay = { storage: null, plugins: [] } as const
const connect = (chat: unknown, options?: Parameters<typeof RawDevice.connect>[1]) =>
  RawDevice.connect(chat as Chat, options)

test('the welcome names the user, the device, the plugins and the limits', async (t) => {
  const { chat } = await createTestChat(t, relay)
  const welcome = await connect(chat).hello({ token: 'alice:phone' })
  t.like(welcome, { protocol: 1, user: 'alice', device: 'alice-phone', session: 'alice-phone-session' })
  t.deepEqual(Object.keys(welcome['plugins'] as object), ['test-identity'])
  t.is((welcome['limits'] as { frameBytes: number }).frameBytes, 65_536)
})

for (const [what, text, code] of [
  ['no JSON', 'hello', 4400],
  ['no array', '{"a":1}', 4400],
  ['no hello', '["q",1,"a.b",{}]', 4400],
  ['a hello of another shape', '["hello",{"token":5}]', 4400],
  ['a hello with a prototype key', '["hello",{"__proto__":{"token":"alice"}}]', 4400],
  ['a hello without credentials', '["hello",{}]', 4401],
  ['an unknown token', '["hello",{"token":"nobody"}]', 4401],
  ['a hello that is too large', `["hello",{"token":"${'x'.repeat(9_000)}"}]`, 1009],
] as const) {
  test(`before authentication, ${what} is answered with ${code}`, async (t) => {
    const { chat } = await createTestChat(t, relay)
    const device = connect(chat)
    device.sendText(text)
    t.is((await device.closed).code, code)
    t.deepEqual(device.frames, [])
  })
}

test('without a hello the socket is closed after five seconds', async (t) => {
  const { chat, clock } = await createTestChat(t, relay)
  const device = connect(chat)
  await clock.advance(4_999)
  t.is(device.frames.length, 0)
  await clock.advance(1)
  t.is((await device.closed).code, 4408)
})

test('a server that is behind waits twice as long for a hello that it may only not have read yet', async (t) => {
  const { chat, clock } = await createTestChat(t, relay)
  clock.lag(200)
  const [patient, silent] = [connect(chat), connect(chat)]
  await clock.advance(9_000)
  t.is((await patient.hello({ token: 'alice' }))['user'], 'alice')
  await clock.advance(1_000)
  t.is((await silent.closed).code, 4408)
})

test('frames sent right behind the hello are answered after the welcome', async (t) => {
  const { chat } = await createTestChat(t, relay)
  const device = connect(chat)
  device.send(['hello', { token: 'alice' }])
  device.send(['p'])
  await device.next('o')
  t.deepEqual(
    device.frames.map(([kind]) => kind),
    ['welcome', 'o'],
  )
})

for (const [what, text] of [
  ['no JSON', '[1,'],
  ['an array of no kind', '[1,2]'],
  ['too deep a value', `["q",1,"a.b",${'['.repeat(40)}${']'.repeat(40)}]`],
  [
    'too many keys',
    JSON.stringify(['q', 1, 'a.b', Object.fromEntries(Array.from({ length: 300 }, (_, i) => [`k${i}`, i]))]),
  ],
  ['a prototype key', '["q",1,"a.b",{"constructor":{"prototype":1}}]'],
  ['a lone surrogate', '["s",1,{"user":"bob"},"one",{"text":"\\ud800"}]'],
  ['a NUL', '["s",1,{"user":"bob"},"one",{"text":"\\u0000"}]'],
  ['a second hello', '["hello",{"token":"alice"}]'],
  ['a request without an id', '["q","x","a.b",{}]'],
] as const) {
  test(`after authentication, ${what} closes with 4400`, async (t) => {
    const { device } = await createTestChat(t, relay)
    const alice = await device('alice')
    alice.sendText(text)
    t.is((await alice.closed).code, 4400)
  })
}

for (const [what, frame, code] of [
  ['a send without a body', ['s', 7, { user: 'bob' }, 'one'], 'NATTER_INVALID'],
  ['a send to nowhere', ['s', 7, 5, 'one', { text: 'x' }], 'NATTER_INVALID'],
  ['a send with an id outside the set', ['s', 7, { user: 'b b' }, 'one', { text: 'x' }], 'NATTER_INVALID'],
  ['an empty text', ['s', 7, { user: 'bob' }, 'one', { text: '' }], 'NATTER_INVALID'],
  ['a text that is a number', ['s', 7, { user: 'bob' }, 'one', { text: 5 }], 'NATTER_INVALID'],
  ['a text that is too long', ['s', 7, { user: 'bob' }, 'one', { text: 'x'.repeat(16_385) }], 'NATTER_TOO_LARGE'],
  [
    'mentions that are no list of ids',
    ['s', 7, { user: 'bob' }, 'one', { text: 'x', mentions: ['b b'] }],
    'NATTER_INVALID',
  ],
  ['an unknown kind of body', ['s', 7, { user: 'bob' }, 'one', { type: 'poll' }], 'NATTER_UNKNOWN_BODY'],
  ['an unknown command', ['q', 7, 'test-identity.fly', {}], 'NATTER_UNKNOWN_COMMAND'],
  ['a command of a plugin that is not there', ['q', 7, 'groups.create', {}], 'NATTER_PLUGIN_ABSENT'],
  ['a kind of a later version', ['zz', 7], 'NATTER_UNKNOWN_COMMAND'],
] as const) {
  test(`${what} is answered with ${code}`, async (t) => {
    const { device } = await createTestChat(t, relay)
    const alice = await device('alice')
    alice.send(frame)
    const [, rid, error] = await alice.next('no')
    t.is(rid, 7)
    t.is((error as { code: string }).code, code)
  })
}

test('who floods is refused first and closed with 4429 then', async (t) => {
  const { device } = await createTestChat(t, { ...relay, limits: { frameBurst: 10, framesPerSecond: 1 } })
  const alice = await device('alice')
  for (let i = 0; i < 15; i++) alice.send(['q', i, 'groups.create', {}])
  await alice.next('no')
  const codes = () => alice.frames.filter(([kind]) => kind === 'no').map((frame) => (frame[2] as { code: string }).code)
  await alice.next((frame) => frame[1] === 14)
  t.deepEqual([codes().slice(0, 9).includes('NATTER_RATE_LIMITED'), codes().at(-1)], [false, 'NATTER_RATE_LIMITED'])
  for (let i = 0; i < 20; i++) alice.send(['p'])
  t.is((await alice.closed).code, 4429)
})

test('a limit on messages holds for all connections of a user, and heals with time', async (t) => {
  const { device, clock } = await createTestChat(t, { ...relay, limits: { messageBurst: 2, messagesPerSecond: 1 } })
  const [laptop, phone] = [await device('alice:laptop'), await device('alice:phone')]
  await device('bob')
  await laptop.message({ user: 'bob' }, { text: '1' })
  await phone.message({ user: 'bob' }, { text: '2' })
  const refusal = await t.throwsAsync<Error & { shape: { retryAfterMs: number } }>(
    laptop.message({ user: 'bob' }, { text: '3' }),
  )
  t.like(refusal?.shape, { code: 'NATTER_RATE_LIMITED', retryAfterMs: 1_000 })
  await clock.advance(1_000)
  await laptop.message({ user: 'bob' }, { text: '3' })
})

test('failed log-ins of one address are limited, and good ones are not', async (t) => {
  const { chat, clock } = await createTestChat(t, { ...relay, limits: { failuresPerMinute: 3 } })
  for (let i = 0; i < 3; i++) {
    await connect(chat).hello({ token: 'alice' })
    const bad = connect(chat)
    bad.send(['hello', { token: 'nobody' }])
    await bad.closed
  }
  t.throws(() => connect(chat), { code: 'NATTER_RATE_LIMITED' })
  t.notThrows(() => connect(chat, { ip: '127.0.0.2' }))
  await clock.advance(20_000)
  await connect(chat).hello({ token: 'alice' })
})

test('sockets without a hello are limited per address', async (t) => {
  const { chat } = await createTestChat(t, { ...relay, limits: { pendingPerAddress: 2 } })
  const first = connect(chat)
  connect(chat)
  t.throws(() => connect(chat), { code: 'NATTER_RATE_LIMITED' })
  await first.hello({ token: 'alice' })
  t.notThrows(() => connect(chat))
})

test('of too many connections of one user the oldest is closed', async (t) => {
  const { device } = await createTestChat(t, { ...relay, limits: { socketsPerUser: 2 } })
  const first = await device('alice:1')
  const second = await device('alice:2')
  await device('alice:3')
  t.is((await first.closed).code, 4409)
  second.send(['p'])
  await second.next('o')
})

test('who is silent is pinged, and closed when no answer comes', async (t) => {
  const { device, clock } = await createTestChat(t, relay)
  const alice = await device('alice')
  for (let i = 0; i < 6; i++) await clock.advance(5_000)
  t.true(alice.peer.pings > 0)
  for (let i = 0; i < 8; i++) await clock.advance(5_000)
  t.is((await alice.closed).code, 4410)
})

test('a slow consumer is closed when its buffer is full, and others are not disturbed', async (t) => {
  const { device } = await createTestChat(t, {
    ...relay,
    limits: { softBufferBytes: 2_000, hardBufferBytes: 4_000, messageBurst: 1_000 },
  })
  const [alice, slow, phone] = [await device('alice'), await device('bob:slow'), await device('bob:phone')]
  slow.peer.stall()
  for (let i = 0; i < 8; i++) await alice.message({ user: 'bob' }, { text: 'x'.repeat(600) })
  t.is((await slow.closed).code, 4413)
  for (let i = 0; i < 8; i++) await phone.next('m')
  t.pass()
})

test('a revoked session is closed, and only that', async (t) => {
  const { chat, device } = await createTestChat(t, relay)
  const [laptop, phone] = [await device('alice:laptop'), await device('alice:phone')]
  t.is(await chat.disconnect({ user: 'alice', session: 'alice-phone-session' }), 1)
  t.is((await phone.closed).code, 4403)
  laptop.send(['p'])
  await laptop.next('o')
})

test('stopping announces the restart, refuses new requests, and closes with 1012', async (t) => {
  const { chat } = await createTestChat(t, relay)
  const device = connect(chat)
  await device.hello({ token: 'alice' })
  const stopped = chat.stop()
  const [, goaway] = await device.next('goaway')
  t.like(goaway, { reason: 'restart' })
  t.is((await device.closed).code, 1012)
  await stopped
  t.throws(() => connect(chat), { code: 'NATTER_DRAINING' })
})

test('sockets without a hello are limited in all', async (t) => {
  const { chat } = await createTestChat(t, { ...relay, limits: { pendingTotal: 2 } })
  const first = connect(chat, { ip: '10.0.0.1' })
  connect(chat, { ip: '10.0.0.2' })
  t.throws(() => connect(chat, { ip: '10.0.0.3' }), { code: 'NATTER_RATE_LIMITED' })
  await first.hello({ token: 'alice' })
  t.notThrows(() => connect(chat, { ip: '10.0.0.3' }))
})

const noise = event('noise.made', z.object({ text: z.string() }))
const make = command('noise.make', { input: z.object({ text: z.string() }), output: z.object({}) })
const wait = command('noise.wait', { input: z.object({}), output: z.object({}) })

test('events are dropped for who reads slowly, before the socket is closed', async (t) => {
  const noisy = definePlugin({
    name: 'noise',
    contract: { noise, make },
    setup(api) {
      api.command(make, (input) => {
        api.publish(noise, { user: 'bob' }, input)
        return {}
      })
    },
  })
  const { device } = await createTestChat(t, {
    storage: null,
    plugins: [noisy()],
    limits: { softBufferBytes: 2_000, hardBufferBytes: 4_000 },
  })
  const [alice, bob] = [await device('alice'), await device('bob')]
  bob.peer.stall()
  for (let i = 0; i < 20; i++) await alice.request('noise.make', { text: `${i} ${'x'.repeat(400)}` })
  bob.peer.resume()
  bob.send(['p'])
  await bob.next('o')
  const heard = bob.frames.filter(([kind]) => kind === 'e').length
  t.true(heard >= 4 && heard < 8, String(heard))
})

test('requests of one connection under way are limited', async (t) => {
  const waiting: (() => void)[] = []
  const slow = definePlugin({
    name: 'noise',
    contract: { wait },
    setup(api) {
      api.command(wait, () => new Promise((resolve) => waiting.push(() => resolve({}))))
    },
  })
  const { device } = await createTestChat(t, { storage: null, plugins: [slow()], limits: { requestsInFlight: 2 } })
  const alice = await device('alice')
  const first = alice.request('noise.wait')
  const second = alice.request('noise.wait')
  await t.throwsAsync(alice.request('noise.wait'), { code: 'NATTER_BUSY' })
  for (const go of waiting) go()
  await Promise.all([first, second])
  const third = alice.request('noise.wait')
  await new Promise(setImmediate)
  waiting.at(-1)!()
  t.deepEqual(await third, {})
})

test('a request has one id, for whoever asks, and a fault tells it', async (t) => {
  const seen: string[] = []
  const failing = definePlugin({
    name: 'noise',
    contract: { wait },
    setup(api) {
      api.command(wait, (_input, context) => {
        seen.push(context.requestId!, context.requestId!)
        throw new Error('a fault')
      })
    },
  })
  const { device } = await createTestChat(t, { storage: null, plugins: [failing()] })
  const alice = await device('alice')
  for (const _ of [1, 2]) await t.throwsAsync(alice.request('noise.wait'), { code: 'NATTER_INTERNAL' })
  const told = alice.frames
    .filter(([kind]) => kind === 'no')
    .map((frame) => (frame[2] as { requestId: string }).requestId)
  t.is(new Set(told).size, 2)
  t.deepEqual(seen, [told[0]!, told[0]!, told[1]!, told[1]!])
})
