import { authSession } from '@natter/auth/client'
import { render } from 'preact'
import { AppView } from './app-view.js'
import { AppProvider, createApp } from './state/app-state.js'
import { comeBack } from './state/come-back.js'
import { connectChat } from './state/connect-chat.js'
import { keptIn } from './state/kept.js'
import { watchRoute } from './state/route.js'
import { themeChoice } from './state/theme.js'
import { watchVisibleHeight } from './state/visible-height.js'
import { texts } from './text/texts.js'

const url = `${location.origin}/chat`
const kept = keptIn(() => localStorage)
const session = authSession({ url })
const goOn = comeBack(session)
const app = createApp({
  url,
  page: `${location.origin}${location.pathname}`,
  session,
  connect: connectChat,
  kept,
  route: watchRoute(window),
  theme: themeChoice(document.documentElement, kept),
})

watchVisibleHeight(window)
document.documentElement.lang = texts.language
document.documentElement.dir = texts.direction
render(
  <AppProvider value={app}>
    <AppView />
  </AppProvider>,
  document.querySelector('#app') as HTMLElement,
)
void goOn?.(app)
