import test from 'ava'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'
import { Browser } from './support/tabs.js'

async function start(t: TestContext, count: number) {
  const bench = new Bench(t)
  const server = new FakeServer(bench.wire, () => bench.clock.now())
  const browser = new Browser()
  const open = () => {
    const { store, locks, channel } = browser
    return bench.client({ user: 'alice', store, platform: { locks, channel } })
  }
  const tabs = Array.from({ length: count }, open)
  await Promise.all(tabs.map((tab) => tab.connect()))
  await settle(20)
  /** The tabs whose connection carried sends. */
  const senders = () => bench.wire.lines.map(({ frames }) => frames.filter(([kind]) => kind === 's').length)
  return { bench, server, browser, tabs: tabs as [(typeof tabs)[0], (typeof tabs)[0]], open, senders }
}
const texts = (messages: readonly object[]) =>
  messages.map((message) => `${(message as { text: string }).text} ${(message as { state: string }).state}`)

test('one tab sends what all of them queue, and all see it on its way and arrive', async (t) => {
  const { tabs, senders, server } = await start(t, 3)
  const [one, two] = tabs
  const sending = two.direct('bob').send({ text: 'from two' })
  await Promise.all([sending.sent, one.direct('bob').send({ text: 'from one' }).sent])
  await settle(30)
  t.deepEqual(senders(), [2, 0, 0])
  t.is(sending.state, 'sent')
  const order = server.log('alice', 'bob').map((entry) => `${(entry[5] as { text: string }).text} sent`)
  for (const tab of tabs) {
    t.deepEqual(texts(tab.direct('bob').messages.get()), order)
    t.deepEqual(tab.outbox.list(), [])
  }
})

test('what one tab has queued is on screen in another', async (t) => {
  const { bench, tabs, server } = await start(t, 2)
  bench.change('offline')
  server.devices.clear()
  bench.wire.reachable = false
  tabs[0].direct('bob').send({ text: 'waits' })
  await settle()
  t.deepEqual(texts(tabs[1].direct('bob').messages.get()), ['waits queued'])
  tabs[1].outbox.drop(tabs[1].outbox.list()[0]!.id)
  await settle()
  t.deepEqual(tabs[0].direct('bob').messages.get(), [])
})

test('when the sending tab is closed, another takes over what it left', async (t) => {
  const { bench, server, browser, tabs, open } = await start(t, 1)
  bench.change('offline')
  server.devices.clear()
  bench.wire.reachable = false
  tabs[0].direct('bob').send({ text: 'left behind' })
  await settle()
  const other = open()
  await settle()
  t.deepEqual([...browser.held], ['natter:shared'])
  await tabs[0].close()
  bench.wire.reachable = true
  await bench.advance(2_000, 100)
  t.deepEqual(texts(other.direct('bob').messages.get()), ['left behind sent'])
  t.is(server.log('alice', 'bob').length, 1)
})

test('a sending tab that is stuck does not hold up another: after a while that sends for itself, and it arrives once', async (t) => {
  const { bench, server, tabs, senders } = await start(t, 2)
  // The first tab's connection swallows everything.
  bench.wire.lines[0]!.serve(() => {})
  const sending = tabs[1].direct('bob').send({ text: 'urgent' })
  await bench.advance(3_900, 100)
  t.is(sending.state, 'queued')
  await bench.advance(200, 100)
  await sending.sent
  t.is(senders()[1], 1)
  t.is(server.log('alice', 'bob').length, 1)
})

test('a refusal is told to the tab that sent, and its retry to the tab that sends', async (t) => {
  const { tabs, server } = await start(t, 2)
  server.refuse = () => ({ code: 'NATTER_FORBIDDEN', message: 'no' })
  const sending = tabs[1].direct('bob').send({ text: 'hello' })
  await t.throwsAsync(sending.sent, { code: 'NATTER_FORBIDDEN' } as never)
  t.is(tabs[0].outbox.list()[0]?.state, 'failed')
  server.refuse = () => undefined
  tabs[1].outbox.retry()
  t.is((await sending.sent).durability, 'committed')
  await settle()
  t.deepEqual(tabs[0].outbox.list(), [])
})

test('a browser that refuses locks lets each tab send for itself', async (t) => {
  const bench = new Bench(t)
  const server = new FakeServer(bench.wire, () => bench.clock.now())
  const { store, channel } = new Browser()
  const locks = { request: () => Promise.reject(new Error('SecurityError')) }
  const tab = bench.client({ user: 'alice', store, platform: { locks, channel } })
  await tab.direct('bob').send({ text: 'hello' }).sent
  t.is(server.log('alice', 'bob').length, 1)
})

test('a tab that is closed lets go of its lock and its channel', async (t) => {
  const { browser, tabs } = await start(t, 2)
  await tabs[1].close()
  await tabs[0].close()
  await settle()
  t.deepEqual([...browser.held], [])
})
