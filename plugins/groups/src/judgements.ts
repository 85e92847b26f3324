import { NatterErrors } from '@natter/core'
import { GroupsErrors } from './contract.js'
import type { RoleGiven, Settings, SomeSettings } from './contract.js'
import type { Judgement, Scene } from './acts.js'
import { above, allows, rankOf, roleOf } from './roles.js'
import type { Permission } from './roles.js'

/** How much of each kind a group holds. */
export interface Bounds {
  readonly members: number
  /** People with a role or a mute of their own, bans, invitations, people who ask: of each so many. */
  readonly listed: number
  readonly links: number
  readonly invitationMs: number
}

const described = ['name', 'avatar', 'topic', 'announcement', 'welcome'] as const satisfies readonly (keyof Settings)[]

/** @throws NATTER_NOT_FOUND for who is no member, and in a group that is no more */
function mustBeIn({ inside, room }: Scene): void {
  if (!inside || room.dissolved) throw NatterErrors.NOT_FOUND()
}

/** @throws NATTER_NOT_FOUND, GROUPS_NOT_ALLOWED */
export function mustMay(scene: Scene, what: Permission): void {
  mustBeIn(scene)
  if (!allows(scene.room, scene.me, what)) throw GroupsErrors.NOT_ALLOWED()
}

/** Nobody acts on who stands above them, on the owner, or on themselves. @throws GROUPS_NOT_ALLOWED */
function mustReach({ room, me, otherInside }: Scene, user: string): void {
  if (user === me || room.owner === user) throw GroupsErrors.NOT_ALLOWED()
  if (otherInside && rankOf(room, user) > rankOf(room, me)) throw GroupsErrors.NOT_ALLOWED()
}

function mustFit(map: ReadonlyMap<string, unknown>, key: string, most: number): void {
  if (!map.has(key) && map.size >= most) throw GroupsErrors.TOO_MANY()
}

function mustHaveRoom({ size }: Scene, { members }: Bounds): void {
  if (size >= members) throw GroupsErrors.FULL()
}

/** Goes in by the group's id: invited, or by an open door; else asks. */
export const enter =
  (bounds: Bounds, note?: string): Judgement =>
  (scene) => {
    const { room, me, inside, now } = scene
    if (room.dissolved) throw NatterErrors.NOT_FOUND()
    if (inside) return undefined
    const invited = (room.invited.get(me)?.until ?? 0) > now
    if (room.banned.has(me) || (!invited && room.settings.door === 'invite')) throw NatterErrors.NOT_FOUND()
    if (invited || room.settings.door === 'open') {
      mustHaveRoom(scene, bounds)
      return { what: 'joined', user: me }
    }
    if (room.asked.has(me)) return undefined
    mustFit(room.asked, me, bounds.listed)
    return { what: 'asked', user: me, ...(note && { note }) }
  }

/** Goes in by a link. */
export const enterBy =
  (bounds: Bounds, link: string): Judgement =>
  (scene) => {
    const { room, me, inside, now } = scene
    if (room.dissolved) throw NatterErrors.NOT_FOUND()
    if (inside) return undefined
    const known = room.links.get(link)
    if (!known || room.banned.has(me) || (known.until ?? Infinity) <= now) throw NatterErrors.NOT_FOUND()
    mustHaveRoom(scene, bounds)
    return { what: 'joined', user: me, link }
  }

/** Goes out, no longer asks, or turns an invitation down. */
export const goOut: Judgement = ({ room, me, inside, left }) => {
  if (inside) {
    if (room.owner === me && !room.dissolved) throw GroupsErrors.OWNER()
    return { what: 'left', user: me }
  }
  if (room.invited.has(me)) return { what: 'uninvited', by: me, user: me }
  if (room.asked.has(me)) return { what: 'refused', by: me, user: me }
  if (left) return undefined
  throw NatterErrors.NOT_FOUND()
}

export const invite =
  (bounds: Bounds, user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'invite')
    const { room, me, otherInside, now } = scene
    if (room.banned.has(user)) throw GroupsErrors.BANNED()
    if (otherInside || (room.invited.get(user)?.until ?? 0) > now) return undefined
    mustFit(room.invited, user, bounds.listed)
    return { what: 'invited', by: me, user, until: now + bounds.invitationMs }
  }

export const uninvite =
  (user: string): Judgement =>
  (scene) => {
    mustBeIn(scene)
    const { room, me } = scene
    if (room.invited.get(user)?.by !== me) mustMay(scene, 'admit')
    return room.invited.has(user) ? { what: 'uninvited', by: me, user } : undefined
  }

export const admit =
  (bounds: Bounds, user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'admit')
    if (scene.otherInside) return undefined
    if (!scene.room.asked.has(user)) throw GroupsErrors.NOT_ASKED()
    mustHaveRoom(scene, bounds)
    return { what: 'joined', by: scene.me, user }
  }

export const refuse =
  (user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'admit')
    return scene.room.asked.has(user) ? { what: 'refused', by: scene.me, user } : undefined
  }

export const kick =
  (user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'kick')
    mustReach(scene, user)
    return scene.otherInside ? { what: 'kicked', by: scene.me, user } : undefined
  }

export const ban =
  (bounds: Bounds, user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'ban')
    mustReach(scene, user)
    if (scene.room.banned.has(user)) return undefined
    mustFit(scene.room.banned, user, bounds.listed)
    return { what: 'banned', by: scene.me, user }
  }

export const unban =
  (user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'ban')
    return scene.room.banned.has(user) ? { what: 'unbanned', by: scene.me, user } : undefined
  }

export const giveRole =
  (bounds: Bounds, user: string, role: RoleGiven): Judgement =>
  (scene) => {
    mustMay(scene, 'promote')
    const { room, me, otherInside } = scene
    const mine = roleOf(room, me)
    if (user === me || !above(mine, role)) throw GroupsErrors.NOT_ALLOWED()
    if (!otherInside) throw GroupsErrors.NO_MEMBER()
    if (!above(mine, roleOf(room, user))) throw GroupsErrors.NOT_ALLOWED()
    if (roleOf(room, user) === role) return undefined
    mustFit(room.people, user, bounds.listed)
    return { what: 'role', by: me, user, role }
  }

export const mute =
  (bounds: Bounds, user: string, forMs: number): Judgement =>
  (scene) => {
    mustMay(scene, 'mute')
    mustReach(scene, user)
    if (!scene.otherInside) throw GroupsErrors.NO_MEMBER()
    mustFit(scene.room.people, user, bounds.listed)
    return { what: 'muted', by: scene.me, user, until: scene.now + forMs }
  }

export const unmute =
  (user: string): Judgement =>
  (scene) => {
    mustMay(scene, 'mute')
    mustReach(scene, user)
    return scene.room.people.get(user)?.mutedUntil === undefined ? undefined : { what: 'unmuted', by: scene.me, user }
  }

export const set =
  (settings: SomeSettings): Judgement =>
  (scene) => {
    mustBeIn(scene)
    const names = Object.keys(settings) as (keyof Settings)[]
    if (names.some((name) => (described as readonly string[]).includes(name))) mustMay(scene, 'describe')
    if (names.length === 0 || names.some((name) => !(described as readonly string[]).includes(name))) {
      mustMay(scene, 'govern')
    }
    const others = names.filter((name) => settings[name] !== scene.room.settings[name])
    if (others.length === 0) return undefined
    const changed = Object.fromEntries(others.map((name) => [name, settings[name]])) as SomeSettings
    return { what: 'set', by: scene.me, settings: changed }
  }

export const transfer =
  (user: string): Judgement =>
  (scene) => {
    mustBeIn(scene)
    const { room, me, otherInside } = scene
    // Asked again after it was done: they are the owner by me.
    if (room.owner !== me) throw GroupsErrors.NOT_ALLOWED()
    if (user === me) return undefined
    if (!otherInside) throw GroupsErrors.NO_MEMBER()
    return { what: 'transferred', by: me, user }
  }

export const dissolve: Judgement = (scene) => {
  const { room, me, inside, left } = scene
  if (room.dissolved && (inside || left) && room.owner === me) return undefined
  mustBeIn(scene)
  if (room.owner !== me) throw GroupsErrors.NOT_ALLOWED()
  return { what: 'dissolved', by: me }
}

export const makeLink =
  (
    bounds: Bounds,
    link: string,
    { forMs, uses }: { forMs?: number | undefined; uses?: number | undefined },
  ): Judgement =>
  (scene) => {
    mustMay(scene, 'link')
    const { room, me, now } = scene
    if (room.links.has(link)) return undefined
    mustFit(room.links, link, bounds.links)
    const until = forMs === undefined ? {} : { until: now + forMs }
    return { what: 'linked', by: me, link, ...until, ...(uses === undefined ? {} : { uses }) }
  }

export const dropLink =
  (link: string): Judgement =>
  (scene) => {
    mustMay(scene, 'link')
    return scene.room.links.has(link) ? { what: 'unlinked', by: scene.me, link } : undefined
  }
