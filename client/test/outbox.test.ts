import { memory } from '@natter/client'
import type { MessageView, Readable } from '@natter/client'
import test from 'ava'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'

function start(t: TestContext) {
  const bench = new Bench(t)
  return { bench, server: new FakeServer(bench.wire, () => bench.clock.now()) }
}
const texts = (messages: Readable<readonly MessageView[]>) =>
  messages.get().map((message) => `${(message as { text?: string }).text} ${message.state} ${message.seq}`)

test('a message is on screen at once, and committed when the server has it', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const bob = chat.direct('bob')
  const sending = bob.send({ text: 'hello' })
  t.deepEqual(texts(bob.messages), ['hello queued 0'])
  t.is(bob.messages.get()[0]?.key, sending.id)
  t.is(chat.conversations.get()[0]?.last?.key, sending.id)
  t.is(sending.state, 'queued')
  t.regex(sending.id, /^[\w-]{22}$/)
  const sent = await sending.sent
  t.deepEqual(sent, { durability: 'committed', conversation: bob.id, seq: 1, at: bench.clock.now() })
  t.deepEqual(texts(bob.messages), ['hello sent 1'])
  t.is(bob.messages.get()[0]?.key, sending.id)
  t.is(bob.messages.get()[0]?.id, `${bob.id}/1`)
  t.is(sending.state, 'sent')
  t.deepEqual(server.sends[0]?.slice(2), [{ user: 'bob' }, sending.id, { text: 'hello' }])
  t.deepEqual(chat.outbox.list(), [])
})

test('the first message goes to the person, later ones to the conversation', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const bob = chat.direct('bob')
  await bob.send({ text: 'one' }).sent
  await bob.send({ text: 'two' }).sent
  t.deepEqual(
    server.sends.map(([, , address]) => address),
    [{ user: 'bob' }, bob.id],
  )
})

test('nothing is transmitted before it is kept', async (t) => {
  const { bench, server } = start(t)
  const store = memory()
  let keep: () => void = () => {}
  const slow = {
    ...store,
    set: async (key: string, value: unknown) => {
      if (key.startsWith('outbox/')) await new Promise<void>((resolve) => (keep = resolve))
      await store.set(key, value)
    },
  }
  const chat = bench.client({ user: 'alice', store: slow })
  await chat.connect()
  const sending = chat.direct('bob').send({ text: 'hello' })
  await settle()
  t.is(server.sends.length, 0)
  keep()
  await sending.sent
  t.is(server.sends.length, 1)
})

test('an answer that was lost: the same message under the same id, and one entry', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const messages: unknown[] = []
  chat.on('message', (message) => messages.push(message.seq))
  let lose = true
  server.breaks = ([kind], way) => way === 'out' && kind === 'a' && lose && !(lose = false)
  const sending = chat.direct('bob').send({ text: 'hello' })
  await settle()
  t.is(server.log('alice', 'bob').length, 1)
  t.is(sending.state, 'queued')
  await bench.advance(1_000)
  const sent = await sending.sent
  t.is(sent.durability === 'committed' && sent.seq, 1)
  t.is(server.log('alice', 'bob').length, 1)
  t.deepEqual(messages, [1])
  t.true(server.sends.every(([, , , id]) => id === sending.id))
})

test('what is unsent survives a restart and goes out under the same id', async (t) => {
  const { bench, server } = start(t)
  const store = memory()
  bench.wire.reachable = false
  const first = bench.client({ user: 'alice', store })
  const sending = first.direct('bob').send({ text: 'kept' }, { id: 'order-7' })
  const closed = t.throwsAsync(sending.sent, { code: 'CLIENT_CLOSED' } as never)
  await settle()
  await first.close()
  await closed
  bench.wire.reachable = true
  const second = bench.client({ user: 'alice', store })
  await settle(30)
  t.deepEqual(
    server.log('alice', 'bob').map((entry) => entry.slice(4)),
    [['order-7', { text: 'kept' }]],
  )
  t.deepEqual(texts(second.direct('bob').messages), ['kept sent 1'])
  t.deepEqual(await store.list('outbox/'), [])
})

test('a message that was committed before the crash is not shown twice after it', async (t) => {
  const { bench, server } = start(t)
  const store = memory()
  const first = bench.client({ user: 'alice', store })
  await first.connect()
  server.breaks = ([kind], way) => way === 'out' && kind === 'a'
  first.direct('bob').send({ text: 'hello' })
  await settle()
  await first.close()
  server.breaks = () => false
  const second = bench.client({ user: 'alice', store })
  const bob = second.direct('bob')
  bob.messages.subscribe(() => {})
  await settle(40)
  t.deepEqual(texts(bob.messages), ['hello sent 1'])
  t.is(server.log('alice', 'bob').length, 1)
})

test('messages of one conversation keep their order, also when one is refused for the moment', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  let busy = 2
  server.refuse = ([, , , , body]) =>
    body.text === '1' && busy-- > 0
      ? { code: 'NATTER_RATE_LIMITED', message: 'slowly', retryable: true, retryAfterMs: 3_000 }
      : undefined
  const bob = chat.direct('bob')
  const sendings = ['0', '1', '2', '3'].map((text) => bob.send({ text }))
  await settle(30)
  t.is(sendings[1]?.state, 'queued')
  t.is(sendings[1]?.error?.code, 'NATTER_RATE_LIMITED')
  t.is(server.sends.length, 2)
  await bench.clock.advance(2_999)
  t.is(server.sends.length, 2)
  await bench.advance(4_000)
  await Promise.all(sendings.map(({ sent }) => sent))
  t.deepEqual(
    server.log('alice', 'bob').map((entry) => entry[5]),
    [{ text: '0' }, { text: '1' }, { text: '2' }, { text: '3' }],
  )
  t.is(sendings[1]?.error, undefined)
})

test('one conversation that waits does not hold up another', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  server.refuse = ([, , address]) =>
    address.user === 'bob' ? { code: 'NATTER_BUSY', message: 'busy', retryable: true, retryAfterMs: 60_000 } : undefined
  chat.direct('bob').send({ text: 'waits' })
  await chat.direct('carol').send({ text: 'goes' }).sent
  t.is(server.log('alice', 'carol').length, 1)
})

test('a refusal for good leaves it failed, over a restart too, until it is retried or dropped', async (t) => {
  const { bench, server } = start(t)
  const store = memory()
  const first = bench.client({ user: 'alice', store })
  server.refuse = () => ({ code: 'NATTER_NOT_AVAILABLE', message: 'not available' })
  const bob = first.direct('bob')
  const sending = bob.send({ text: 'hello' })
  await t.throwsAsync(sending.sent, { code: 'NATTER_NOT_AVAILABLE' } as never)
  t.is(sending.state, 'failed')
  t.is(sending.error?.code, 'NATTER_NOT_AVAILABLE')
  t.deepEqual(texts(bob.messages), ['hello failed 0'])
  const after = bob.send({ text: 'next' })
  await t.throwsAsync(after.sent, { code: 'NATTER_NOT_AVAILABLE' } as never)
  await first.close()

  const second = bench.client({ user: 'alice', store })
  await settle(30)
  t.deepEqual(
    second.outbox.list().map(({ id, state, error }) => [id, state, error?.code]),
    [sending.id, after.id].map((id) => [id, 'failed', 'NATTER_NOT_AVAILABLE']),
  )
  server.refuse = () => undefined
  second.outbox.retry(sending.id)
  t.true(second.outbox.drop(after.id))
  t.false(second.outbox.drop(after.id))
  await settle(30)
  t.deepEqual(
    server.log('alice', 'bob').map((entry) => entry[4]),
    [sending.id],
  )
  t.deepEqual(second.outbox.list(), [])
  t.deepEqual(await store.list('outbox/'), [])
})

test('after a retry, sent is a new promise', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  server.refuse = () => ({ code: 'NATTER_FORBIDDEN', message: 'no' })
  const sending = chat.direct('bob').send({ text: 'hello' })
  await t.throwsAsync(sending.sent, { code: 'NATTER_FORBIDDEN' } as never)
  server.refuse = () => undefined
  chat.outbox.retry()
  t.is(sending.state, 'queued')
  t.is((await sending.sent).durability, 'committed')
})

test('a dropped message is not sent, and who waits for it is told', async (t) => {
  const { bench, server } = start(t)
  bench.wire.reachable = false
  const store = memory()
  const chat = bench.client({ user: 'alice', store })
  const sending = chat.direct('bob').send({ text: 'hello' })
  const { sent } = sending
  chat.outbox.drop(sending.id)
  await t.throwsAsync(sent, { code: 'CLIENT_DROPPED' } as never)
  t.is(sending.state, 'failed')
  t.deepEqual(chat.direct('bob').messages.get(), [])
  bench.wire.reachable = true
  await bench.advance(5_000)
  t.is(server.sends.length, 0)
  t.deepEqual(await store.list('outbox/'), [])
})

test('nobody who does not look at sent is told of a rejection', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const unhandled: unknown[] = []
  const listen = (reason: unknown) => unhandled.push(reason)
  process.on('unhandledRejection', listen)
  t.teardown(() => process.off('unhandledRejection', listen))
  server.refuse = () => ({ code: 'NATTER_FORBIDDEN', message: 'no' })
  chat.direct('bob').send({ text: 'one' })
  void chat.direct('bob').send({ text: 'two' }).sent
  await settle(30)
  t.is(chat.outbox.list().length, 2)
  t.deepEqual(unhandled, [])
})

test('a message under an id that is on its way is the same message', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const bob = chat.direct('bob')
  const one = bob.send({ text: 'order 7' }, { id: '7' })
  t.is(bob.send({ text: 'order 7' }, { id: '7' }), one)
  await one.sent
  t.is(server.sends.length, 1)
  const again = await bob.send({ text: 'order 7' }, { id: '7' }).sent
  t.is(again.durability === 'committed' && again.seq, 1)
  t.is(bob.messages.get().length, 1)
})

test('a message that is too long for the server is not transmitted', async (t) => {
  const { bench, server } = start(t)
  const chat = bench.client({ user: 'alice' })
  const sending = chat.direct('bob').send({ text: 'ü'.repeat(20_000) })
  await t.throwsAsync(sending.sent, { code: 'NATTER_TOO_LARGE' } as never)
  t.is(server.sends.length, 0)
})

test('what was on its way when the server called the frames wrong is not tried again by itself', async (t) => {
  const { bench } = start(t)
  const chat = bench.client({ user: 'alice' })
  await chat.connect()
  await settle()
  const line = bench.wire.lines[0]!
  line.serve((frame) => frame[0] === 's' && line.close(4400))
  const sending = chat.direct('bob').send({ text: 'poison' })
  await settle()
  t.is(chat.status.get().error?.code, 'CLIENT_PROTOCOL')
  t.is(sending.state, 'failed')
  t.is(chat.outbox.list()[0]?.error?.code, 'CLIENT_PROTOCOL')
})

test('a store that fails is said once; messages go out all the same', async (t) => {
  const { bench } = start(t)
  const broken = async () => {
    throw new Error('no disk')
  }
  const chat = bench.client({
    user: 'alice',
    store: {
      name: 'x',
      shared: false,
      list: broken,
      get: broken,
      set: broken,
      remove: broken,
      clear: broken,
      close() {},
    },
  })
  const problems: string[] = []
  chat.on('problem', (problem) => problems.push(problem.code))
  await chat.direct('bob').send({ text: 'one' }).sent
  await chat.direct('bob').send({ text: 'two' }).sent
  t.deepEqual(problems, ['CLIENT_STORE_FAILED'])
})
