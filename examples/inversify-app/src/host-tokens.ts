import type { Conversations } from '@natter/core'
import type { ServiceIdentifier } from 'inversify'

/** How this app names what it has no class for. Explicit tokens, since metadata of interfaces does not exist. */
export const Now: ServiceIdentifier<() => Date> = Symbol('helpdesk.now')
/** The chat's service, under the app's own name. */
export const ChatConversations: ServiceIdentifier<Conversations> = Symbol('helpdesk.chat-conversations')
