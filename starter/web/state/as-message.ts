import type { EntryNow } from '@natter/actions/client'
import type { Message } from './connect-chat.js'

/** An entry that was asked for, as conversations show theirs. */
export function asMessage({ seq, from, at, clientId, body, changed }: EntryNow, conversation: string, me: string) {
  const own = from === me
  const view = { id: `${conversation}/${seq}`, key: clientId, conversation, seq, from, at, clientId, own }
  return { type: 'text', ...body, ...view, state: own ? 'sent' : 'received', changed } as unknown as Message
}
