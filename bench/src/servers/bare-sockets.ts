import { createServer } from 'node:http'
import type { Socket } from 'node:net'
import { WebSocketServer } from 'ws'
import { textFrame } from './text-frame.js'
import type { Served } from './served.js'

type Frame = readonly ['hello', { readonly token: string }] | readonly ['s', number, string, string, { text: string }]

/** The least that a fan-out can cost in Node.js: one prepared frame, written to each TCP socket, nothing asked. */
export function serveBareSockets(): Served {
  const room = new Set<Socket>()
  const server = createServer()
  const sockets = new WebSocketServer({
    server,
    perMessageDeflate: false,
    clientTracking: false,
    handleProtocols: () => 'natter.1',
  })
  sockets.on('connection', (socket, request) => {
    const mine = request.socket
    let me = ''
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame[0] === 'hello') {
        me = frame[1].token
        room.add(mine)
        mine.write(textFrame(JSON.stringify(['welcome', { user: me }])))
        return
      }
      const [, rid, to, clientId, body] = frame
      const at = Date.now()
      const message = textFrame(JSON.stringify(['m', to, 0, 0, me, at, clientId, body]))
      for (const other of room) if (other !== mine) other.write(message)
      mine.write(textFrame(JSON.stringify(['r', rid, room.size - 1, at])))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => room.delete(mine))
  })
  return { server, connections: () => room.size }
}
