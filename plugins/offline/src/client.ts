/** `@natter/offline/client`: what I set for my conversations, the same on all of my devices. */
import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'
import { followErased } from './client/follow-erased.js'
import { followSettings } from './client/follow-settings.js'

export type { ConversationSetting } from './contract.js'
export type { OwnSettings } from './client/held-settings.js'
export type { OwnedSettings } from './client/follow-settings.js'
export { isHidden, isMarkedUnread, isMuted } from './client/standing.js'

/**
 * `chat.offline.set({ conversation, pinned: 1 })` and the other calls, and `chat.offline.own`: what is muted, pinned,
 * archived, hidden, marked as unread and drafted, as it is on all of my devices. Messages need none of this, but that what
 * somebody wrote who was erased leaves this device too.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [offline()] })
 * chat.offline.own.subscribe(() => render(chat.offline.own.get().settings))
 */
export const offline = clientPlugin<typeof contract>('offline', {
  sync: 'idempotent',
  page: 'idempotent',
  state: 'idempotent',
  mark: 'idempotent',
  set: 'idempotent',
  settings: 'idempotent',
  privacy: 'idempotent',
  readBy: 'idempotent',
}).with((api) => {
  followErased(api)
  return followSettings(api)
})
