import { authSession } from '@natter/auth/client'
import { render } from 'preact'
import { AppView } from './app-view.js'
import { AppProvider, createApp } from './state/app-state.js'
import { connectChat } from './state/connect-chat.js'
import { keptIn } from './state/kept.js'
import { watchRoute } from './state/route.js'
import { themeChoice } from './state/theme.js'
import { watchVisibleHeight } from './state/visible-height.js'
import { texts } from './text/texts.js'

const url = `${location.origin}/chat`
const kept = keptIn(() => localStorage)
const session = authSession({ url })

/** Whoever comes back from a provider has its mark behind the #, where the app's own addresses begin with a slash. */
async function returned() {
  if (location.hash === '' || location.hash.startsWith('#/')) return undefined
  return import('./state/come-back.js').then(
    ({ comeBack }) => comeBack(session),
    // The way in is there all the same.
    () => undefined,
  )
}

async function start() {
  const goOn = await returned()
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
  await goOn?.(app)
}

void start()
