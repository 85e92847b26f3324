import { Avatar, hues } from '../parts/avatar.js'
import { DeliveryTick, deliveryWords } from '../parts/delivery.js'
import { Icon } from '../parts/icon.js'
import { RichText } from '../parts/rich-text.js'
import { clockTime, exactTime, untilTime } from '../format/dates.js'
import { hueOf } from '../format/initials.js'
import { isOnlyEmoji } from '../format/links.js'
import { isErased } from '../format/message-words.js'
import type { Acted } from '../state/connect-chat.js'
import type { Face } from '../state/face.js'
import { useChat } from '../state/app-state.js'
import { actsTexts } from '../text/acts-texts.js'
import { texts } from '../text/texts.js'
import type { MessageTools } from './acts/message-tools.js'
import { Poll } from './acts/poll.js'
import { Quote } from './acts/quote.js'
import type { Original } from './acts/quote.js'
import { Reactions } from './acts/reactions.js'

const t = actsTexts.message

export interface BubbleProps {
  readonly acted: Acted
  readonly tools: MessageTools
  /** What it answers. */
  readonly original: Original
  /** Of who wrote it. */
  readonly name: string
  /** There are several people: their names stand above what they write. */
  readonly named: boolean
  readonly first: boolean
  readonly last: boolean
  readonly connected: boolean
  /** What became of it stands below it in words. */
  readonly worded: boolean
  /** One was led to it just now. */
  readonly found: boolean
  /** It stands in the thread that is open: the way there is left out. */
  readonly threaded?: boolean
  readonly tabIndex: 0 | -1
  readonly retry: () => void
  readonly discard: () => void
  readonly details: () => void
}

/** One message. It can be focused, and what is in it can be reached only from there. */
export function MessageBubble(props: BubbleProps) {
  const { acted, tools, name, tabIndex, worded, connected, threaded = false } = props
  const { message, thread } = acted
  const deleted = acted.deleted !== undefined || isErased(message)
  const words = deliveryWords(message, connected)
  const kept = message.seq > 0
  const answers = !threaded && 'thread' in message && typeof message.thread === 'number' ? message.thread : undefined
  const menu = (event: Event) => {
    event.preventDefault()
    tools.menu(acted, event.currentTarget as HTMLElement)
  }
  const keys = (event: KeyboardEvent) => opens(event) && menu(event)
  return (
    <article
      class="message"
      data-own={message.own}
      data-first={props.first}
      data-last={props.last}
      data-state={message.state}
      data-seq={message.seq}
      data-found={props.found}
      data-roving={message.key}
      tabIndex={tabIndex}
      {...(kept && {
        onKeyDown: keys,
        onContextMenu: (event: MouseEvent) => byFinger(event) && menu(event),
      })}
    >
      <div class="bubble" data-emoji={message.type === 'text' && !deleted && isOnlyEmoji(message.text)}>
        {props.named && props.first && !message.own && (
          <span class="author" data-hue={hueOf(message.from, hues)} aria-hidden="true">
            <bdi>{name}</bdi>
          </span>
        )}
        <span class="visually-hidden">{message.own ? texts.chat.fromYou : texts.chat.from(name)} </span>
        {!deleted &&
          message.type === 'reply' &&
          message.to !== answers &&
          !(threaded && message.to === message.thread) && (
            <Quote original={props.original} jump={() => tools.jump(message.to)} tabIndex={tabIndex} />
          )}
        {answers !== undefined && (
          <button type="button" class="thread-mark" tabIndex={tabIndex} onClick={() => tools.thread(answers)}>
            <Icon name="thread" />
            {t.inThread}
          </button>
        )}
        {!deleted && message.type === 'forward' && <Forwarded author={message.author} />}
        {!deleted && message.type === 'poll' && (
          <Poll acted={acted} message={message} tools={tools} tabIndex={tabIndex} />
        )}
        <div dir="auto">
          {(deleted || message.type !== 'poll') && (
            <p class="text">
              <MessageText acted={acted} tabIndex={tabIndex} />
            </p>
          )}
          <span class="meta">
            {acted.pinned && (
              <>
                <Icon name="pin" />
                <span class="visually-hidden">{t.pinned} </span>
              </>
            )}
            {acted.edited !== undefined && !deleted && (
              <span title={t.editedAt(exactTime(acted.edited))}>{t.edited} </span>
            )}
            {acted.expires !== undefined && (
              <>
                <Icon name="clock" />
                <span class="visually-hidden">{t.disappears(untilTime(acted.expires, Date.now()))} </span>
              </>
            )}
            <time dateTime={new Date(message.at).toISOString()} title={exactTime(message.at)}>
              {clockTime(message.at)}
            </time>
            {message.own && kept ? (
              // The menu of the message does the same: within a conversation there is one tab stop.
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
      {kept && (
        <button
          type="button"
          class="icon-button more-button"
          tabIndex={-1}
          aria-label={actsTexts.menu.open}
          title={actsTexts.menu.open}
          aria-haspopup="dialog"
          onClick={menu}
        >
          <Icon name="more" />
        </button>
      )}
      {!deleted && <Reactions acted={acted} tools={tools} tabIndex={tabIndex} />}
      {thread && !threaded && (
        <button type="button" class="thread-mark" tabIndex={tabIndex} onClick={() => tools.thread(message.seq)}>
          <Icon name="thread" />
          {t.answers(thread.count)}
        </button>
      )}
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

/** What it says, or that it was deleted and by whom. */
function MessageText({ acted: { message, deleted }, tabIndex }: { readonly acted: Acted; readonly tabIndex: 0 | -1 }) {
  const { user, nameOf } = useChat()
  if (deleted) {
    const { by } = deleted
    if (by === user) return <em>{t.deletedOwn}</em>
    return <em>{by === undefined ? t.gone : t.deletedBy(nameOf(by))}</em>
  }
  if (isErased(message)) return <em>{t.erased}</em>
  if (message.type === 'forward') return <RichText text={message.text} tabIndex={tabIndex} />
  if (message.type !== 'text' && message.type !== 'reply') return <em>{texts.list.otherKind}</em>
  return <RichText text={message.text} tabIndex={tabIndex} mentions={message.mentions} />
}

function Forwarded({ author }: { readonly author: string | undefined }) {
  const { user, nameOf } = useChat()
  const name = author === user ? texts.groups.you : author && nameOf(author)
  return (
    <p class="forwarded">
      <Icon name="forward" />
      <bdi>{name ? t.forwardedFrom(name) : t.forwarded}</bdi>
    </p>
  )
}

/** Enter, and the key that opens menus; on the message itself, not on what is in it. */
function opens({ key, shiftKey, target, currentTarget }: KeyboardEvent): boolean {
  return target === currentTarget && (key === 'Enter' || key === 'ContextMenu' || (key === 'F10' && shiftKey))
}

/** A long press. The right mouse button goes on giving what the browser has for it. */
const byFinger = (event: MouseEvent) => (event as PointerEvent).pointerType === 'touch'

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
