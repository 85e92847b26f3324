import { once } from 'node:events'
import type { EventEmitter } from 'node:events'
import { connect } from 'node:net'
import test from 'ava'
import { hostIdentity } from '@natter/auth/host'
import { createChat } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { openShop } from '#src/shop.js'
import type { Shop } from '#src/shop.js'
import { screen, street, visitor } from './visitor.js'
import { chatLines, withoutChat } from './without-chat.js'

const before = await withoutChat()
test.after.always(() => before.remove())

test('the chat is added in at most 15 lines, imports included', async (t) => {
  const lines = await chatLines()
  t.true(lines.length <= 15, `${lines.length} lines`)
  t.true(lines.every((line) => line.length <= 120))
})

/** What a stranger to both could tell them apart by; without times and random ids. */
async function seen(response: Response) {
  const { date: _, ...headers } = Object.fromEntries(response.headers)
  const cookies = response.headers.getSetCookie().map((line) => line.replace(/=[^;]+/, '=…'))
  return { status: response.status, headers: { ...headers, 'set-cookie': cookies }, body: await response.text() }
}

async function walk(shop: Shop) {
  const omar = await visitor(shop)
  const steps: readonly (readonly [method: string, path: string, form?: Record<string, string>])[] = [
    ['GET', '/'],
    ['POST', '/login', { handle: 'omar', password: 'wrong' }],
    ['GET', '/api/orders'],
    ['POST', '/login', { handle: 'omar', password: 'omar' }],
    ['GET', '/'],
    ['HEAD', '/'],
    ['GET', '/api/orders'],
    ['POST', '/api/orders/1/ship', {}],
    ['POST', '/api/orders/1/ship', {}],
    ['POST', '/api/orders/9/ship'],
    ['GET', '/shop.css'],
    ['GET', '/chat.js'],
    ['GET', '/natter/index.js'],
    ['GET', '/nowhere'],
    ['GET', '/chatter'],
    ['GET', '/chat-rules'],
    ['DELETE', '/'],
    ['POST', '/logout', {}],
    ['GET', '/'],
    ['GET', '/api/orders'],
  ]
  const answers = []
  for (const [method, path, form] of steps) {
    answers.push({ method, path, ...(await seen(await omar.ask(method, path, form))) })
  }
  return answers
}

test("the shop's routes answer as before, byte for byte", async (t) => {
  const with_ = await street(t)
  const without = await street(t, before.openShop)
  const answers = await walk(with_.shop)
  t.deepEqual(answers, await walk(without.shop))
  t.deepEqual(
    answers.map(({ status }) => status),
    [200, 401, 401, 302, 200, 200, 200, 200, 200, 404, 200, 200, 200, 404, 404, 404, 404, 302, 200, 401],
  )
  t.is((await fetch(`${with_.shop.url}/chat/healthz`)).status, 200)
  t.is((await fetch(`${without.shop.url}/chat/healthz`)).status, 404)
})

test("the shop's own WebSocket works as before", async (t) => {
  for (const open of [openShop, before.openShop]) {
    const { shop } = await street(t, open)
    const { socket, shown } = await screen(t, shop)
    const maja = await visitor(shop, 'maja')
    const next = once(socket, 'message')
    await maja.ask('POST', '/api/orders/1/ship')
    await next
    t.deepEqual(shown, [{ board: 'open' }, { shipped: 1 }])
  }
})

/** Knocks with an upgrade and gives what comes back. */
async function knock(shop: Shop, path: string): Promise<string> {
  const socket = connect(Number(new URL(shop.url).port), 'localhost')
  let text = ''
  socket.on('data', (data) => (text += String(data)))
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
      'Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\nfirst bytes',
  )
  await once(socket, 'close')
  return text
}

test('upgrades of other paths reach whoever takes them, with all their bytes', async (t) => {
  for (const open of [openShop, before.openShop]) {
    const { shop } = await street(t, open)
    shop.server.on('upgrade', (request, socket, head) => {
      if (request.url === '/board' || request.url === '/chat/ws') return
      socket.end(`HTTP/1.1 418 Mine\r\n\r\n${request.url} ${String(head)}`)
    })
    for (const path of ['/', '/nowhere', '/chat', '/chat/', '/chat/ws/', '/chat/wss', '/CHAT/WS', '/board/chat/ws']) {
      t.is(await knock(shop, path), `HTTP/1.1 418 Mine\r\n\r\n${path} first bytes`)
    }
  }
})

test('an upgrade that nobody takes is left to whoever comes later', async (t) => {
  const { shop } = await street(t)
  const held = once(shop.server, 'upgrade')
  const answer = knock(shop, '/nowhere')
  const [, socket] = await held
  await screen(t, shop)
  t.false(socket.destroyed)
  t.is(socket.bytesWritten, 0)
  socket.end('HTTP/1.1 418 Later\r\n\r\n')
  t.is(await answer, 'HTTP/1.1 418 Later\r\n\r\n')
})

const listenersOf = (emitter: EventEmitter) => emitter.eventNames().map((name) => [name, emitter.rawListeners(name)])

test('between attach and stop there is one listener more, on the upgrade; then all are as they were', async (t) => {
  const { shop, folder } = await street(t, before.openShop)
  const look = () => ({
    server: listenersOf(shop.server),
    app: listenersOf(shop.app),
    process: listenersOf(process),
  })
  const start = look()
  const chat = await createChat({
    plugins: [
      hostIdentity({ user: () => undefined, lookup: (ids) => shop.users.byIds(ids) }),
      storageSql({ url: `sqlite:${folder}/chat.db` }),
      offline(),
    ],
  })
  t.teardown(() => chat.stop())
  t.deepEqual(look(), start)
  chat.attach(shop.server, { koa: { app: shop.app } })
  chat.attach(shop.server, { koa: { app: shop.app } })
  const [[, upgrades]] = start.server.filter(([name]) => name === 'upgrade') as [[string, unknown[]]]
  const attached = shop.server.rawListeners('upgrade')
  t.is(attached.length, upgrades.length + 1)
  t.deepEqual(attached.slice(0, upgrades.length), upgrades)
  const others = ({ server, ...rest }: typeof start) => ({
    ...rest,
    server: server.filter(([name]) => name !== 'upgrade'),
  })
  t.deepEqual(others(look()), others(start))
  await chat.stop()
  t.deepEqual(look(), start)
  // The shop goes on: its pool, its routes, its socket.
  const omar = await visitor(shop, 'omar')
  t.is((await omar.ask('GET', '/api/orders')).status, 200)
  t.deepEqual((await screen(t, shop)).shown, [{ board: 'open' }])
})

test('with the chat in it, the shop itself has the listeners of before, and one on the upgrade', async (t) => {
  const count = ({ server, app }: Shop) =>
    Object.fromEntries(
      [server, app].flatMap((each, i) =>
        each.eventNames().map((name) => [`${i} ${String(name)}`, each.listenerCount(name)]),
      ),
    )
  const with_ = count((await street(t)).shop)
  const without = count((await street(t, before.openShop)).shop)
  t.deepEqual(with_, { ...without, '0 upgrade': without['0 upgrade']! + 1 })
})
