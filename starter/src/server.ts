import { actions } from '@natter/actions'
import { createChat, stopOnSignals } from '@natter/core'
import { auth } from '@natter/auth'
import { friends } from '@natter/friends'
import { groups } from '@natter/groups'
import { offline } from '@natter/offline'
import { presence } from '@natter/presence'
import { search } from '@natter/search'
import Koa from 'koa'
import { healthAtRoot } from './health.js'
import { listen } from './listen.js'
import { announceReady } from './ready-banner.js'
import { readSettings } from './settings.js'
import { store } from './store.js'
import { stopReadably } from './stop-readably.js'
import { waysIn } from './ways-in.js'
import { webApp } from './web-app.js'

try {
  const settings = readSettings(process.env, process.argv.slice(2))
  const app = new Koa({ proxy: settings.proxy })
  const chat = await createChat({
    plugins: [
      store(settings),
      auth({ authenticators: waysIn(settings) }),
      offline(),
      friends(),
      presence(),
      groups(),
      actions(),
      search(),
    ],
    dataDir: settings.dataDir,
  })
  app.use(chat.middleware())
  app.use(healthAtRoot(chat))
  app.use(webApp())
  const server = await listen(app, settings, chat)
  chat.attach(server, { koa: { app } })
  stopOnSignals(chat, server)
  announceReady(server, settings, chat)
} catch (error) {
  stopReadably(error)
}
