/** `@natter/client`: the client for browsers, Node.js and React Native. No dependencies; nothing happens at import. */
export { createClient } from './create-client.js'
export { clientPlugin } from './plugin.js'
export { follow } from './follow.js'
export { ClientError } from './errors.js'
export { memory } from './stores/memory.js'
export { indexedDb } from './stores/indexed-db.js'
export type { ClientCode, LocalCode, ServerCode } from './errors.js'
export type { Client, ClientCore, ClientOptions, CoreEvents, TokenRequest, TokenSource } from './api/client.js'
export type { Conversation, ConversationInfo, Marks } from './api/conversation.js'
export type { MessageView, Page, SendState } from './api/messages.js'
export type { Outbox, OutboxEntry, Sending, Sent } from './api/outbox.js'
export type { ChannelLike, LocksLike, Platform, SocketLike } from './api/platform.js'
export type {
  Bodies,
  Calls,
  ClientApi,
  ClientPlugin,
  ClientPluginFactory,
  ClientPlugins,
  Codes,
  Events,
  VerbsOf,
} from './api/plugin.js'
export type { Readable } from './api/readable.js'
export type { Followed, Following } from './follow.js'
export type { Link, Me, Status } from './api/status.js'
export type { Store } from './api/store.js'
