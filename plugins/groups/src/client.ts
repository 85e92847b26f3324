/** `@natter/groups/client`: typed calls, and groups as values that follow. */
import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'
import { ownGroups } from './client/own-groups.js'

export type { Invitation, OwnGroups } from './client/own-groups.js'

/**
 * `chat.groups.create({ key, settings: { name } })` and the other calls. What happens in a group comes as messages of type
 * `group` in its conversation; `chat.groups.of(group)` is the group as it is for me.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [groups()] })
 * const { group } = await chat.groups.create({ key: crypto.randomUUID(), settings: { name: 'Hikers' } })
 */
export const groups = clientPlugin<typeof contract>('groups', {
  create: 'idempotent',
  get: 'idempotent',
  set: 'idempotent',
  setPicture: 'idempotent',
  dissolve: 'idempotent',
  transfer: 'idempotent',
  join: 'idempotent',
  leave: 'idempotent',
  invite: 'idempotent',
  uninvite: 'idempotent',
  invitations: 'idempotent',
  admit: 'idempotent',
  refuse: 'idempotent',
  waiting: 'idempotent',
  kick: 'idempotent',
  ban: 'idempotent',
  unban: 'idempotent',
  banned: 'idempotent',
  giveRole: 'idempotent',
  mute: 'idempotent',
  unmute: 'idempotent',
  makeLink: 'idempotent',
  dropLink: 'idempotent',
  links: 'idempotent',
  members: 'idempotent',
}).with(ownGroups)
