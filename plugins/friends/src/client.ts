/** `@natter/friends/client`: typed calls, and my list, which keeps itself up to date. */
import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'
import { followList } from './client/follow-list.js'

export type { FriendList, OwnList } from './client/friend-list.js'

/**
 * `chat.friends.request({ handle: 'bob' })` and the other calls, and `chat.friends.list`: friends, requests, blocks, groups
 * and privacy as they are, on all of my devices.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [friends()] })
 * chat.friends.list.subscribe(() => render(chat.friends.list.get().incoming))
 */
export const friends = clientPlugin<typeof contract>('friends', {
  request: 'idempotent',
  accept: 'idempotent',
  reject: 'idempotent',
  cancel: 'idempotent',
  remove: 'idempotent',
  remark: 'idempotent',
  createGroup: 'idempotent',
  renameGroup: 'idempotent',
  deleteGroup: 'idempotent',
  assign: 'idempotent',
  block: 'idempotent',
  unblock: 'idempotent',
  privacy: 'idempotent',
  sync: 'idempotent',
  find: 'idempotent',
  search: 'idempotent',
  suggest: 'idempotent',
}).with(followList)
