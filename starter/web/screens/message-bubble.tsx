import { Avatar } from '../parts/avatar.js'
import { DeliveryTick, deliveryWords } from '../parts/delivery.js'
import { Icon } from '../parts/icon.js'
import { RichText } from '../parts/rich-text.js'
import { clockTime, exactTime } from '../format/dates.js'
import { isOnlyEmoji } from '../format/links.js'
import type { Message } from '../state/connect-chat.js'
import { texts } from '../text/texts.js'

export interface BubbleProps {
  readonly message: Message
  readonly name: string
  readonly first: boolean
  readonly last: boolean
  readonly connected: boolean
  /** What became of it stands below it in words. */
  readonly worded: boolean
  readonly tabIndex: 0 | -1
  readonly retry: () => void
  readonly discard: () => void
}

/** One message. It can be focused, and what is in it can be reached only from there. */
export function MessageBubble(props: BubbleProps) {
  const { message, name, tabIndex, worded, connected } = props
  const text = message.type === 'text' ? message.text : undefined
  const words = deliveryWords(message, connected)
  return (
    <article
      class="message"
      data-own={message.own}
      data-first={props.first}
      data-last={props.last}
      data-state={message.state}
      data-seq={message.seq}
      data-roving={message.key}
      tabIndex={tabIndex}
    >
      <div class="bubble" data-emoji={text !== undefined && isOnlyEmoji(text)}>
        <span class="visually-hidden">{message.own ? texts.chat.fromYou : texts.chat.from(name)} </span>
        <div dir="auto">
          <p class="text">
            {text === undefined ? <em>{texts.list.otherKind}</em> : <RichText text={text} tabIndex={tabIndex} />}
          </p>
          <span class="meta">
            <time dateTime={new Date(message.at).toISOString()} title={exactTime(message.at)}>
              {clockTime(message.at)}
            </time>
            <DeliveryTick message={message} connected={connected} />
          </span>
        </div>
      </div>
      {(worded || message.state === 'failed') && words && (
        <p class="words" aria-hidden="true">
          {words}
        </p>
      )}
      {message.state === 'failed' && (
        <div class="message-actions">
          <button type="button" class="button small" tabIndex={tabIndex} onClick={props.retry}>
            {texts.retry}
          </button>
          <button type="button" class="button small" tabIndex={tabIndex} onClick={props.discard}>
            <Icon name="bin" />
            {texts.chat.discard}
          </button>
        </div>
      )}
    </article>
  )
}

/** The start of a conversation in which nothing was said yet. */
export function Beginning({
  id,
  name,
  src,
  self,
}: {
  id: string
  name: string
  src?: string | undefined
  self: boolean
}) {
  return (
    <div class="beginning">
      <Avatar id={id} name={name} src={src} size="large" />
      <h2>{self ? texts.chat.self : texts.chat.beginTitle(name)}</h2>
      <p>{self ? texts.chat.selfLead : texts.chat.beginLead}</p>
    </div>
  )
}
