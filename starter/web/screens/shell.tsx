import { useRef } from 'preact/hooks'
import { ConnectionBanner } from '../parts/connection-banner.js'
import { Empty } from '../parts/empty.js'
import { PageHead } from '../parts/page-head.js'
import { useIncoming } from '../parts/use-incoming.js'
import { usePageFocus } from '../parts/use-page-focus.js'
import { usePageTitle } from '../parts/use-page-title.js'
import { useApp, useChat } from '../state/app-state.js'
import type { ChatState } from '../state/chat-state.js'
import { hashOf } from '../state/route.js'
import type { Route } from '../state/route.js'
import { texts } from '../text/texts.js'
import { AccountPage } from './account.js'
import { ChatById, ChatWith } from './chat-screen.js'
import { CodesPage } from './codes.js'
import { ConversationList } from './conversation-list.js'
import { DevicesPage } from './devices.js'
import { PasswordPage } from './password.js'

/** The app for whoever is logged in: the conversations, and beside them, or instead on a phone, what is open. */
export function Shell() {
  const route = useApp().route.value
  const state = useChat()
  const main = useRef<HTMLElement>(null)
  const open = openConversation(route, state)
  useIncoming()
  usePageTitle(route)
  usePageFocus(route, main)
  return (
    <div class="shell" data-pane={route.name === 'home' ? 'list' : 'main'}>
      <a
        class="skip-link"
        href="#main"
        onClick={(event) => {
          // The address is the app's own; only the focus moves.
          event.preventDefault()
          main.current?.focus()
        }}
      >
        {texts.skipToMain}
      </a>
      <ConnectionBanner />
      <ConversationList open={open} />
      <main ref={main} class="main-pane" tabIndex={-1}>
        <Page route={route} />
      </main>
    </div>
  )
}

function Page({ route }: { readonly route: Route }) {
  switch (route.name) {
    case 'home':
      return <Empty title={texts.home.title} lead={texts.home.lead} />
    case 'with':
      return <ChatWith key={route.handle} handle={route.handle} />
    case 'conversation':
      return <ChatById key={route.id} id={route.id} />
    case 'account':
      return <AccountPage />
    case 'devices':
      return <DevicesPage />
    case 'password':
      return <PasswordPage />
    case 'codes':
      return <CodesPage />
    case 'unknown':
      return (
        <>
          <PageHead title={texts.missing.title} />
          <Empty title={texts.missing.title} lead={texts.missing.lead}>
            <a class="button" href={hashOf({ name: 'home' })}>
              {texts.missing.home}
            </a>
          </Empty>
        </>
      )
  }
}

function openConversation(route: Route, { chat, people }: ChatState): string | undefined {
  if (route.name === 'conversation') return route.id
  const person = route.name === 'with' ? people.byHandle(route.handle) : undefined
  return person && chat.direct(person.id).id
}
