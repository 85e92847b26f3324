import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Served } from './served.js'

type Frame =
  | readonly ['hello', { readonly token: string }]
  | readonly ['s', number, { readonly user: string }, string, { readonly text: string }]

/**
 * What one would write with `ws` alone, in the frames of Natter, so that both move the same bytes: parse, find the
 * person, stringify, deliver, acknowledge. Nothing is checked, kept or limited.
 */
export function serveWs(): Served {
  const people = new Map<string, WebSocket>()
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
    let me = ''
    socket.on('message', (data) => {
      const frame = JSON.parse((data as Buffer).toString()) as Frame
      if (frame[0] === 'hello') {
        me = frame[1].token
        people.set(me, socket)
        socket.send(JSON.stringify(['welcome', { user: me }]))
        return
      }
      const [, rid, { user }, clientId, body] = frame
      const at = Date.now()
      people.get(user)?.send(JSON.stringify(['m', user, 0, 0, me, at, clientId, body]))
      socket.send(JSON.stringify(['r', rid, 1, at, user]))
    })
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections -= 1
      people.delete(me)
    })
  })
  return { server, connections: () => connections }
}
