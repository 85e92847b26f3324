import { signal } from '@preact/signals'
import type { ReadonlySignal } from '@preact/signals'
import { isAside } from '../format/message-words.js'
import type { Chat, ConversationInfo, Message } from './connect-chat.js'

/** What came last, as it stands now. */
export interface Preview {
  readonly message: Message
  readonly deleted: boolean
}

/** So far back it is looked for: behind so many reactions and other acts in a row. */
const farthest = 30

/**
 * What was last said in a conversation, where the newest entry is something that was done to a message. It is on this device,
 * or asked for once.
 */
export function followPreviews(
  chat: Chat,
  conversations: ReadonlySignal<readonly ConversationInfo[]>,
  follow: (stop: () => void) => void,
): (info: ConversationInfo) => Preview | undefined {
  const told = signal<ReadonlyMap<string, { readonly head: number; readonly preview: Preview | undefined }>>(new Map())
  const asked = new Map<string, number>()
  const newest = (messages: readonly Message[]): Preview | undefined => {
    const last = chat.actions.acted(messages).findLast(({ message }) => !isAside(message))
    return last && { message: last.message, deleted: last.deleted !== undefined }
  }
  const here = ({ id }: ConversationInfo) => newest(chat.conversation(id).messages.get())

  function ask(info: ConversationInfo) {
    const { id, head, last } = info
    if (!last || !isAside(last) || asked.get(id) === head || here(info)) return
    asked.set(id, head)
    chat
      .conversation(id)
      .history({ limit: farthest })
      .then(
        ({ messages }) => (told.value = new Map(told.value).set(id, { head, preview: newest(messages) })),
        // The next connection asks again.
        () => asked.delete(id),
      )
  }
  const look = () => {
    if (chat.status.get().link === 'online') for (const info of conversations.peek()) ask(info)
  }
  follow(conversations.subscribe(look))
  follow(chat.status.subscribe(look))
  return (info) => {
    if (!info.last) return undefined
    if (!isAside(info.last)) return { message: info.last, deleted: info.last.type === 'deleted' }
    return here(info) ?? told.value.get(info.id)?.preview
  }
}
