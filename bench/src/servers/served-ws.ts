import { createServer } from 'node:http'
import { WebSocketServer } from 'ws'
import type { WebSocket } from 'ws'
import type { Served } from './served.js'

/** A server with `ws` alone. `open` gets each connection, and gives what is done with a frame and at the end. */
export function servedWs<Frame>(
  open: (socket: WebSocket) => { readonly frame: (frame: Frame) => void; readonly closed?: () => void },
): Served {
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
    const { frame, closed } = open(socket)
    socket.on('message', (data) => frame(JSON.parse((data as Buffer).toString()) as Frame))
    socket.on('error', () => undefined)
    socket.on('close', () => {
      connections -= 1
      closed?.()
    })
  })
  return { server, connections: () => connections }
}
