import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { createTestChat } from '@natter/testkit'

/** A host without sockets of its own, which tells what it was asked. */
async function host(t: ExecutionContext, prefixes: readonly `/${string}`[]) {
  const asked: (string | undefined)[] = []
  const server = createServer((request, response) => {
    asked.push(request.url)
    const answer = (body: string) => {
      response.end(JSON.stringify([request.method, request.url, request.headers['upgrade'], body]))
    }
    void text(request).then(answer, () => response.destroy())
  })
  const chats = await Promise.all(
    prefixes.map(async (prefix) => (await createTestChat(t, { storage: null, plugins: [], prefix })).chat),
  )
  for (const chat of chats) chat.attach(server)
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  return { server, asked, port: (server.address() as AddressInfo).port }
}

const head = (method: string, path: string, ...more: readonly string[]) =>
  [
    `${method} ${path} HTTP/1.1`,
    'Host: localhost',
    'Connection: Upgrade, HTTP2-Settings',
    'Upgrade: h2c',
    ...more,
    '',
    '',
  ].join('\r\n')

async function ask(port: number, write: (socket: Socket) => unknown) {
  const socket = connect(port, '127.0.0.1')
  const answer = text(socket)
  await write(socket)
  const [top = '', body] = (await answer).split('\r\n\r\n')
  return [top.split('\r\n')[0], body]
}
const answered = (...seen: unknown[]) => ['HTTP/1.1 200 OK', JSON.stringify(seen)]

for (const prefixes of [[], ['/chat'], ['/chat', '/other']] as const) {
  const many = `${prefixes.length} chats`
  test(`an offer to upgrade to something else is answered as a request, as before: ${many}`, async (t) => {
    const { port, asked } = await host(t, prefixes)
    const close = (socket: Socket) => socket.write(head('GET', '/page?x=1', 'Content-Length: 0'))
    // Without a chat the connection stays open for the next request, so this one says that it is the last.
    const last = prefixes.length === 0 ? (socket: Socket) => socket.end(head('GET', '/page?x=1')) : close
    t.deepEqual(await ask(port, last), answered('GET', '/page?x=1', 'h2c', ''))
    t.deepEqual(asked, ['/page?x=1'])
  })
}

test('with its body, in however many pieces it comes', async (t) => {
  const { port, server } = await host(t, ['/chat'])
  const answer = await ask(port, async (socket) => {
    const arrived = once(server, 'request')
    socket.write(`${head('POST', '/form', 'Content-Length: 11')}hel`)
    await arrived
    socket.write('lo wo')
    socket.write('rld')
  })
  t.deepEqual(answer, answered('POST', '/form', 'h2c', 'hello world'))
})

test('a request that never ends is given up, as the host set it', async (t) => {
  const { port, server, asked } = await host(t, ['/chat'])
  server.requestTimeout = 150
  const socket = connect(port, '127.0.0.1')
  socket.resume()
  socket.write(`${head('POST', '/form', 'Content-Length: 11')}hel`)
  await once(socket, 'close')
  t.deepEqual(asked, ['/form'])
})

test('a host that listens for upgrades itself keeps those that are not for the chat', async (t) => {
  const { port, server, asked } = await host(t, ['/chat'])
  server.on('upgrade', (request, socket) => socket.end(`HTTP/1.1 418 Mine\r\n\r\n${request.url}`))
  t.deepEqual(await ask(port, (socket) => socket.write(head('GET', '/mine'))), ['HTTP/1.1 418 Mine', '/mine'])
  t.deepEqual(asked, [])
})

test('what is for one of two chats is left to it', async (t) => {
  const { port, asked } = await host(t, ['/chat', '/other'])
  for (const path of ['/chat/ws', '/other/ws']) {
    const [status, body] = await ask(port, (socket) => socket.write(head('GET', path)))
    t.is(status, 'HTTP/1.1 422 Refused')
    t.regex(body!, /subprotocol/)
  }
  t.deepEqual(asked, [])
})
