import type { Case, Rows } from './case.js'
import { roles } from './people.js'
import type { Role } from './people.js'

/** What each gets: `ok`, or the code of a refusal. */
export type Row = Readonly<Record<Role, string>>
export type CommandCase = Case<Row>
/** What everybody gets for commands. */
export type CommandRows = Rows<Row>
type Some = Partial<Row>

const none = 'NATTER_NOT_FOUND'
const unavailable = 'NATTER_NOT_AVAILABLE'

/** The same for everybody: what somebody is in the group, or to Olga, does not matter. */
export const everybody = (code: string): Row => Object.fromEntries(roles.map((role) => [role, code])) as never
/** Of a person's own. */
export const mine = everybody('ok')
/** Of Olga's own: others are told that there is no such thing. */
export const hers: Row = { ...everybody(none), owner: 'ok' }

/** Who is not in the group is told that there is none. */
const hidden = { stranger: none, 'ex-member': none, banned: none } as const satisfies Some
/** In the group the same for all who may read in it. */
export const inside = (code: string): Row => ({ ...everybody(code), ...hidden })
/** Of who may read; what they are beyond that does not matter, nor whom the owner has blocked. */
export const readers = inside('ok')
/** Of who may write. */
export const writers: Row = { ...readers, 'read-only': 'GROUPS_READ_ONLY', muted: 'GROUPS_MUTED' }
/** Of who has a role for it; the others are told that theirs does not let them. */
export const admins = (no: string): Row => ({ ...inside(no), admin: 'ok', owner: 'ok' })
export const owners = (no: string): Row => ({ ...inside(no), owner: 'ok' })

/** In the direct conversation of Olga and Bea, whom she has blocked: nobody else is in it. */
export const apart = (code: string): Row => ({ ...everybody(none), blocked: code, owner: code })
/** In the direct conversation of Olga and Mia, who are friends. */
export const together = (code: string): Row => ({ ...everybody(none), member: code, owner: code })

/** About Olga: whom she has blocked gets what is said of who does not exist. */
export const openTo: Row = { ...mine, blocked: unavailable }
/** About Olga, and for her friend alone. */
export const friend: Row = { ...everybody(none), member: 'ok' }
