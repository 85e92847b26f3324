import { once } from 'node:events'
import { createServer } from 'node:http'
import type { Server } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import Koa from 'koa'
import { WebSocket, WebSocketServer } from 'ws'
import { connectionAuthenticate, definePlugin } from '@natter/core'
import { createTestChat, FakeClock } from '@natter/testkit'
import type { TestChatOptions } from '@natter/testkit'

/** A host with its own routes and its own WebSocket, and the chat in it. */
async function host(t: ExecutionContext, options: Partial<TestChatOptions<[]>> = {}, guard?: Koa.Middleware[]) {
  const app = new Koa()
  const { chat } = await createTestChat(t, { storage: null, plugins: [], ...options })
  app.use(chat.middleware())
  app.use((ctx) => {
    if (ctx.path === '/hello') ctx.body = 'from the host'
  })
  const server = createServer(app.callback())
  const own = new WebSocketServer({ noServer: true })
  server.on('upgrade', (request, socket, head) => {
    if (request.url === '/own') own.handleUpgrade(request, socket, head, (ws) => ws.send('the host answers'))
  })
  const before = listeners(server)
  chat.attach(server, guard ? { koa: { app, use: guard } } : {})
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  t.teardown(() => server.closeAllConnections())
  const { port } = server.address() as AddressInfo
  return { chat, app, server, before, url: `http://127.0.0.1:${port}`, ws: `ws://127.0.0.1:${port}/chat/ws`, port }
}
const listeners = (server: Server) =>
  ['request', 'upgrade', 'connection', 'error'].map((name) => server.listenerCount(name))

async function open(url: string, hello: object, options: object = {}) {
  const socket = new WebSocket(url, 'natter.1', options)
  const frames: unknown[][] = []
  const waiting: (() => void)[] = []
  socket.on('message', (data) => {
    frames.push(JSON.parse(String(data)) as unknown[])
    for (const wake of waiting.splice(0)) wake()
  })
  await once(socket, 'open')
  socket.send(JSON.stringify(['hello', hello]))
  const next = async (kind: string): Promise<unknown[]> => {
    for (;;) {
      const found = frames.findIndex((frame) => frame[0] === kind)
      if (found >= 0) return frames.splice(found, 1)[0]!
      await new Promise<void>((resolve) => waiting.push(resolve))
    }
  }
  await next('welcome')
  return { socket, next }
}

async function refused(url: string, options: { protocols?: string[]; headers?: object } = {}) {
  const socket = new WebSocket(url, options.protocols ?? ['natter.1'], { headers: { ...options.headers } })
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, import('node:http').IncomingMessage]
  const chunks: Buffer[] = []
  for await (const chunk of response) chunks.push(chunk as Buffer)
  return { status: response.statusCode, body: Buffer.concat(chunks).toString() }
}

test('two people talk over real sockets', async (t) => {
  const { ws } = await host(t)
  const [alice, bob] = [await open(ws, { token: 'alice' }), await open(ws, { token: 'bob' })]
  alice.socket.send(JSON.stringify(['s', 1, { user: 'bob' }, 'one', { text: 'grüß dich 👋' }]))
  t.is((await alice.next('r'))[2], 1)
  t.deepEqual((await bob.next('m'))[7], { text: 'grüß dich 👋' })
})

test("the host's routes, sockets and listeners stay as they were", async (t) => {
  const { url, ws, server, before, chat } = await host(t)
  t.is(await (await fetch(`${url}/hello`)).text(), 'from the host')
  t.is((await fetch(`${url}/chatter`)).status, 404)
  const own = new WebSocket(ws.replace('/chat/ws', '/own'))
  const [greeting] = (await once(own, 'message')) as [Buffer]
  t.is(String(greeting), 'the host answers')
  own.terminate()
  t.deepEqual(
    listeners(server),
    before.map((count, i) => (i === 1 ? count + 1 : count)),
  )
  await chat.stop()
  t.deepEqual(listeners(server), before)
  t.is(await (await fetch(`${url}/hello`)).text(), 'from the host')
})

test('upgrades of other paths are left alone', async (t) => {
  const { port } = await host(t)
  const socket = connect(port, '127.0.0.1')
  t.teardown(() => socket.destroy())
  socket.write(
    'GET /chat/ws/more HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n',
  )
  const { ws } = { ws: `ws://127.0.0.1:${port}/chat/ws` }
  const alice = await open(ws, { token: 'alice' })
  alice.socket.send('["p"]')
  await alice.next('o')
  t.is(socket.bytesRead, 0)
  t.false(socket.destroyed)
})

test('health, readiness, documents and unknown paths', async (t) => {
  const { url } = await host(t)
  const get = async (path: string) => {
    const response = await fetch(`${url}/chat${path}`)
    return [response.status, (await response.json()) as Record<string, unknown>] as const
  }
  t.deepEqual(await get('/healthz'), [200, { status: 'ok' }])
  t.deepEqual(await get('/readyz'), [200, { status: 'ok' }])
  t.is((await get('/openapi.json'))[1]['openapi'], '3.1.0')
  t.is((await get('/asyncapi.json'))[1]['asyncapi'], '3.0.0')
  const [status, body] = await get('/nothing')
  t.is(status, 404)
  t.like(body, { error: { code: 'NATTER_NOT_FOUND' } })
  const wrong = await fetch(`${url}/chat/healthz`, { method: 'POST' })
  t.is(wrong.status, 405)
})

test('without the subprotocol, or with something in the URL, the upgrade is refused in words', async (t) => {
  const { ws } = await host(t)
  const without = await refused(ws, { protocols: [] })
  t.is(without.status, 422)
  t.regex(without.body, /natter\.1/)
  const query = await refused(`${ws}?token=abc`)
  t.is(query.status, 422)
  t.regex(query.body, /first frame/)
})

test("the host's middleware decides who connects, and its refusal is a clean answer", async (t) => {
  const byCookie = definePlugin({
    name: 'by-cookie',
    setup(api) {
      api.hook(connectionAuthenticate, ({ koa }) => {
        const user = (koa?.state as { user?: string } | undefined)?.user
        return user === undefined ? undefined : { user, device: `${user}-web`, session: `${user}-web` }
      })
    },
  })
  const session: Koa.Middleware = async (ctx, next) => {
    ctx.state['user'] = ctx.cookies.get('user')
    ctx.cookies.set('seen', 'yes')
    await next()
  }
  const requireUser: Koa.Middleware = async (ctx, next) => {
    if (ctx.state['user'] === undefined) ctx.throw(401)
    await next()
  }
  const { ws, url } = await host(t, { identity: byCookie() }, [session, requireUser])
  t.is((await refused(ws)).status, 401)
  const good = { headers: { Cookie: 'user=carol', Origin: url } }
  const carol = await open(ws, {}, good)
  carol.socket.terminate()

  for (const Origin of [undefined, 'null', 'https://evil.example', url.replace('http', 'https') + '0']) {
    const socket = new WebSocket(ws, 'natter.1', { headers: { Cookie: 'user=carol', ...(Origin ? { Origin } : {}) } })
    await once(socket, 'open')
    socket.send('["hello",{}]')
    const [code] = (await once(socket, 'close')) as [number]
    t.is(code, 4401, String(Origin))
  }
})

test("the host's middleware can be asked again about a connection, with a fresh context", async (t) => {
  const sessions = new Map([['s1', 'carol']])
  const seen: unknown[] = []
  let down = false
  const bySession = definePlugin({
    name: 'by-session',
    setup(api) {
      api.hook(connectionAuthenticate, ({ koa, again }) => {
        const user = (koa?.state as { user?: string } | undefined)?.user
        if (user === undefined) return undefined
        const revalidate = async () => {
          const fresh = await again!()
          seen.push((fresh?.state as { user?: string } | undefined)?.user)
          return fresh !== undefined
        }
        return { user, device: 'web', session: 's1', revalidate }
      })
    },
  })
  const guard: Koa.Middleware = async (ctx, next) => {
    if (down) throw new Error('the session store is down')
    ctx.state['user'] = sessions.get(ctx.cookies.get('session') ?? '')
    if (ctx.state['user'] === undefined) ctx.throw(401)
    await next()
  }
  const clock = new FakeClock()
  const { ws, url } = await host(t, { identity: bySession(), clock }, [guard])
  const carol = await open(ws, {}, { headers: { Cookie: 'session=s1', Origin: url } })
  const turn = async () => {
    for (let i = 0; i < 7; i++) {
      await clock.advance(5_000)
      carol.socket.send('["p"]')
      await carol.next('o')
    }
  }
  await turn()
  t.deepEqual(seen, ['carol'])
  // A store that is down says nothing about the session: the connection stays.
  down = true
  await turn()
  t.deepEqual(seen, ['carol'])
  down = false
  sessions.delete('s1')
  const closed = once(carol.socket, 'close') as Promise<[number]>
  for (let i = 0; i < 7; i++) await clock.advance(5_000)
  t.is((await closed)[0], 4403)
  t.deepEqual(seen, ['carol', undefined])
})

test('binary frames, bad UTF-8 and oversized frames end the socket with their code, and nobody else notices', async (t) => {
  const { ws } = await host(t)
  const bystander = await open(ws, { token: 'bob' })
  const closing = async (send: (socket: WebSocket) => void) => {
    const { socket } = await open(ws, { token: 'alice' })
    const closed = once(socket, 'close') as Promise<[number]>
    send(socket)
    return (await closed)[0]
  }
  t.is(await closing((socket) => socket.send(Buffer.from('["p"]'), { binary: true })), 1003)
  t.is(await closing((socket) => socket.send(Buffer.from([0xff, 0xfe]), { binary: false })), 1007)
  t.is(await closing((socket) => socket.send(`["p","${'x'.repeat(70_000)}"]`)), 1009)
  bystander.socket.send('["p"]')
  await bystander.next('o')
})

test('a text of 31 bytes costs at most 110 bytes to send, 32 to acknowledge and 160 to deliver', async (t) => {
  const { ws } = await host(t)
  const [a, b] = ['AAAAAAAAAAAAAAAAAAAAAA', 'BBBBBBBBBBBBBBBBBBBBBB']
  const [alice, bob] = [await open(ws, { token: a }), await open(ws, { token: b })]
  const conversation = `d${'c'.repeat(21)}`
  const frame = JSON.stringify(['s', 12, conversation, 'i'.repeat(22), { text: 'x'.repeat(31) }])
  // Client frames carry a mask of four bytes.
  t.true(Buffer.byteLength(frame) + 2 + 4 <= 110, `${Buffer.byteLength(frame) + 6}`)
  const received: Buffer[] = []
  bob.socket.on('message', (data) => received.push(data as Buffer))
  alice.socket.send(JSON.stringify(['s', 12, { user: b }, 'i'.repeat(22), { text: 'x'.repeat(31) }]))
  await bob.next('m')
  const delivered = received.at(-1)!.length
  t.true(delivered + (delivered < 126 ? 2 : 4) <= 160, `${delivered}`)
  // As committed: request id, seq of three digits, time.
  const ack = JSON.stringify(['a', 12, 345, Date.now()])
  t.true(Buffer.byteLength(ack) + 2 <= 32, ack)
})
