import { useState } from 'preact/hooks'
import { Avatar } from '../parts/avatar.js'
import { Later } from '../parts/later.js'
import { inviteField } from '../parts/later-invite-field.js'
import { Empty } from '../parts/empty.js'
import { Icon } from '../parts/icon.js'
import { Mark } from '../parts/mark.js'
import { useNow } from '../parts/use-now.js'
import { useRoving } from '../parts/use-roving.js'
import { useApp, useChat } from '../state/app-state.js'
import { faceOf } from '../state/face.js'
import { byPin } from '../state/standing.js'
import { bareHandle, hashOf } from '../state/route.js'
import { texts } from '../text/texts.js'
import { ConversationItem } from './conversation-item.js'
import { Finder } from './finder.js'

/** All conversations, newest first, and the field that finds one of them, or a person to begin one with. */
export function ConversationList({ open, home }: { readonly open: string | undefined; readonly home: boolean }) {
  const { account } = useApp()
  const state = useChat()
  const { conversations, server } = state
  const [sought, setSought] = useState('')
  const [archive, setArchive] = useState(false)
  const now = useNow()
  const wanted = bareHandle(sought).toLowerCase()

  const standings = new Map(conversations.value.map((info) => [info.id, state.standing(info)]))
  const standing = (id: string) => standings.get(id)!
  const listed = conversations.value.filter(({ id, left }) => !left && !standing(id).hidden)
  const archived = listed.filter(({ id }) => standing(id).archived)
  const sorted = listed.toSorted((a, b) => byPin(standing(a.id), standing(b.id)))
  const matching = sorted.filter(({ id, peer }) => {
    // Who seeks finds what is put away, too.
    if (wanted === '') return standing(id).archived === archive
    const { name, handle = '' } = faceOf(state, { id, peer })
    return name.toLowerCase().includes(wanted) || handle.toLowerCase().includes(wanted)
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
        <PeopleLink />
        <a class="icon-button" href={hashOf({ name: 'newGroup' })} aria-label={texts.groups.create}>
          <Icon name="plus" />
        </a>
        {own && (
          <a class="account-link" href={hashOf({ name: 'account' })} aria-label={texts.list.settings}>
            <Avatar id={own.id} name={own.name} src={own.avatar} size="small" />
          </a>
        )}
      </header>
      <Finder sought={sought} setSought={setSought} />
      <div class="list-scroll">
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
        {wanted === '' && (archived.length > 0 || archive) && (
          <button type="button" class="link-button archive" onClick={() => setArchive(!archive)}>
            {archive ? texts.list.leaveArchive : texts.list.archive(archived.length)}
          </button>
        )}
        {empty && server.value === 'heard' && (
          <Empty title={texts.list.emptyTitle} lead={texts.list.emptyLead}>
            <div class="narrow-only">
              <Later small load={inviteField} props={{}} />
            </div>
          </Empty>
        )}
        {empty && server.value !== 'heard' && (
          <p class="quiet">{server.value === 'awaited' ? texts.loading : texts.list.unreached}</p>
        )}
        {wanted !== '' && <Later small load={found} props={{ text: sought.trim() }} />}
      </div>
    </div>
  )
}

/** Most visits look for no messages. */
const found = () => import('./search/found.js').then(({ Found }) => Found)

/** Leads to friends, requests and invitations, and tells how many of these wait for an answer. */
function PeopleLink() {
  const { friends, invited } = useChat()
  const waiting = friends.value.incoming.length + invited.value.length
  return (
    <a class="icon-button people-link" href={hashOf({ name: 'people' })}>
      <Icon name="people" />
      <span class="visually-hidden">{texts.people.title}</span>
      {waiting > 0 && (
        <span class="dot">
          <span class="visually-hidden">{texts.people.requests(waiting)}</span>
        </span>
      )}
    </a>
  )
}
