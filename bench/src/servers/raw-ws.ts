import type { WebSocket } from 'ws'
import type { Served } from './served.js'
import { servedWs } from './served-ws.js'

type Frame =
  | readonly ['hello', { readonly token: string }]
  | readonly ['s', number, { readonly user: string }, string, { readonly text: string }]

/**
 * What one would write with `ws` alone, in the frames of Natter, so that both move the same bytes: parse, find the
 * person, stringify, deliver, acknowledge. Nothing is checked, kept or limited.
 */
export function serveWs(): Served {
  const people = new Map<string, WebSocket>()
  return servedWs<Frame>((socket) => {
    let me = ''
    return {
      frame(frame) {
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
      },
      closed: () => void people.delete(me),
    }
  })
}
