import { useEffect, useRef } from 'preact/hooks'
import { ConnectionBanner } from '../parts/connection-banner.js'
import { Empty } from '../parts/empty.js'
import { inviteField } from '../parts/later-invite-field.js'
import { Later } from '../parts/later.js'
import { PageHead } from '../parts/page-head.js'
import { useIncoming } from '../parts/use-incoming.js'
import { usePageFocus } from '../parts/use-page-focus.js'
import { usePageTitle } from '../parts/use-page-title.js'
import { useApp, useChat } from '../state/app-state.js'
import type { ChatState } from '../state/chat-state.js'
import { hashOf } from '../state/route.js'
import type { Route } from '../state/route.js'
import { texts } from '../text/texts.js'
import { ConversationList } from './conversation-list.js'

/** The app for whoever is logged in: the conversations, and beside them, or instead on a phone, what is open. */
export function Shell() {
  const route = useApp().route.value
  const state = useChat()
  const page = useRef<HTMLDivElement>(null)
  const open = openConversation(route, state)
  useIncoming()
  usePageTitle(route)
  usePageFocus(route, page)
  useEffect(() => {
    // Whoever sees the list opens one of them soon. Where it cannot be fetched now, it is asked for again then.
    chatPages().catch(() => undefined)
  }, [])
  return (
    <>
      <a
        class="skip-link"
        href="#page"
        onClick={(event) => {
          // The address is the app's own; only the focus moves.
          event.preventDefault()
          page.current?.focus()
        }}
      >
        {texts.skipToMain}
      </a>
      <main class="shell" data-pane={route.name === 'home' ? 'list' : 'main'}>
        <ConnectionBanner />
        <ConversationList open={open} home={route.name === 'home'} />
        <div ref={page} id="page" class="main-pane" tabIndex={-1}>
          <Page route={route} />
        </div>
      </main>
    </>
  )
}

/** The list is there before what one opens from it. */
const chatPages = () => import('./chat-pages.js').then(({ ChatPages }) => ChatPages)

/** Most visits do not lead to these pages, so they come when they are wanted. */
const accountPages = () => import('./account-pages.js').then(({ AccountPages }) => AccountPages)

const togetherPages = () => import('./together-pages.js').then(({ TogetherPages }) => TogetherPages)

function Page({ route }: { readonly route: Route }) {
  switch (route.name) {
    case 'home':
      return <Home />
    case 'with':
    case 'conversation':
      return <Later key="chat" load={chatPages} props={{ route }} />
    case 'about':
    case 'join':
    case 'people':
    case 'newGroup':
      return <Later key="together" load={togetherPages} props={{ route }} />
    case 'account':
    case 'devices':
    case 'password':
    case 'privacy':
    case 'data':
    case 'codes':
    case 'ways':
      return <Later key="account" load={accountPages} props={{ name: route.name }} />
    case 'unknown':
      return (
        <>
          <PageHead title={texts.missing.head} />
          <Empty title={texts.missing.title} lead={texts.missing.lead}>
            <a class="button" href={hashOf({ name: 'home' })}>
              {texts.missing.home}
            </a>
          </Empty>
        </>
      )
  }
}

/** Beside the list, on wide screens, while nothing is open. */
function Home() {
  const { conversations } = useChat()
  if (conversations.value.length > 0) return <Empty title={texts.home.title} lead={texts.home.lead} />
  return (
    <Empty title={texts.home.aloneTitle} lead={texts.home.aloneLead}>
      <Later small load={inviteField} props={{}} />
    </Empty>
  )
}

function openConversation(route: Route, { chat, people }: ChatState): string | undefined {
  if (route.name === 'conversation' || route.name === 'about') return route.id
  const person = route.name === 'with' ? people.byHandle(route.handle) : undefined
  return person && chat.direct(person.id).id
}
