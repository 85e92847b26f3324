import { once } from 'node:events'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { openUrl } from './temp-store.js'

/** A message of PostgreSQL's protocol (https://www.postgresql.org/docs/current/protocol-message-formats.html). */
function message(kind: string, body: Buffer): Buffer {
  const head = Buffer.alloc(5)
  head.write(kind)
  head.writeInt32BE(body.length + 4, 1)
  return Buffer.concat([head, body])
}
const authenticated = message('R', Buffer.alloc(4))
const ready = message('Z', Buffer.from('I'))
const goes = message('E', Buffer.from('SFATAL\0C57P01\0Mterminating connection due to unexpected postmaster exit\0\0'))

test('a server that lets us in and goes in the same breath is a refusal, and not the end of the process', async (t) => {
  let greeted = 0
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.once('data', () => {
      greeted++
      socket.end(Buffer.concat([authenticated, ready, goes]))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const url = `postgres://natter@127.0.0.1:${(server.address() as AddressInfo).port}/chat`
  await t.throwsAsync(openUrl(url, { models: [], clock: new FakeClock() }), { code: 'STORAGE_UNAVAILABLE' })
  t.true(greeted > 0)
})
