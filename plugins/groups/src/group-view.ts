import type { Group, Settings } from './contract.js'
import type { Standing } from './rooms.js'
import { roleOf } from './roles.js'

/** What a new group is, as far as it is not said. */
export const defaults = (kind: 'group' | 'channel'): Omit<Settings, 'name'> => ({
  avatar: '',
  topic: '',
  announcement: '',
  welcome: '',
  door: 'invite',
  history: kind === 'channel' ? 'start' : 'join',
  standard: kind === 'channel' ? 'reader' : 'member',
  membersInvite: kind === 'group',
  muted: false,
  slowMs: 0,
})

/** A group as one of its members sees it. */
export function groupView(group: string, { room, seq }: Standing, me: string, size: number): Group {
  const { kind, owner, settings, people } = room
  const mutedUntil = people.get(me)?.mutedUntil
  const mine = { role: roleOf(room, me), ...(mutedUntil !== undefined && { mutedUntil }) }
  return { group, kind, owner, settings, size, me: mine, seq }
}
