import { exactTime, listTime } from '../format/dates.js'
import { messageWords } from '../format/message-words.js'
import { Avatar } from '../parts/avatar.js'
import { DeliveryTick } from '../parts/delivery.js'
import { Icon } from '../parts/icon.js'
import type { IconName } from '../parts/icon.js'
import { PresenceDot } from '../parts/presence-dot.js'
import { useWriters } from '../parts/presence-line.js'
import type { ChatState } from '../state/chat-state.js'
import type { ConversationInfo } from '../state/connect-chat.js'
import type { Preview } from '../state/previews.js'
import { useChat } from '../state/app-state.js'
import { faceOf } from '../state/face.js'
import { hashOf } from '../state/route.js'
import { texts } from '../text/texts.js'

/** One line of the list of conversations. */
export function ConversationItem({
  info,
  current,
  tabIndex,
  now,
}: {
  readonly info: ConversationInfo
  readonly current: boolean
  readonly tabIndex: 0 | -1
  readonly now: number
}) {
  const state = useChat()
  const { kind, id, name, src, handle } = faceOf(state, info)
  const draft = current ? '' : state.drafts.of(info.id).value
  const href = handle ? hashOf({ name: 'with', handle }) : hashOf({ name: 'conversation', id: info.id })
  const { link } = state.status.value
  const { muted, pinned, marked } = state.standing(info)
  const mentions = state.mentions(info)
  const writers = useWriters(state, info.id)
  const last = state.preview(info)
  return (
    <li>
      <a
        class="conversation"
        href={href}
        aria-current={current ? 'page' : undefined}
        data-unread={info.unread > 0 || marked}
        data-muted={muted}
        data-roving={info.id}
        tabIndex={tabIndex}
      >
        <span class="avatar-place">
          <Avatar id={id} name={name} src={src} />
          {kind === 'person' && <PresenceDot user={id} />}
        </span>
        <span class="conversation-name">
          <bdi>{name}</bdi>
        </span>
        {info.at > 0 && (
          <time dateTime={new Date(info.at).toISOString()} title={exactTime(info.at)}>
            {listTime(info.at, now)}
          </time>
        )}
        <span class="conversation-preview" data-draft={draft !== ''}>
          {draft === '' && !writers && last?.message.own && (
            <DeliveryTick message={last.message} connected={link === 'online' || link === 'resyncing'} />
          )}
          <bdi>{draft === '' ? writers || preview(info, last, state) : texts.list.draft(draft)}</bdi>
        </span>
        <span class="conversation-marks">
          {mentions > 0 && (
            <span class="mention-badge">
              <span aria-hidden="true">@</span>
              <span class="visually-hidden">{texts.groups.mentions(mentions)}</span>
            </span>
          )}
          {muted && <Mark icon="mute" words={texts.list.muted} />}
          {pinned !== undefined && <Mark icon="pin" words={texts.list.pinned} />}
          {marked && (
            <span class="badge">
              <span class="visually-hidden">{texts.list.marked}</span>
            </span>
          )}
          {info.unread > 0 && (
            <span class="badge">
              <span aria-hidden="true">{info.unread > 99 ? texts.list.over99 : info.unread}</span>
              <span class="visually-hidden">{texts.list.unread(info.unread)}</span>
            </span>
          )}
        </span>
      </a>
    </li>
  )
}

function Mark({ icon, words }: { readonly icon: IconName; readonly words: string }) {
  return (
    <>
      <Icon name={icon} />
      <span class="visually-hidden">{words}</span>
    </>
  )
}

function preview(
  { last, peer }: ConversationInfo,
  shown: Preview | undefined,
  { nameOf, happened }: ChatState,
): string {
  if (!last) return texts.list.noMessages
  if (!shown) return texts.list.acted
  const { message, deleted } = shown
  if (message.type === 'group') return happened(message.event)
  const text = deleted ? texts.list.deleted : messageWords(message)
  if (message.state === 'failed') return texts.list.notSent(text)
  if (message.own) return texts.list.ownPrefix(text)
  return peer === undefined ? texts.list.prefix(nameOf(message.from), text) : text
}
