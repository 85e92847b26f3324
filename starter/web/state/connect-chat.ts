import { actions } from '@natter/actions/client'
import type { ActedMessage } from '@natter/actions/client'
import { auth } from '@natter/auth/client'
import { createClient, indexedDb } from '@natter/client'
import { friends } from '@natter/friends/client'
import { groups } from '@natter/groups/client'
import { offline } from '@natter/offline/client'
import { presence } from '@natter/presence/client'
import { search } from '@natter/search/client'

/** Connects as this person. What is unsent is kept in the browser under their id. */
export const connectChat = (options: { url: string; user: string; token: () => Promise<string> }) =>
  createClient({
    ...options,
    store: indexedDb({ name: `natter.${options.user}` }),
    client: 'natter-starter/0.1.0',
    plugins: [auth(), offline(), friends(), presence(), groups(), actions(), search()],
  })

export type Chat = ReturnType<typeof connectChat>
export type Conversation = ReturnType<Chat['conversation']>
export type ConversationInfo = ReturnType<Chat['conversations']['get']>[number]
/** A message with what was done to it. */
export type Acted = ActedMessage<Message>
export type Message = ReturnType<Conversation['messages']['get']>[number]
