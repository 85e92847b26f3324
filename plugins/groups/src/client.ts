/** `@natter/groups/client`: typed calls. */
import { clientPlugin } from '@natter/client'
import type * as contract from './contract.js'

/**
 * `chat.groups.create({ key, settings: { name } })` and the other calls. What happens in a group comes as messages of type
 * `group` in its conversation.
 *
 * @example
 * const chat = createClient({ url, token, plugins: [groups()] })
 * const { group } = await chat.groups.create({ key: crypto.randomUUID(), settings: { name: 'Hikers' } })
 */
export const groups = clientPlugin<typeof contract>('groups', {
  create: 'idempotent',
  get: 'idempotent',
  set: 'idempotent',
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
})
