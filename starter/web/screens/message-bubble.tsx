import { Avatar, hues } from '../parts/avatar.js'
import { DeliveryTick, deliveryWords } from '../parts/delivery.js'
import { Icon } from '../parts/icon.js'
import { RichText } from '../parts/rich-text.js'
import { clockTime, exactTime } from '../format/dates.js'
import { hueOf } from '../format/initials.js'
import { isOnlyEmoji } from '../format/links.js'
import type { Message } from '../state/connect-chat.js'
import type { Face } from '../state/face.js'
import { texts } from '../text/texts.js'

export interface BubbleProps {
  readonly message: Message
  /** Of who wrote it. */
  readonly name: string
  /** There are several people: their names stand above what they write. */
  readonly named: boolean
  readonly first: boolean
  readonly last: boolean
  readonly connected: boolean
  /** What became of it stands below it in words. */
  readonly worded: boolean
  readonly tabIndex: 0 | -1
  readonly retry: () => void
  readonly discard: () => void
  readonly details: () => void
}

/** One message. It can be focused, and what is in it can be reached only from there. */
export function MessageBubble(props: BubbleProps) {
  const { message, name, tabIndex, worded, connected } = props
  const text = message.type === 'text' ? message.text : undefined
  const mentions = message.type === 'text' ? message.mentions : undefined
  const words = deliveryWords(message, connected)
  const told = message.own && message.seq > 0
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
      {...(told ? { onKeyDown: (event: KeyboardEvent) => opens(event) && props.details() } : {})}
    >
      <div class="bubble" data-emoji={text !== undefined && isOnlyEmoji(text)}>
        {props.named && props.first && !message.own && (
          <span class="author" data-hue={hueOf(message.from, hues)} aria-hidden="true">
            <bdi>{name}</bdi>
          </span>
        )}
        <span class="visually-hidden">{message.own ? texts.chat.fromYou : texts.chat.from(name)} </span>
        <div dir="auto">
          <p class="text">
            {text === undefined ? (
              <em>{texts.list.otherKind}</em>
            ) : (
              <RichText text={text} tabIndex={tabIndex} mentions={mentions} />
            )}
          </p>
          <span class="meta">
            <time dateTime={new Date(message.at).toISOString()} title={exactTime(message.at)}>
              {clockTime(message.at)}
            </time>
            {told ? (
              // Enter on the message does the same: within a conversation there is one tab stop.
              <button
                type="button"
                class="tick-button"
                tabIndex={-1}
                title={texts.chat.details}
                onClick={props.details}
              >
                <DeliveryTick message={message} connected={connected} />
              </button>
            ) : (
              <DeliveryTick message={message} connected={connected} />
            )}
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

const opens = ({ key, target, currentTarget }: KeyboardEvent) => key === 'Enter' && target === currentTarget

/** The start of a conversation in which nothing was said yet. */
export function Beginning({
  id,
  name,
  src,
  kind,
}: {
  readonly id: string
  readonly name: string
  readonly src?: string | undefined
  readonly kind: Face['kind']
}) {
  const beginning = kind === 'group' ? texts.groups.beginTitle : texts.chat.beginTitle
  return (
    <div class="beginning">
      <Avatar id={id} name={name} src={src} size="large" />
      <h2>{kind === 'self' ? texts.chat.self : beginning(name)}</h2>
      <p>{kind === 'self' ? texts.chat.selfLead : texts.chat.beginLead}</p>
    </div>
  )
}
