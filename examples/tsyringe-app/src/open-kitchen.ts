import 'reflect-metadata' // before any decorated class
import { container as root } from 'tsyringe'
import { hostIdentity } from '@natter/auth/host'
import { Connections, Conversations, createChat, fromTsyringe, toTsyringe } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { ChatConnections, ChatConversations, Now } from './host-tokens.js'
import { Hours, nightRest } from './night-rest.js'
import { OpeningHours } from './opening-hours.js'

const cooks = [
  { id: 'kitchen', name: 'Kitchen' },
  { id: 'cleo', name: 'Cleo' },
  { id: 'dan', name: 'Dan' },
]

/** `folder` keeps the chat's database and its secrets. */
export async function openKitchen(folder: string, now: () => Date) {
  const container = root.createChildContainer()
  container.register(Now, { useValue: now })

  // #region bridge
  const chat = await createChat({
    plugins: [
      hostIdentity({
        user: (ctx) => ctx.state['cook'],
        lookup: (ids) => cooks.filter(({ id }) => ids.includes(id)),
      }),
      storageSql({ url: `sqlite:${folder}/kitchen.db` }),
      offline(),
      nightRest(),
    ],
    container: fromTsyringe(container, [[Hours, OpeningHours]]), // the app's services for plugins
    dataDir: folder,
  })
  // The chat's services for the app.
  toTsyringe(chat, container, [
    [Conversations, ChatConversations],
    [Connections, ChatConnections],
  ])
  // #endregion
  return { chat, container }
}
