import { exactTime, listTime } from '../format/dates.js'
import { Avatar } from '../parts/avatar.js'
import { DeliveryTick } from '../parts/delivery.js'
import type { ConversationInfo } from '../state/connect-chat.js'
import { useChat } from '../state/app-state.js'
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
  const { people, drafts, user, status } = useChat()
  const person = info.peer === undefined ? undefined : people.of(info.peer).value
  const name = info.peer === user ? texts.chat.self : (person?.name ?? texts.unknownPerson)
  const draft = current ? '' : drafts.of(info.id).value
  const href = person?.handle
    ? hashOf({ name: 'with', handle: person.handle })
    : hashOf({ name: 'conversation', id: info.id })
  const connected = status.value.link === 'online' || status.value.link === 'resyncing'
  return (
    <li>
      <a
        class="conversation"
        href={href}
        aria-current={current ? 'page' : undefined}
        data-unread={info.unread > 0}
        data-roving={info.id}
        tabIndex={tabIndex}
      >
        <Avatar id={info.peer ?? info.id} name={person?.name ?? name} src={person?.avatar} />
        <span class="conversation-name">
          <bdi>{name}</bdi>
        </span>
        {info.at > 0 && (
          <time dateTime={new Date(info.at).toISOString()} title={exactTime(info.at)}>
            {listTime(info.at, now)}
          </time>
        )}
        <span class="conversation-preview" data-draft={draft !== ''}>
          {draft === '' && info.last?.own && <DeliveryTick message={info.last} connected={connected} />}
          <bdi>{draft === '' ? preview(info) : texts.list.draft(draft)}</bdi>
        </span>
        {info.unread > 0 && (
          <span class="badge">
            <span aria-hidden="true">{info.unread > 99 ? texts.list.over99 : info.unread}</span>
            <span class="visually-hidden">{texts.list.unread(info.unread)}</span>
          </span>
        )}
      </a>
    </li>
  )
}

function preview({ last }: ConversationInfo): string {
  if (!last) return texts.list.noMessages
  const text = last.type === 'text' ? last.text : texts.list.otherKind
  if (last.state === 'failed') return texts.list.notSent(text)
  return last.own ? texts.list.ownPrefix(text) : text
}
