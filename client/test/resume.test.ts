import test from 'ava'
import { directId } from '#src/direct-id.js'
import { Bench, settle } from './support/bench.js'
import type { TestContext } from './support/bench.js'
import { FakeServer } from './support/fake-server.js'

const bob = directId('alice', 'bob')

async function start(t: TestContext, before: (server: FakeServer) => void = () => {}, options = {}) {
  const bench = new Bench(t)
  const server = new FakeServer(bench.wire, () => bench.clock.now())
  before(server)
  const chat = bench.client({ user: 'alice', ...options })
  const seen: number[] = []
  const events: unknown[] = []
  chat.on('message', (message) => message.conversation === bob && seen.push(message.seq))
  chat.on('reset', (event) => events.push(['reset', event.conversation]))
  chat.on('gap', (event) => events.push(['gap', event.from, event.to]))
  chat.on('problem', (problem) => events.push(['problem', problem.code]))
  await chat.connect()
  await settle(30)
  const away = async (act: () => void) => {
    bench.change('offline')
    server.devices.clear()
    act()
    bench.change('online')
    await settle(60)
  }
  return { bench, server, chat, seen, events, away, texts: () => textsOf(chat.conversation(bob).messages.get()) }
}
const textsOf = (messages: readonly object[]) => messages.map((message) => (message as { text: string }).text)
const range = (from: number, to: number) => Array.from({ length: to - from + 1 }, (_, index) => from + index)
const posts = (server: FakeServer, from: number, to: number) => {
  for (const number of range(from, to)) server.post('bob', 'alice', `${number}`, `b${number}`)
}

test('live messages arrive in order and once', async (t) => {
  const { server, seen, texts, chat } = await start(t)
  posts(server, 1, 3)
  await settle(30)
  t.deepEqual(seen, [1, 2, 3])
  t.deepEqual(texts(), ['1', '2', '3'])
  t.is(chat.conversations.get()[0]?.peer, 'bob')
  t.is(chat.conversations.get()[0]?.unread, 3)
})

test('an entry that comes twice counts once', async (t) => {
  const { bench, server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  bench.wire.lines[0]!.send('m', bob, ...server.log('alice', 'bob')[0]!)
  await settle()
  t.deepEqual(seen, [1])
})

test('what was written offline is shown once at every moment while it arrives', async (t) => {
  const { chat, away, texts } = await start(t)
  const conversation = chat.direct('bob')
  await conversation.send({ text: 'one' }).sent
  const shown: string[][] = []
  conversation.messages.subscribe(() => shown.push(texts()))
  await settle(30)
  await away(() => void conversation.send({ text: 'two' }))
  t.deepEqual(texts(), ['one', 'two'])
  t.deepEqual(
    shown.filter((moment) => new Set(moment).size < moment.length),
    [],
  )
})

test('an entry that overtakes another waits for it', async (t) => {
  const { bench, server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.requests.length = 0
  server.fate = () => 'late'
  posts(server, 2, 4)
  server.flushLate()
  await settle(30)
  t.deepEqual(seen, [1, 2, 3, 4])
  await bench.advance(200, 50)
  t.deepEqual(
    server.requests.filter(([, , name]) => name === 'offline.page'),
    [],
  )
})

test('a gap in what comes live is fetched', async (t) => {
  const { bench, server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.fate = () => 'lost'
  posts(server, 2, 5)
  server.fate = () => 'live'
  posts(server, 6, 6)
  await settle(30)
  t.deepEqual(seen, [1])
  await bench.advance(200, 50)
  t.deepEqual(seen, [1, 2, 3, 4, 5, 6])
})

test('a hint is followed', async (t) => {
  const { server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.fate = () => 'hint'
  posts(server, 2, 4)
  await settle(40)
  t.deepEqual(seen, [1, 2, 3, 4])
})

test('a hint of a conversation that is new is followed from its first entry', async (t) => {
  const { server, seen } = await start(t)
  server.fate = () => 'hint'
  posts(server, 1, 3)
  await settle(60)
  t.deepEqual(seen, [1, 2, 3])
})

test('what was missed is fetched from the place that is held, which the server compares', async (t) => {
  const { server, seen, away, events } = await start(t)
  posts(server, 1, 2)
  await settle(30)
  server.requests.length = 0
  await away(() => posts(server, 3, 6))
  t.deepEqual(seen, [1, 2, 3, 4, 5, 6])
  const pages = server.requests.filter(([, , name]) => name === 'offline.page').map(([, , , input]) => input)
  t.deepEqual(pages, [{ conversation: bob, after: 2, holds: 'b2', limit: 200 }])
  t.deepEqual(events, [])
})

test('what did not move costs one sync and no page', async (t) => {
  const { server, away } = await start(t)
  for (const user of ['bob', 'carol', 'dan', 'eve', 'frank']) server.post(user, 'alice', 'hi')
  await settle(60)
  // The marks that this client sent moved the conversations; another sync takes note.
  await away(() => {})
  server.requests.length = 0
  await away(() => {})
  t.deepEqual(
    server.requests.map(([, , name]) => name),
    ['offline.sync'],
  )
})

test('pages of few entries are fetched one after the other, until the head', async (t) => {
  const { server, seen, away, chat } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.pageLimit = 3
  let under = 0
  let most = 0
  const page = server.answers['offline.page']!
  server.answers['offline.page'] = (user, input) => {
    most = Math.max(most, ++under)
    setImmediate(() => under--)
    return page(user, input)
  }
  const links: string[] = []
  chat.status.subscribe(() => links.push(chat.status.get().link))
  await away(() => {
    posts(server, 2, 10)
    server.post('carol', 'alice', 'hi')
  })
  await settle(60)
  t.deepEqual(seen, range(1, 10))
  t.is(most, 1)
  t.deepEqual(links, ['connecting', 'resyncing', 'online'])
})

test('live entries during a resume are put in their place', async (t) => {
  const { server, seen, away } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  const sync = server.answers['offline.sync']!
  server.answers['offline.sync'] = (user, input) => {
    const answer = sync(user, input)
    server.post('bob', 'alice', '5')
    return answer
  }
  const page = server.answers['offline.page']!
  server.answers['offline.page'] = (user, input) => {
    const answer = page(user, input)
    if (server.log('alice', 'bob').length < 7) server.post('bob', 'alice', 'more')
    return answer
  }
  await away(() => posts(server, 2, 4))
  await settle(60)
  t.deepEqual(seen, range(1, server.log('alice', 'bob').length))
  t.true(seen.length >= 6)
})

test('a start gives what none of the devices has received, and nothing older', async (t) => {
  const { seen, chat, texts } = await start(t, (server) => {
    posts(server, 1, 10)
    server.logs.get(bob)!.members.get('alice')!.received = 7
    server.logs.get(bob)!.members.get('alice')!.read = 5
  })
  t.deepEqual(seen, [8, 9, 10])
  t.deepEqual(texts(), ['8', '9', '10'])
  t.is(chat.conversation(bob).info.get().unread, 5)
})

test('a conversation that began while away is new from its first entry', async (t) => {
  const { server, seen, away } = await start(t)
  await away(() => posts(server, 1, 4))
  t.deepEqual(seen, [1, 2, 3, 4])
})

test('a sync of several pages leads to all conversations', async (t) => {
  const { chat } = await start(t, (server) => {
    for (const number of range(1, 10)) server.post(`user${number}`, 'alice', 'hi')
  })
  t.is(chat.conversations.get().length, 10)
})

test('too much to fetch: the newest page, and the gap is named', async (t) => {
  const { server, seen, events, away, texts, chat } = await start(t, () => {}, { catchUp: 100 })
  posts(server, 1, 2)
  await settle(30)
  await away(() => posts(server, 3, 200))
  t.deepEqual(events, [['gap', 3, 150]])
  t.deepEqual(seen, [1, 2, ...range(151, 200)])
  t.deepEqual(texts(), range(151, 200).map(String))
  t.true(chat.conversation(bob).older.get())
  t.true(await chat.conversation(bob).loadOlder(10))
  t.deepEqual(texts(), range(141, 200).map(String))
})

test('a store that was restored is announced, and everything taken anew', async (t) => {
  const { bench, server, seen, events, texts, chat } = await start(t)
  chat.conversation(bob).messages.subscribe(() => {})
  posts(server, 1, 3)
  await settle(60)
  const copy = server.snapshot()
  posts(server, 4, 6)
  await settle(30)
  t.deepEqual(seen, range(1, 6))
  server.restore(copy)
  server.post('bob', 'alice', 'another 4')
  bench.change('online')
  await bench.advance(1_000, 100)
  await settle(60)
  t.deepEqual(events, [['reset', undefined]])
  t.deepEqual(texts(), ['1', '2', '3', 'another 4'])
})

test('a conversation whose log does not go on from what is held is announced and taken anew', async (t) => {
  const { server, events, texts, away, chat } = await start(t)
  chat.conversation(bob).messages.subscribe(() => {})
  posts(server, 1, 3)
  await settle(60)
  await away(() => {
    const log = server.logs.get(bob)!
    log.entries = log.entries.slice(0, 2)
    server.post('bob', 'alice', 'another 3', 'x3')
    server.post('bob', 'alice', '4', 'x4')
  })
  await settle(60)
  t.deepEqual(events, [['reset', bob]])
  t.deepEqual(texts(), ['1', '2', 'another 3', '4'])
})

test('what is lost on the way is found by the sync of every five minutes', async (t) => {
  const { bench, server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.fate = () => 'lost'
  posts(server, 2, 3)
  await bench.advance(299_000, 5_000)
  t.deepEqual(seen, [1])
  await bench.advance(2_000)
  t.deepEqual(seen, [1, 2, 3])
})

test('after the device slept, the client asks what happened', async (t) => {
  const { bench, server, seen } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.fate = () => 'lost'
  posts(server, 2, 2)
  // The wall clock goes on while timers stand still.
  bench.clock.jump(120_000)
  await bench.advance(30_000, 10_000)
  t.deepEqual(seen, [1, 2])
})

test('history reads pages without touching what is shown; loadOlder puts them in front', async (t) => {
  const { chat, texts } = await start(t, (server) => {
    posts(server, 1, 120)
    server.logs.get(bob)!.members.get('alice')!.received = 120
  })
  const conversation = chat.conversation(bob)
  const page = await conversation.history({ before: 11, limit: 5 })
  t.deepEqual(textsOf(page.messages), ['6', '7', '8', '9', '10'])
  t.true(page.more)
  t.false((await conversation.history({ before: 4 })).more)
  t.deepEqual(texts(), [])
  t.true(conversation.older.get())
  conversation.messages.subscribe(() => {})
  await settle(30)
  t.deepEqual(texts(), range(71, 120).map(String))
  const [one, two] = await Promise.all([conversation.loadOlder(), conversation.loadOlder()])
  t.deepEqual([one, two], [true, true])
  t.deepEqual(texts(), range(21, 120).map(String))
  t.false(await conversation.loadOlder())
  t.deepEqual(texts(), range(1, 120).map(String))
  t.false(conversation.older.get())
})

test('a retryable refusal of a sync or a page is tried again', async (t) => {
  const { bench, server, seen, away } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  let refusals = 4
  server.refuseRequest = () =>
    refusals-- > 0 ? { code: 'STORAGE_UNAVAILABLE', message: 'no', retryable: true } : undefined
  await away(() => posts(server, 2, 3))
  await bench.advance(10_000)
  t.deepEqual(seen, [1, 2, 3])
})

test('what the server changed on its way replaces what was shown at once', async (t) => {
  const { bench, server, chat, texts, seen } = await start(t)
  const { sent, id } = chat.direct('bob').send({ text: 'teh' })
  await sent
  bench.wire.lines[0]!.send('m', bob, 1, 1, 'alice', server.log('alice', 'bob')[0]![3], id, { text: 'the' })
  await settle()
  t.deepEqual(texts(), ['the'])
  t.deepEqual(seen, [1])
})

test('entries of a kind that nobody knows keep their place and their fields', async (t) => {
  const { server, chat } = await start(t)
  server.post('bob', 'alice', { type: 'hologram', depth: 3 })
  posts(server, 2, 2)
  await settle(40)
  const messages = chat.conversation(bob).messages.get() as readonly object[]
  t.like(messages[0], { type: 'hologram', depth: 3, seq: 1, from: 'bob' })
  t.like(messages[1], { type: 'text', text: '2', seq: 2 })
})

test('my own message that is stored and never acknowledged is shown once, and as sent, when it is fetched', async (t) => {
  const { server, chat, texts } = await start(t)
  posts(server, 1, 1)
  await settle(30)
  server.refuse = () => ({ code: 'NATTER_HOOK_TIMEOUT', message: 'late', retryable: true, retryAfterMs: 60_000 })
  server.fate = () => 'hint'
  const sending = chat.conversation(bob).send({ text: 'mine' })
  await settle(30)
  t.is(sending.state, 'queued')
  server.post('alice', 'bob', 'mine', sending.id)
  await settle(60)
  t.deepEqual(texts(), ['1', 'mine'])
  t.is(sending.state, 'sent')
  t.deepEqual(chat.outbox.list(), [])
})
