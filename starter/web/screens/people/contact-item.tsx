import type { ComponentChildren } from 'preact'
import { Avatar } from '../../parts/avatar.js'
import { Icon } from '../../parts/icon.js'
import { PresenceDot } from '../../parts/presence-dot.js'
import { PresenceLine } from '../../parts/presence-line.js'
import { useChat } from '../../state/app-state.js'
import { hashOf } from '../../state/route.js'
import { texts } from '../../text/texts.js'
import { togetherTexts } from '../../text/together-texts.js'

/** A person in a list: their name leads to the conversation with them, the sign behind it to what there is about them. */
export function ContactItem({
  user,
  detail,
  present = false,
  children,
}: {
  readonly user: string
  readonly detail?: ComponentChildren
  /** How they are stands below the name. */
  readonly present?: boolean
  readonly children?: ComponentChildren
}) {
  const { chat, people, nameOf } = useChat()
  const person = people.of(user).value
  const name = nameOf(user)
  const handle = person?.handle
  const conversation = chat.direct(user).id
  const own = handle && handle !== name ? texts.handleOf(handle) : undefined
  return (
    <li class="row contact">
      <span class="avatar-place">
        <Avatar id={user} name={name} src={person?.avatar} size="small" />
        {present && <PresenceDot user={user} />}
      </span>
      <span class="contact-text">
        <a
          class="row-title"
          dir="auto"
          href={handle ? hashOf({ name: 'with', handle }) : hashOf({ name: 'conversation', id: conversation })}
        >
          {name}
        </a>
        <span class="row-detail" dir="auto">
          {present ? <PresenceLine user={user} otherwise={own} /> : (detail ?? own)}
        </span>
      </span>
      <span class="contact-actions">
        {children}
        <a
          class="icon-button"
          href={hashOf({ name: 'about', id: conversation })}
          aria-label={togetherTexts.people.about(name)}
          title={togetherTexts.people.about(name)}
        >
          <Icon name="info" />
        </a>
      </span>
    </li>
  )
}
