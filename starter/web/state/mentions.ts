import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import type { Chat, ConversationInfo } from './connect-chat.js'

/** At so many conversations the server is asked after a start; further ones tell when they are opened. */
const asked = 50

/**
 * How many unread messages of a conversation mention me. What comes is counted here; what came before is asked for once per
 * conversation, because the list does not tell it.
 */
export function followMentions(
  chat: Chat,
  user: string,
  conversations: ReadonlySignal<readonly ConversationInfo[]>,
  follow: (stop: () => void) => void,
): (info: ConversationInfo) => number {
  const found = signal<ReadonlyMap<string, readonly number[]>>(new Map())
  const known = new Set<string>()
  const add = (id: string, seqs: readonly number[]) => {
    found.value = new Map(found.value).set(id, [...new Set([...(found.value.get(id) ?? []), ...seqs])])
  }

  follow(
    chat.on('message', ({ conversation, seq, from, ...message }) => {
      if (from === user || !('mentions' in message) || !message.mentions) return
      // Between two people everything is meant for the other.
      if (chat.conversation(conversation).info.get().peer !== undefined) return
      if (message.mentions.includes(user) || message.mentions.includes('@all')) add(conversation, [seq])
    }),
  )
  follow(
    conversations.subscribe((list) => {
      if (chat.status.get().link !== 'online') return
      for (const { id, peer, unread } of list) {
        if (peer !== undefined || unread === 0 || known.has(id) || known.size >= asked) continue
        known.add(id)
        // Without an answer there is no count, and the next start asks again.
        chat.offline.state({ conversation: id }).then(
          ({ mentions }) => mentions && add(id, mentions),
          () => undefined,
        )
      }
    }),
  )
  return ({ id, me }) => (found.value.get(id) ?? []).filter((seq) => seq > me.read).length
}
