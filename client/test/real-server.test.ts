import { memory } from '@natter/client'
import type { SocketLike } from '@natter/client'
import type { Chat } from '@natter/core'
import { offline } from '@natter/offline'
import { createTestChat } from '@natter/testkit'
import test from 'ava'
import fc from 'fast-check'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { memorySocket } from './support/memory-socket.js'

/** A real server in this process, on the clock of the bench. */
async function start(t: TestContext, plugins = [offline()]) {
  const bench = new Bench(t)
  const sockets: { cut(): void }[] = []
  const { chat } = await createTestChat(t, {
    plugins,
    clock: bench.clock,
    ...(plugins.length ? {} : { storage: null }),
  })
  const Inner = memorySocket(() => chat as unknown as Chat)
  class WebSocket extends Inner {
    constructor(url: string, protocols: string[]) {
      super(url, protocols)
      sockets.push(this as unknown as { cut(): void })
    }
  }
  const client = (token: string, more = {}) =>
    bench.client({
      token,
      user: token.split(':')[0]!,
      platform: { WebSocket: WebSocket as new () => SocketLike },
      ...more,
    })
  return { bench, chat, client, sockets }
}
const texts = (messages: readonly object[]) => messages.map((message) => (message as { text: string }).text)

test('two people talk over a real server, and the ticks tell the truth', async (t) => {
  const { bench, client } = await start(t)
  const alice = client('alice')
  const bob = client('bob')
  await Promise.all([alice.connect(), bob.connect()])
  const heard: string[] = []
  bob.on('message', (message) => heard.push((message as unknown as { text: string }).text))
  const sending = alice.direct('bob').send({ text: 'hello' })
  const sent = await sending.sent
  t.like(sent, { durability: 'committed', seq: 1, conversation: alice.direct('bob').id })
  await bench.advance(1_000, 100)
  t.deepEqual(heard, ['hello'])
  t.is(sending.state, 'delivered')
  t.is(bob.direct('alice').info.get().unread, 1)
  bob.direct('alice').read()
  await bench.advance(1_000, 100)
  t.is(sending.state, 'read')
  t.is(bob.direct('alice').info.get().unread, 0)
  await bob.direct('alice').send({ text: 'hi' }).sent
  await settle(20)
  t.deepEqual(texts(alice.direct('bob').messages.get()), ['hello', 'hi'])
  t.is(alice.conversations.get()[0]?.unread, 1)
})

test('who was away finds everything, once', async (t) => {
  const { bench, client, sockets } = await start(t)
  const alice = client('alice')
  const bob = client('bob')
  await Promise.all([alice.connect(), bob.connect()])
  const heard: string[] = []
  bob.on('message', (message) => heard.push((message as unknown as { text: string }).text))
  await alice.direct('bob').send({ text: '0' }).sent
  await bench.advance(1_000, 100)
  sockets[1]!.cut()
  await Promise.all(Array.from({ length: 30 }, (_, index) => alice.direct('bob').send({ text: `${index + 1}` }).sent))
  await bench.advance(3_000, 100)
  t.is(bob.status.get().link, 'online')
  t.deepEqual(
    heard,
    Array.from({ length: 31 }, (_, index) => `${index}`),
  )
})

test('a server without a store relays, and says so', async (t) => {
  const { client } = await start(t, [])
  const alice = client('alice')
  const bob = client('bob')
  await Promise.all([alice.connect(), bob.connect()])
  const sent = await alice.direct('bob').send({ text: 'hello' }).sent
  t.like(sent, { durability: 'relayed', devices: 1 })
  await settle()
  t.deepEqual(texts(bob.direct('alice').messages.get()), ['hello'])
})

test('a revoked session is told so', async (t) => {
  const { chat, client } = await start(t)
  const alice = client('alice')
  await alice.connect()
  await (chat as unknown as { disconnect(who: object): Promise<void> }).disconnect({ user: 'alice' })
  await settle()
  t.is(alice.status.get().error?.code, 'CLIENT_SIGNED_OUT')
})

test('a refusal of the server reaches the sender with its code', async (t) => {
  const { client } = await start(t)
  const alice = client('alice')
  const sending = alice.direct('nobody').send({ text: 'hello' })
  await t.throwsAsync(sending.sent, { code: 'NATTER_NOT_AVAILABLE' } as never)
  t.is(sending.state, 'failed')
})

const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ do: fc.constant('send' as const), who: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('cut' as const), who: fc.nat(30) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('restart' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), who: fc.nat(2) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('pass' as const), ms: fc.integer({ min: 1, max: 5_000 }) }) },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('turn' as const), turns: fc.integer({ min: 1, max: 20 }) }) },
)

test('I4 over a real server: each message once, in order, and everybody sees the same', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const ends: (() => unknown)[] = []
      const { bench, client, sockets } = await start({ teardown: (end) => ends.push(end) })
      const people = ['alice', 'alice:phone', 'bob'].map((token) => {
        const store = memory()
        const runs: number[][] = []
        const begin = () => {
          const run: number[] = []
          runs.push(run)
          const chat = client(token, { store })
          chat.on('message', ({ seq }) => run.push(seq))
          return chat
        }
        let chat = begin()
        const peer = token === 'bob' ? 'alice' : 'bob'
        return {
          runs,
          view: () => chat.direct(peer),
          restart: async () => {
            await chat.close()
            chat = begin()
          },
        }
      })
      let sent = 0
      for (const action of steps) {
        if (action.do === 'send') people[action.who]!.view().send({ text: `${sent++}` })
        if (action.do === 'cut') sockets[action.who]?.cut()
        if (action.do === 'restart') await people[action.who]!.restart()
        if (action.do === 'read') people[action.who]!.view().read()
        if (action.do === 'pass') await bench.advance(action.ms, 500)
        if (action.do === 'turn') await settle(action.turns)
      }
      await bench.advance(60_000, 500)
      const views: string[][] = []
      for (const { runs, view } of people) {
        while (await view().loadOlder()) continue
        const shown = view().messages.get()
        t.deepEqual(
          shown.map(({ seq }) => seq),
          Array.from({ length: sent }, (_, index) => index + 1),
        )
        views.push(texts(shown))
        for (const run of runs)
          t.deepEqual(
            run,
            run.map((_, index) => run[0]! + index),
          )
        if (runs.length === 1 && view() === people[2]!.view()) t.is(runs[0]!.length, sent)
      }
      t.deepEqual(views[1], views[0])
      t.deepEqual(views[2], views[0])
      t.is(new Set(views[0]).size, sent)
      for (const end of ends.reverse()) await end()
    }),
    { numRuns: 40 },
  )
  t.pass()
})
