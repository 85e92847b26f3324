import { once } from 'node:events'
import { createServer } from 'node:http'
import { connect } from 'node:net'
import type { AddressInfo, Socket } from 'node:net'
import { createHash, randomBytes } from 'node:crypto'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import Koa from 'koa'
import { closeCodes } from '@natter/core'
import { offline } from '@natter/offline'
import { createTestChat } from '@natter/testkit'
import { WebSocket } from 'ws'

async function server(t: ExecutionContext) {
  const app = new Koa()
  app.silent = true
  const { chat } = await createTestChat(t, {
    plugins: [offline()],
    limits: { pendingPerAddress: 200, failuresPerMinute: 1_000 },
  })
  app.use(chat.middleware())
  const http = createServer(app.callback())
  chat.attach(http)
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.teardown(() => http.close())
  t.teardown(() => http.closeAllConnections())
  const { port } = http.address() as AddressInfo
  const bystander = new WebSocket(`ws://127.0.0.1:${port}/chat/ws`, 'natter.1')
  await once(bystander, 'open')
  bystander.send('["hello",{"token":"bob"}]')
  await once(bystander, 'message')
  t.teardown(() => bystander.terminate())
  return {
    port,
    async undisturbed() {
      bystander.send('["p"]')
      const [answer] = (await once(bystander, 'message')) as [Buffer]
      t.is(String(answer), '["o"]')
    },
  }
}

const key = 'dGhlIHNhbXBsZSBub25jZQ=='
const upgrade = (headers = '') =>
  `GET /chat/ws HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Protocol: natter.1\r\n${headers}\r\n`

/** A client's frame, byte by byte. */
function frame(
  opcode: number,
  payload: Buffer | string,
  {
    fin = true,
    rsv = 0,
    masked = true,
    length,
  }: { fin?: boolean; rsv?: number; masked?: boolean; length?: number | bigint } = {},
): Buffer {
  const data = Buffer.from(payload)
  const size = length ?? data.length
  const first = (fin ? 0x80 : 0) | (rsv << 4) | opcode
  const mask = randomBytes(4)
  const head =
    size < 126
      ? Buffer.from([first, (masked ? 0x80 : 0) | Number(size)])
      : size < 65_536
        ? Buffer.from([first, (masked ? 0x80 : 0) | 126, Number(size) >> 8, Number(size) & 255])
        : (() => {
            const long = Buffer.alloc(10)
            long[0] = first
            long[1] = (masked ? 0x80 : 0) | 127
            long.writeBigUInt64BE(BigInt(size), 2)
            return long
          })()
  const body = masked ? Buffer.from(data.map((byte, i) => byte ^ mask[i % 4]!)) : data
  return Buffer.concat([head, ...(masked ? [mask] : []), body])
}

/** Opens a socket by hand; what the server says after the 101, until it ends. */
async function opened(port: number, token = 'mallory'): Promise<{ socket: Socket; rest: Promise<Buffer> }> {
  const socket = connect(port, '127.0.0.1')
  socket.on('error', () => undefined)
  const chunks: Buffer[] = []
  const rest = new Promise<Buffer>((resolve) => socket.once('close', () => resolve(Buffer.concat(chunks))))
  const welcomed = new Promise<void>((resolve) =>
    socket.on('data', (data: Buffer) => {
      chunks.push(data)
      if (Buffer.concat(chunks).includes('"welcome"')) resolve()
    }),
  )
  socket.write(upgrade())
  socket.write(frame(1, `["hello",{"token":"${token}"}]`))
  await welcomed
  chunks.length = 0
  return { socket, rest }
}

/** The code of the close frame at the end. */
function closeCode(bytes: Buffer): number | undefined {
  const at = bytes.lastIndexOf(0x88)
  return at < 0 || bytes.length < at + 4 ? undefined : bytes.readUInt16BE(at + 2)
}

const hello = '["p"]'
const wrongFrames: readonly (readonly [what: string, bytes: Buffer, code: number])[] = [
  ...[3, 4, 5, 6, 7, 11, 12, 13, 14, 15].map((opcode) => [`opcode ${opcode}`, frame(opcode, hello), 1002] as const),
  ...[1, 2, 4, 5, 6, 7].map((rsv) => [`reserved bits ${rsv}`, frame(1, hello, { rsv }), 1002] as const),
  ['a frame without a mask', frame(1, hello, { masked: false }), 1002],
  ['a continuation of nothing', frame(0, hello), 1002],
  ['a text inside a fragmented text', Buffer.concat([frame(1, '["', { fin: false }), frame(1, 'p"]')]), 1002],
  ['a fragmented ping', frame(9, 'x', { fin: false }), 1002],
  ['a ping of 126 bytes', frame(9, 'x'.repeat(126)), 1002],
  ['a pong of 200 bytes', frame(10, 'x'.repeat(200)), 1002],
  ['a close of one byte', frame(8, 'x'), 1002],
  ['a close with code 999', frame(8, Buffer.from([3, 231])), 1002],
  ['a close with code 1005', frame(8, Buffer.from([3, 237])), 1002],
  ['a close with bad UTF-8', frame(8, Buffer.from([3, 232, 0xff, 0xfe])), 1007],
  ['text of bad UTF-8', frame(1, Buffer.from([0x5b, 0x22, 0xc3, 0x28, 0x22, 0x5d])), 1007],
  ['an overlong encoding', frame(1, Buffer.from([0x22, 0xc0, 0xaf, 0x22])), 1007],
  ['an encoded surrogate', frame(1, Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22])), 1007],
  ['a character beyond Unicode', frame(1, Buffer.from([0x22, 0xf4, 0x90, 0x80, 0x80, 0x22])), 1007],
  ['a cut character', frame(1, Buffer.from([0x22, 0xe2, 0x82])), 1007],
  ['a frame that announces 64 KiB and a byte', frame(1, 'x', { length: 65_537 }), 1009],
  ['a frame that announces a gibibyte', frame(1, 'x', { length: 2 ** 30 }), 1009],
  ['a frame that announces more than can be counted', frame(1, 'x', { length: 2n ** 62n }), 1009],
  ['binary', frame(2, hello), 1003],
  ['an empty binary', frame(2, ''), 1003],
  ['an empty text', frame(1, ''), 4400],
  [
    'fragments that add up to too much',
    Buffer.concat([frame(1, 'x'.repeat(40_000), { fin: false }), frame(0, 'x'.repeat(40_000))]),
    1009,
  ],
]

for (const [what, bytes, code] of wrongFrames) {
  test(`${what} ends the socket with ${code}, and nobody else notices`, async (t) => {
    const { port, undisturbed } = await server(t)
    const { socket, rest } = await opened(port)
    socket.write(bytes)
    t.is(closeCode(await rest), code)
    t.true(code in closeCodes)
    await undisturbed()
  })
}

test('fragments, pings in between, and a slow byte at a time are one frame', async (t) => {
  const { port } = await server(t)
  const { socket } = await opened(port)
  let heard = ''
  const hears = async (text: string) => {
    while (!heard.includes(text)) heard += String((await once(socket, 'data'))[0])
    heard = heard.replace(text, '')
  }
  socket.write(
    Buffer.concat([
      frame(1, '["', { fin: false }),
      frame(9, 'are you there'),
      frame(0, 'p', { fin: false }),
      frame(0, '"]'),
    ]),
  )
  await hears('are you there')
  await hears('["o"]')
  for (const byte of frame(1, '["p"]')) socket.write(Buffer.from([byte]))
  await hears('["o"]')
  t.pass()
  socket.destroy()
})

test('half a frame, half an upgrade, and silence hold no place for ever', async (t) => {
  const { port, undisturbed } = await server(t)
  const { socket } = await opened(port)
  socket.write(frame(1, '["p"]').subarray(0, 4))
  const half = connect(port, '127.0.0.1')
  half.on('error', () => undefined)
  half.write(upgrade().slice(0, 60))
  await undisturbed()
  socket.destroy()
  half.destroy()
})

const requests: readonly (readonly [what: string, request: string, statuses: readonly number[]])[] = [
  ['no version', upgrade().replace('Sec-WebSocket-Version: 13\r\n', ''), [400, 426]],
  ['version 7', upgrade().replace('Version: 13', 'Version: 7'), [400, 426]],
  ['no key', upgrade().replace(`Sec-WebSocket-Key: ${key}\r\n`, ''), [400]],
  ['a bad key', upgrade().replace(key, 'x'), [400]],
  ['POST', upgrade().replace('GET', 'POST'), [405]],
  ['another subprotocol', upgrade().replace('natter.1', 'natter.9'), [422]],
  ['a malformed subprotocol', upgrade().replace('natter.1', 'natter.1,,'), [400]],
  ['a query', upgrade().replace('/chat/ws', '/chat/ws?token=x'), [422]],
  [
    'two lengths',
    'POST /chat/healthz HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nContent-Length: 6\r\n\r\nhello',
    [400],
  ],
  [
    'length and chunks',
    'POST /chat/x HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
    [400],
  ],
  [
    'chunks in disguise',
    'POST /chat/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: xchunked\r\n\r\n0\r\n\r\n',
    [400, 501],
  ],
  ['a space before the colon', 'GET /chat/healthz HTTP/1.1\r\nHost : x\r\n\r\n', [400]],
  ['a folded header', 'GET /chat/healthz HTTP/1.1\r\nHost: x\r\n X: y\r\n\r\n', [400]],
  ['a bare line feed', 'GET /chat/healthz HTTP/1.1\nHost: x\n\n', [400]],
  ['a NUL in a header', 'GET /chat/healthz HTTP/1.1\r\nHost: x\r\nX: a\0b\r\n\r\n', [400]],
  ['no version of HTTP', 'GET /chat/healthz\r\n\r\n', [200, 400]],
  ['an unknown method', 'FLY /chat/healthz HTTP/1.1\r\nHost: x\r\n\r\n', [400]],
  ['TRACE', 'TRACE /chat/healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [405]],
  ['a path that climbs', 'GET /chat/../../etc/passwd HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [404]],
  ['a path in percent signs', 'GET /chat/%2e%2e/%2e%2e/etc HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n', [404]],
  [
    'a path that cannot be decoded',
    'GET /chat/%ff%zz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n',
    [400, 404, 422],
  ],
  ['a path of 16 KiB', `GET /chat/${'x'.repeat(17_000)} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`, [431]],
  [
    'too many headers',
    `GET /chat/healthz HTTP/1.1\r\nHost: x\r\n${Array.from({ length: 2_500 }, (_, i) => `x${i}: y`).join('\r\n')}\r\n\r\n`,
    [200, 431],
  ],
  [
    'an unknown expectation',
    'POST /chat/x HTTP/1.1\r\nHost: x\r\nExpect: cake\r\nConnection: close\r\n\r\n',
    [417, 404],
  ],
]
for (const [what, request, statuses] of requests) {
  test(`a request with ${what} gets a plain answer`, async (t) => {
    const { port, undisturbed } = await server(t)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const chunks: Buffer[] = []
    const answered = Promise.race([once(socket, 'data'), once(socket, 'close')])
    socket.on('data', (data: Buffer) => chunks.push(data))
    socket.write(request, 'latin1')
    await answered
    socket.destroy()
    const answer = Buffer.concat(chunks).toString('latin1')
    const status = Number(/^HTTP\/1\.1 (\d{3})/.exec(answer)?.[1])
    t.true(statuses.includes(status), answer.slice(0, 300))
    t.notRegex(answer, /node_modules|at .*\.js:\d|stack/)
    await undisturbed()
  })
}

for (const [what, refused] of [
  ['version', upgrade().replace('Version: 13', 'Version: 7')],
  ['key', upgrade().replace(key, 'x')],
  ['subprotocol', upgrade().replace('natter.1', 'natter.9')],
  ['query', upgrade().replace('/chat/ws', '/chat/ws?token=x')],
  ['method', upgrade().replace('GET', 'POST')],
] as const) {
  // A proxy that takes the upgrade for done passes on whatever follows, unseen: it must reach nothing.
  test(`smuggling: what follows an upgrade that was refused for its ${what} is not answered as a request`, async (t) => {
    const { port, undisturbed } = await server(t)
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const chunks: Buffer[] = []
    socket.on('data', (data: Buffer) => chunks.push(data))
    const ended = once(socket, 'close')
    const hidden = 'GET /chat/openapi.json HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n'
    socket.write(refused + hidden)
    await ended
    const answer = Buffer.concat(chunks).toString('latin1')
    t.is(answer.match(/HTTP\/1\.1 \d{3}/g)?.length, 1, answer.slice(0, 500))
    t.regex(answer, /^HTTP\/1\.1 4\d\d/)
    t.notRegex(answer, /"openapi"/)
    await undisturbed()
  })
}

test('smuggling: a request in the body of another one stays a body', async (t) => {
  const { port, undisturbed } = await server(t)
  const hidden = 'GET /chat/openapi.json HTTP/1.1\r\nHost: x\r\n\r\n'
  const chunked = `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`
  const head = 'POST /chat/absent HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'
  for (const request of [
    `${head}Connection: close\r\nContent-Length: ${hidden.length}\r\n\r\n${hidden}`,
    `${head}Connection: close\r\nTransfer-Encoding: chunked\r\n\r\n${chunked}`,
    `${head}Transfer-Encoding: chunked\r\nContent-Length: 4\r\n\r\n${chunked}`,
    `${head}Content-Length: 0\r\nTransfer-Encoding: identity, chunked\r\n\r\n${chunked}`,
    `${head}Transfer-Encoding:\x0bchunked\r\n\r\n${chunked}`,
    `${head}Transfer-Encoding: chunked, cow\r\n\r\n${chunked}`,
    `${head}Content-Length: +4\r\n\r\n${hidden}`,
    `${head}Content-Length: 0x4\r\n\r\n${hidden}`,
    `${head}Transfer-Encoding: chunked\r\n\r\n5;\n${hidden}`,
  ]) {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => undefined)
    const chunks: Buffer[] = []
    socket.on('data', (data: Buffer) => chunks.push(data))
    const ended = once(socket, 'close')
    socket.write(request, 'latin1')
    await ended
    const answer = Buffer.concat(chunks).toString('latin1')
    t.regex(answer, /^HTTP\/1\.1 4\d\d/, request)
    t.notRegex(answer, /"openapi"/, request)
  }
  await undisturbed()
})

test('the accept key is what RFC 6455 says', async (t) => {
  const { port } = await server(t)
  const socket = connect(port, '127.0.0.1')
  socket.write(upgrade('Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n'))
  const [data] = (await once(socket, 'data')) as [Buffer]
  socket.destroy()
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64')
  t.true(data.toString().includes(`Sec-WebSocket-Accept: ${accept}`))
  t.notRegex(data.toString(), /Sec-WebSocket-Extensions/i)
})
