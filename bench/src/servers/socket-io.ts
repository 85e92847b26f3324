import { createServer } from 'node:http'
import { Server } from 'socket.io'
import type { Served } from './served.js'

interface Sent {
  readonly id: string
  readonly to?: string
  readonly text: string
}
type Answer = (answer: { readonly at: number }) => void

/** Socket.IO as its documentation shows it: default parser, WebSocket only, a room for many, acknowledgements. */
export function serveSocketIo(): Served {
  const server = createServer()
  const io = new Server(server, { transports: ['websocket'], serveClient: false, perMessageDeflate: false })
  const people = new Map<string, import('socket.io').Socket>()
  io.on('connection', (socket) => {
    let me = ''
    socket.on('hello', (user: string, answer: () => void) => {
      me = user
      people.set(user, socket)
      answer()
    })
    socket.on('join', (answer: () => void) => {
      void socket.join('room')
      answer()
    })
    socket.on('direct', ({ id, to, text }: Sent, answer: Answer) => {
      const at = Date.now()
      people.get(to!)?.emit('message', { id, from: me, at, text })
      answer({ at })
    })
    socket.on('room', ({ id, text }: Sent, answer: Answer) => {
      const at = Date.now()
      socket.to('room').emit('message', { id, from: me, at, text })
      answer({ at })
    })
    socket.on('disconnect', () => people.delete(me))
  })
  return { server, connections: () => io.engine.clientsCount }
}
