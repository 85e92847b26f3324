import type { Conversation } from './api/conversation.js'
import type { Sending } from './api/outbox.js'
import type { Page } from './api/messages.js'
import type { Thread } from './thread.js'

export interface ConversationCalls {
  send(thread: Thread, body: object, id: string | undefined): Sending
  loadOlder(thread: Thread, limit: number | undefined): Promise<boolean>
  history(thread: Thread, options: { readonly before?: number; readonly limit?: number } | undefined): Promise<Page>
  read(thread: Thread, upTo: number | undefined): void
}

/** A thread as the app holds it. */
export function createConversation(thread: Thread, calls: ConversationCalls): Conversation {
  const { id, info, messages, older } = thread
  return {
    id,
    info,
    messages,
    older,
    send: (body, options) => calls.send(thread, body, options?.id),
    loadOlder: (limit) => calls.loadOlder(thread, limit),
    history: (options) => calls.history(thread, options),
    read: (upTo) => calls.read(thread, upTo),
  }
}
