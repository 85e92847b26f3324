import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import { roomId, text, userId } from '../names.js'
import { plainMessages } from '../plain-messages.js'
import type { PlainHistoryPlan } from '../server-plan.js'
import type { Served } from './served.js'

type Frame =
  | readonly ['hello', { readonly token: string }]
  | readonly ['q', number, string, { readonly conversation: string; readonly before: number; readonly limit: number }]

/** What one would write with the database's library: select the rows of a page, stringify them, send them. */
export async function servePlainHistory({ url, entries }: PlainHistoryPlan): Promise<Served> {
  const messages = await plainMessages(url)
  const rows = Array.from({ length: entries }, (_, i) => ({
    conversation: roomId,
    seq: i + 1,
    from: userId(i % 100),
    clientId: `seed-${i}`,
    at: Date.now(),
    text,
  }))
  await messages.fill(rows)

  const server = createServer()
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => 'natter.1',
  })
  let connections = 0
  sockets.on('connection', (socket) => {
    connections += 1
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame[0] === 'hello') {
        socket.send('["welcome",{}]')
        return
      }
      const [, rid, , { conversation, before, limit }] = frame
      void messages
        .page(conversation, before, limit)
        .then((found) => socket.send(JSON.stringify(['ok', rid, { entries: found }])))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections -= 1
    })
  })
  return { server, connections: () => connections }
}
