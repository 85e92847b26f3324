import type { Message } from '../state/connect-chat.js'
import { texts } from '../text/texts.js'

/** What was sent, without how it is shown. */
type Said<M> = M extends unknown ? Omit<M, 'key' | 'own' | 'state' | 'error' | 'changed'> : never

/** What a message says, in one line. */
export function messageWords(message: Said<Message>): string {
  switch (message.type) {
    case 'text':
    case 'reply':
    case 'forward':
      return message.text
    case 'poll':
      return texts.list.poll(message.question)
    case 'deleted':
      return texts.list.deleted
    default:
      return texts.list.otherKind
  }
}
