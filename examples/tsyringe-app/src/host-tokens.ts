/** How this app names what it has no class for. Explicit tokens, since metadata of interfaces does not exist. */
export const Now = Symbol('kitchen.now')
/** The chat's services, under the app's own names. */
export const ChatConversations = Symbol('kitchen.chat-conversations')
export const ChatConnections = Symbol('kitchen.chat-connections')
