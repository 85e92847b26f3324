import { texts } from '../text/texts.js'
import { errorText } from '../text/error-text.js'
import type { Message } from '../state/connect-chat.js'
import { Icon } from './icon.js'

const icons = {
  queued: 'clock',
  sent: 'tick',
  delivered: 'ticks',
  read: 'ticks',
  failed: 'alert',
} as const

/** What became of a message, in words. */
export function deliveryWords({ state, error }: Message, connected: boolean): string {
  if (state === 'received') return ''
  if (state === 'failed') return error ? texts.state.failedBecause(errorText(error)) : texts.state.failed
  if (state !== 'queued') return texts.state[state]
  if (error) return texts.state.again
  return connected ? texts.state.sending : texts.state.waiting
}

/** The tick of one's own message; the words are there for whoever does not see it. */
export function DeliveryTick({ message, connected }: { readonly message: Message; readonly connected: boolean }) {
  if (message.state === 'received') return null
  return (
    <span class="tick" data-state={message.state}>
      <Icon name={icons[message.state]} />
      <span class="visually-hidden">{deliveryWords(message, connected)}</span>
    </span>
  )
}
