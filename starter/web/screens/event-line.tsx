import { exactTime } from '../format/dates.js'
import type { Message } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'

/** Something that happened in a group, between the messages. */
export function EventLine({ message }: { readonly message: Message }) {
  const { happened } = useChat()
  const words = message.type === 'group' ? happened(message.event) : ''
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
