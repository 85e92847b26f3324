import type { MessageView, SendState } from './api/messages.js'
import type { ClientError } from './errors.js'
import type { EntryTuple } from './wire.js'

/** An entry of a conversation as this client keeps it; `seq` is 0 while it has none. */
export interface Entry {
  readonly conversation: string
  readonly seq: number
  /** Messages up to and including it. Unknown for one's own that came back by its acknowledgement alone. */
  readonly n: number | undefined
  readonly from: string
  readonly at: number
  readonly clientId: string
  readonly body: object
  readonly changed: number | undefined
  /** The connection it came by. */
  readonly connection: number
  view?: MessageView
}

export function entryOf(conversation: string, tuple: EntryTuple, connection: number): Entry {
  const [seq, n, from, at, clientId, body, changed] = tuple
  return { conversation, seq, n, from, at, clientId, body, changed, connection }
}

/** The entry as the app sees it: the same object for as long as its state stays the same. */
export function viewOf(entry: Entry, own: boolean, state: SendState | 'received', error?: ClientError): MessageView {
  const last = entry.view
  if (last && last.state === state && last.error === error) return last
  const { conversation, seq, from, at, clientId, body, changed } = entry
  const view = {
    type: 'text',
    ...body,
    id: seq ? `${conversation}/${seq}` : clientId,
    conversation,
    seq,
    from,
    clientId,
    at,
    key: own ? clientId : `${from}/${clientId}`,
    own,
    state,
    ...(error && { error }),
    ...(changed !== undefined && { changed }),
  } as unknown as MessageView
  entry.view = view
  return view
}
