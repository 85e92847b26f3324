import type { Role } from './contract.js'
import type { Room } from './room.js'

/** What a role lets do, a bit each. */
export const can = {
  write: 1,
  invite: 2,
  /** Takes in who asks, and sees who waits. */
  admit: 4,
  kick: 8,
  ban: 16,
  mute: 32,
  /** Makes links, and sees them. */
  link: 64,
  /** Name, picture, topic, announcement, welcome. */
  describe: 128,
  /** Who comes in and how, who writes, how often. */
  govern: 256,
  /** Writes to all by `@all`. */
  call: 512,
  /** Gives the roles below its own. */
  promote: 1_024,
  /** Deletes for all what others have written. */
  clear: 2_048,
  pin: 4_096,
} as const
export type Permission = keyof typeof can

const admin =
  can.write |
  can.invite |
  can.admit |
  can.kick |
  can.ban |
  can.mute |
  can.link |
  can.describe |
  can.govern |
  can.call |
  can.promote |
  can.clear |
  can.pin
const bits = { owner: admin, admin, member: can.write, reader: 0 } as const satisfies Record<Role, number>
const ranks = { reader: 0, member: 1, admin: 2, owner: 3 } as const satisfies Record<Role, number>

/** The role of a member. */
export function roleOf(room: Room, user: string): Role {
  return room.owner === user ? 'owner' : (room.people.get(user)?.role ?? room.settings.standard)
}

export const rankOf = (room: Room, user: string): number => ranks[roleOf(room, user)]
/** Whether one stands above another: an admin above members, nobody above the owner. */
export const above = (role: Role, other: Role): boolean => ranks[role] > ranks[other]
/** Admins and the owner: mutes of all and slow mode are not for them. */
export const leads = (room: Room, user: string): boolean => rankOf(room, user) >= ranks.admin

/** Whether a member's role lets them do this. */
export function allows(room: Room, user: string, what: Permission): boolean {
  const role = roleOf(room, user)
  if (what === 'invite' && role === 'member' && room.settings.membersInvite) return true
  return (bits[role] & can[what]) !== 0
}

/** The same, with what somebody wrote: not with what is of one who stands above. */
export const mayDo = (room: Room, user: string, what: Permission, author: string | undefined): boolean =>
  !room.dissolved &&
  allows(room, user, what) &&
  (author === undefined || author === user || rankOf(room, author) <= rankOf(room, user))
