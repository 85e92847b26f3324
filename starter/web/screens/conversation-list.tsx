import { useState } from 'preact/hooks'
import { Avatar } from '../parts/avatar.js'
import { InviteField } from '../parts/invite-field.js'
import { Empty } from '../parts/empty.js'
import { Mark } from '../parts/mark.js'
import { useNow } from '../parts/use-now.js'
import { useRoving } from '../parts/use-roving.js'
import { useApp, useChat } from '../state/app-state.js'
import { bareHandle, hashOf } from '../state/route.js'
import { texts } from '../text/texts.js'
import { ConversationItem } from './conversation-item.js'
import { Finder } from './finder.js'

/** All conversations, newest first, and the field that finds one of them, or a person to begin one with. */
export function ConversationList({ open, home }: { readonly open: string | undefined; readonly home: boolean }) {
  const { account } = useApp()
  const { conversations, people, server, user } = useChat()
  const [sought, setSought] = useState('')
  const now = useNow()
  const wanted = bareHandle(sought).toLowerCase()

  const matching = conversations.value.filter(({ peer, left }) => {
    if (left || wanted === '') return !left
    const person = peer === undefined ? undefined : people.of(peer).value
    const name = peer === user ? texts.chat.self : (person?.name ?? '')
    return name.toLowerCase().includes(wanted) || (person?.handle ?? '').toLowerCase().includes(wanted)
  })
  const roving = useRoving(
    matching.map(({ id }) => id),
    matching.some(({ id }) => id === open) ? open : matching[0]?.id,
  )
  const own = account.value
  // Elsewhere the page beside the list has the main heading.
  const Heading = home ? 'h1' : 'p'
  const empty = conversations.value.length === 0 && wanted === ''

  return (
    <div class="list-pane">
      <header class="list-head">
        <Heading class="list-title">
          <a class="brand" href={hashOf({ name: 'home' })}>
            <Mark />
            {texts.brand}
          </a>
        </Heading>
        {own && (
          <a class="account-link" href={hashOf({ name: 'account' })} aria-label={texts.list.settings}>
            <Avatar id={own.id} name={own.name} src={own.avatar} size="small" />
          </a>
        )}
      </header>
      <Finder sought={sought} setSought={setSought} />
      {matching.length > 0 && (
        <nav
          class="conversations"
          aria-label={texts.list.label}
          onKeyDown={roving.onKeyDown}
          onFocusIn={roving.onFocusIn}
        >
          <ul role="list">
            {matching.map((info) => (
              <ConversationItem
                key={info.id}
                info={info}
                current={info.id === open}
                tabIndex={roving.tabIndex(info.id)}
                now={now}
              />
            ))}
          </ul>
        </nav>
      )}
      {matching.length === 0 && wanted !== '' && conversations.value.length > 0 && (
        <p class="quiet">{texts.list.noMatch}</p>
      )}
      {empty && server.value === 'heard' && (
        <Empty title={texts.list.emptyTitle} lead={texts.list.emptyLead}>
          <div class="narrow-only">
            <InviteField />
          </div>
        </Empty>
      )}
      {empty && server.value !== 'heard' && (
        <p class="quiet">{server.value === 'awaited' ? texts.loading : texts.list.unreached}</p>
      )}
    </div>
  )
}
