import { getEventListeners } from 'node:events'
import { memory } from '@natter/client'
import test from 'ava'
import { admit, Bench, settle, welcome } from './support/bench.js'

test('it connects below the prefix, speaks natter.1 and says hello with the token', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client({ client: 'web/1.0', device: 'phone' })
  const line = await bench.wire.line()
  t.is(line.url, 'ws://chat.test/chat/ws')
  t.deepEqual(line.protocols, ['natter.1'])
  t.deepEqual(await line.next(), ['hello', { token: 'alice', device: 'phone', client: 'web/1.0' }])
  t.is(chat.status.get().link, 'connecting')
  line.send('welcome', welcome())
  t.deepEqual(await chat.connect(), { id: 'alice', device: 'alice-main', session: 'alice-session' })
  t.is(chat.status.get().link, 'online')
  t.is(chat.me.get()?.id, 'alice')
})

test('the device id is made once and kept in the store', async (t) => {
  const bench = new Bench(t)
  const store = memory()
  const first = bench.client({ store })
  const [, one] = await (await bench.wire.line()).next('hello')
  await first.close()
  bench.client({ store })
  const [, two] = await (await bench.wire.line()).next('hello')
  t.regex(one.device, /^[\w-]{22}$/)
  t.is(two.device, one.device)
})

test('without a token the hello has no credentials: the cookie of the upgrade decides', async (t) => {
  const bench = new Bench(t)
  bench.client({ token: undefined as never, device: 'd' })
  t.deepEqual(await (await bench.wire.line()).next(), ['hello', { device: 'd' }])
})

test('after a loss it comes back with delays that double, and starts small again after ten good seconds', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await admit(bench.wire)
  line.close(1006)
  await settle()
  t.is(chat.status.get().link, 'offline')
  t.is(chat.status.get().error?.code, 'CLIENT_DISCONNECTED')
  const delays: number[] = []
  bench.wire.reachable = false
  for (let attempt = 0; attempt < 8; attempt++) {
    const { retryAt = 0 } = chat.status.get()
    delays.push(retryAt - bench.clock.now())
    await bench.clock.advance(retryAt - bench.clock.now())
    await settle()
  }
  t.deepEqual(delays, [500, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000])
  bench.wire.reachable = true
  await bench.clock.advance(30_000)
  const next = await admit(bench.wire)
  t.is(chat.status.get().link, 'online')
  await bench.advance(10_000)
  next.close(1006)
  await settle()
  t.is(chat.status.get().retryAt, bench.clock.now() + 500)
})

test('a connection that did not last does not make the delay short again', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  for (const delay of [500, 1_000, 2_000]) {
    const line = await admit(bench.wire)
    line.close(1006)
    await settle()
    t.is(chat.status.get().retryAt, bench.clock.now() + delay)
    await bench.clock.advance(delay)
  }
})

test('it comes back at once when the device is online again or the app comes to the foreground', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  await admit(bench.wire)
  bench.change('offline')
  t.is(chat.status.get().link, 'offline')
  bench.change('online')
  await admit(bench.wire)
  t.is(chat.status.get().link, 'online')
  bench.wire.lines[1]!.close(1006)
  await settle()
  bench.change('foreground')
  await admit(bench.wire)
  t.is(chat.status.get().link, 'online')
})

test('a token source is asked once by attempts that overlap', async (t) => {
  const bench = new Bench(t)
  const asked: string[] = []
  let give: (token: string) => void = () => {}
  bench.client({
    token: ({ reason }) => {
      asked.push(reason)
      return new Promise((resolve) => (give = resolve))
    },
  })
  await settle()
  bench.change('offline')
  bench.change('online')
  await settle()
  bench.change('offline')
  bench.change('online')
  await settle()
  give('late')
  const line = await bench.wire.line()
  t.is((await line.next('hello'))[1].token, 'late')
  t.deepEqual(asked, ['initial'])
  t.is(bench.wire.lines.length, 1)
})

test('a refused token is asked for once more, as rejected; then the client stops', async (t) => {
  const bench = new Bench(t)
  const asked: string[] = []
  const chat = bench.client({
    token: async ({ reason }) => {
      asked.push(reason)
      return reason
    },
  })
  const first = await bench.wire.line()
  await first.next('hello')
  first.close(4401)
  await settle()
  await bench.advance(1)
  const second = await bench.wire.line()
  t.is((await second.next('hello'))[1].token, 'rejected')
  second.close(4401)
  await settle()
  t.deepEqual(asked, ['initial', 'rejected'])
  t.is(chat.status.get().link, 'closed')
  t.is(chat.status.get().error?.code, 'CLIENT_TOKEN_REJECTED')
  await bench.advance(60_000, 10_000)
  t.is(bench.wire.lines.length, 2)
})

test('a token that is a text is not tried twice', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await bench.wire.line()
  line.close(4401)
  await settle()
  t.is(chat.status.get().error?.code, 'CLIENT_TOKEN_REJECTED')
  await bench.advance(60_000, 10_000)
  t.is(bench.wire.lines.length, 1)
})

test('the ticket of the welcome is presented instead of a token, a renewed one instead of the first', async (t) => {
  const bench = new Bench(t)
  let asked = 0
  bench.client({
    device: 'd',
    token: async () => {
      asked++
      return 'token'
    },
  })
  const now = bench.clock.now()
  const first = await admit(bench.wire, { ticket: 'one', ticketExpiresAt: now + 3_600_000 })
  first.close(1012)
  await settle()
  await bench.clock.advance(500)
  const second = await bench.wire.line()
  t.deepEqual(await second.next('hello'), ['hello', { ticket: 'one', device: 'd' }])
  second.send('welcome', welcome())
  await settle()
  second.send('t', 'two', now + 7_200_000)
  await settle()
  second.close(1012)
  await settle()
  await bench.clock.advance(1_000)
  const third = await bench.wire.line()
  t.is((await third.next('hello'))[1].ticket, 'two')
  t.is(asked, 1)
})

test('an expired ticket is not presented, by the clock of the server', async (t) => {
  const bench = new Bench(t)
  bench.client({ device: 'd' })
  // The server's clock is an hour ahead.
  const now = bench.clock.now() + 3_600_000
  const line = await admit(bench.wire, { now, ticket: 'one', ticketExpiresAt: now + 20_000 })
  await bench.advance(16_000, 8_000)
  line.close(1006)
  await settle()
  await bench.clock.advance(500)
  const second = await bench.wire.line()
  t.deepEqual(await second.next('hello'), ['hello', { token: 'alice', device: 'd' }])
})

test('a refused ticket falls back to the token', async (t) => {
  const bench = new Bench(t)
  const asked: string[] = []
  const chat = bench.client({
    token: async ({ reason }) => {
      asked.push(reason)
      return 'token'
    },
  })
  const first = await admit(bench.wire, { ticket: 'one', ticketExpiresAt: bench.clock.now() + 3_600_000 })
  first.close(1006)
  await settle()
  await bench.clock.advance(500)
  const second = await bench.wire.line()
  t.is((await second.next('hello'))[1].ticket, 'one')
  second.close(4401)
  await settle()
  await bench.clock.advance(0)
  await admit(bench.wire)
  t.deepEqual(asked, ['initial', 'expired'])
  t.is(chat.status.get().link, 'online')
})

test('a token source that fails is asked again; one that says it is final ends the session', async (t) => {
  const bench = new Bench(t)
  let failures = 0
  const chat = bench.client({
    token: async () => {
      failures++
      throw Object.assign(new Error('no'), failures > 2 ? { retryable: false } : {})
    },
  })
  await settle()
  t.is(chat.status.get().link, 'offline')
  t.is(chat.status.get().error?.code, 'CLIENT_TOKEN_FAILED')
  t.is((chat.status.get().error?.cause as Error).message, 'no')
  await bench.advance(2_000)
  t.is(failures, 3)
  t.is(chat.status.get().link, 'closed')
  t.is(chat.status.get().error?.code, 'CLIENT_SIGNED_OUT')
})

test('a token source that never answers is given up and its signal aborted', async (t) => {
  const bench = new Bench(t)
  const signals: AbortSignal[] = []
  const chat = bench.client({
    token: ({ signal }) => {
      signals.push(signal)
      return signals.length === 1 ? new Promise(() => {}) : Promise.resolve('second')
    },
  })
  await settle()
  await bench.advance(30_000, 10_000)
  t.true(signals[0]?.aborted)
  t.is(chat.status.get().error?.code, 'CLIENT_TOKEN_FAILED')
  await bench.advance(500)
  t.is((await (await bench.wire.line()).next('hello'))[1].token, 'second')
})

test('each question for a token has a signal of its own, and nothing listens to it afterwards', async (t) => {
  const bench = new Bench(t)
  const signals: AbortSignal[] = []
  bench.client({
    token: ({ signal }) => {
      signals.push(signal)
      return Promise.reject(new Error('no network'))
    },
  })
  await bench.advance(60_000, 1_000)
  t.true(signals.length > 3)
  t.is(new Set(signals).size, signals.length)
  for (const signal of signals) t.is(getEventListeners(signal, 'abort').length, 0)
})

for (const [code, error] of [
  [1000, 'CLIENT_DISCONNECTED'],
  [1003, 'CLIENT_PROTOCOL'],
  [1007, 'CLIENT_PROTOCOL'],
  [1009, 'CLIENT_PROTOCOL'],
  [4400, 'CLIENT_PROTOCOL'],
  [4403, 'CLIENT_SIGNED_OUT'],
  [4409, 'CLIENT_TOO_MANY_CONNECTIONS'],
  [4426, 'CLIENT_OUTDATED'],
] as const) {
  test(`close code ${code} stops the client with ${error}, until it is started again`, async (t) => {
    const bench = new Bench(t)
    const chat = bench.client()
    const line = await admit(bench.wire)
    line.close(code)
    await settle()
    t.is(chat.status.get().link, 'closed')
    t.is(chat.status.get().error?.code, error)
    await bench.advance(60_000, 10_000)
    t.is(bench.wire.lines.length, 1)
    const again = chat.connect()
    await admit(bench.wire)
    await again
    t.is(chat.status.get().link, 'online')
  })
}

for (const code of [1001, 1002, 1006, 1011, 1012, 4408, 4410, 4413, 4500, 4999]) {
  test(`close code ${code} is followed by another attempt`, async (t) => {
    const bench = new Bench(t)
    bench.client()
    const line = await admit(bench.wire)
    line.close(code)
    await settle()
    await bench.clock.advance(500)
    await admit(bench.wire)
    t.is(bench.wire.lines.length, 2)
  })
}

for (const code of [1013, 4429]) {
  test(`close code ${code} is followed by a later attempt`, async (t) => {
    const bench = new Bench(t)
    const chat = bench.client()
    const line = await admit(bench.wire)
    line.close(code)
    await settle()
    t.is(chat.status.get().retryAt, bench.clock.now() + 8_000)
  })
}

test('goaway: it reconnects after a random part of the spread, also when the server closes before', async (t) => {
  const bench = new Bench(t)
  bench.chance = 0.5
  const chat = bench.client()
  const first = await admit(bench.wire)
  first.send('goaway', { reason: 'restart', spreadMs: 8_000 })
  await settle()
  await bench.clock.advance(3_999)
  t.true(first.open)
  await bench.clock.advance(1)
  t.is(first.closedBy, 'client')
  const second = await admit(bench.wire)
  second.send('goaway', { reason: 'restart', spreadMs: 8_000 })
  await settle()
  second.close(1012)
  await settle()
  t.is(chat.status.get().retryAt, bench.clock.now() + 4_000)
})

test('a server that says nothing any more is asked, and left when it does not answer', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await admit(bench.wire)
  await bench.advance(29_000, 1_000)
  t.deepEqual(line.frames.slice(1), [])
  await bench.advance(1_000)
  t.deepEqual(line.frames.slice(1), [['p']])
  line.send('o')
  await settle()
  await bench.advance(30_000)
  t.is(line.frames.length, 3)
  await bench.advance(10_000)
  t.is(line.closedBy, 'client')
  t.not(chat.status.get().link, 'online')
})

test('any frame is a sign of life, and the server is answered when it asks', async (t) => {
  const bench = new Bench(t)
  bench.client()
  const line = await admit(bench.wire)
  for (let count = 0; count < 4; count++) {
    await bench.advance(20_000, 5_000)
    line.send('p')
    await settle()
  }
  t.deepEqual(line.frames.slice(1), [['o'], ['o'], ['o'], ['o']])
})

test('a welcome that does not come is waited for ten seconds', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await bench.wire.line()
  await bench.advance(10_000)
  t.is(line.closedBy, 'client')
  t.is(chat.status.get().error?.code, 'CLIENT_DISCONNECTED')
})

test('what is not a frame, and frames of unknown kinds, are skipped', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await admit(bench.wire)
  line.sendText('not json')
  line.sendText('{"no":"array"}')
  line.sendText('null')
  line.send('what', 1, 2)
  line.send('ok', 999, {})
  line.send('e', 'nobody.listens', {})
  await settle()
  t.is(chat.status.get().link, 'online')
})

test('a store of another person is not used', async (t) => {
  const bench = new Bench(t)
  const store = memory()
  const first = bench.client({ store })
  await admit(bench.wire)
  await settle()
  await first.close()
  const second = bench.client({ store, token: 'bob' })
  await admit(bench.wire, { user: 'bob' })
  t.is(second.status.get().error?.code, 'CLIENT_OTHER_USER')
  await second.signOut({ wipe: true })
  void second.connect()
  await admit(bench.wire, { user: 'bob' })
  t.is(second.me.get()?.id, 'bob')
})

test('close ends everything: no timer, no listener, no socket is left', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client()
  const line = await admit(bench.wire, { plugins: { offline: 1 } })
  const asking = chat.conversation('x').history()
  await chat.close()
  await t.throwsAsync(asking, { code: 'CLIENT_CLOSED' } as never)
  t.is(line.closedBy, 'client')
  t.is(bench.listeners, 0)
  t.is(bench.clock.waiting, 0)
  t.deepEqual(chat.status.get(), { link: 'closed' })
})

test('connect rejects when the client is closed before it is let in', async (t) => {
  const bench = new Bench(t)
  const chat = bench.client({ autoConnect: false })
  await settle()
  t.is(bench.wire.lines.length, 0)
  const connecting = chat.connect()
  await chat.close()
  await t.throwsAsync(connecting, { code: 'CLIENT_CLOSED' } as never)
  t.is(bench.wire.lines.length, 0)
})

test('a runtime without a WebSocket is told what to pass', (t) => {
  const bench = new Bench(t)
  const error = t.throws(() => bench.client({ platform: { WebSocket: undefined as never } }))
  t.is((error as { code?: string }).code, 'CLIENT_PLATFORM')
  t.regex(error!.message, /platform: \{ WebSocket \}/)
})
