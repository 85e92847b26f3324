import { exactTime } from '../format/dates.js'
import { durationWords } from '../format/duration.js'
import type { Message } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'
import type { ChatState } from '../state/chat-state.js'
import { actsTexts } from '../text/acts-texts.js'
import { texts } from '../text/texts.js'

/** Something that happened in a group or to a conversation, between the messages. */
export function EventLine({ message }: { readonly message: Message }) {
  const words = wordsOf(message, useChat())
  if (!words) return null
  return (
    <p class="event-line" data-seq={message.seq}>
      <time class="visually-hidden" dateTime={new Date(message.at).toISOString()}>
        {exactTime(message.at)}
      </time>
      <span dir="auto" title={exactTime(message.at)}>
        {words}
      </span>
    </p>
  )
}

function wordsOf(message: Message, { happened, nameOf, user }: ChatState): string {
  if (message.type === 'group') return happened(message.event)
  if (message.type !== 'timer') return ''
  const name = message.by === user ? texts.groups.youFirst : nameOf(message.by)
  const t = actsTexts.message
  return message.afterMs > 0 ? t.timer(name, durationWords(message.afterMs)) : t.timerOff(name)
}
