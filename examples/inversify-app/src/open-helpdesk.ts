import 'reflect-metadata' // before any decorated class
import { Container } from 'inversify'
import { hostIdentity } from '@natter/auth/host'
import { Conversations, createChat, fromInversify, toInversify } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { Agents } from './agents.js'
import { Assignments } from './assignments.js'
import { ChatConversations, Now } from './host-tokens.js'
import { Tickets } from './tickets.js'
import { TicketTitles, ticketTitles } from './ticket-titles.js'

/** `folder` keeps the chat's database and its secrets. */
export async function openHelpdesk(folder: string) {
  const container = new Container()
  container.bind(Now).toConstantValue(() => new Date())
  container.bind(Agents).toSelf().inSingletonScope()
  container.bind(Tickets).toSelf().inSingletonScope()
  container.bind(Assignments).toSelf().inSingletonScope()

  const agents = container.get(Agents)
  // #region bridge
  const chat = await createChat({
    plugins: [
      hostIdentity({ user: (ctx) => ctx.state['agent'], lookup: (ids) => agents.byIds(ids) }),
      storageSql({ url: `sqlite:${folder}/helpdesk.db` }),
      offline(),
      ticketTitles(),
    ],
    container: fromInversify(container, [[TicketTitles, Tickets]]), // the app's services for plugins
    dataDir: folder,
  })
  toInversify(chat, container, [[Conversations, ChatConversations]]) // the chat's services for the app
  // #endregion
  return { chat, container }
}
