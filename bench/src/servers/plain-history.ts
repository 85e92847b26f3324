import { roomId, text, userId } from '../names.js'
import { plainMessages } from '../plain-messages.js'
import type { PlainHistoryPlan } from '../server-plan.js'
import type { Served } from './served.js'
import { servedWs } from './served-ws.js'

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

  return servedWs<Frame>((socket) => ({
    frame(frame) {
      if (frame[0] === 'hello') {
        socket.send('["welcome",{}]')
        return
      }
      const [, rid, , { conversation, before, limit }] = frame
      void messages
        .page(conversation, before, limit)
        .then((found) => socket.send(JSON.stringify(['ok', rid, { entries: found }])))
    },
  }))
}
