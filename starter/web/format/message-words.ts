import type { Message } from '../state/connect-chat.js'
import { texts } from '../text/texts.js'

/** What was sent, without how it is shown. */
type Said<M> = M extends unknown ? Omit<M, 'key' | 'own' | 'state' | 'error' | 'changed'> : never

/** Whoever wrote it deleted their account: nothing is left but its place. */
export const isErased = ({ from }: Pick<Message, 'from'>): boolean => from === ''

/** It says what was done to other messages, or has disappeared, and is not shown itself. */
export const isAside = (message: Message): boolean =>
  (message.from === 'system' && message.type !== 'group') || (message.type === 'deleted' && message.expired === true)

/** What a message says, in one line. */
export function messageWords(message: Said<Message>): string {
  if (isErased(message)) return texts.list.deleted
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
