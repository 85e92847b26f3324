import type { Happening, RoleGiven, Settings } from './contract.js'

/** What is kept of a person beside that they are a member. A mute outlives leaving, so that it cannot be left behind. */
export interface Standing {
  /** Where it is not the one that all have. */
  readonly role?: RoleGiven | undefined
  readonly mutedUntil?: number | undefined
}
export interface Invitation {
  readonly by: string
  readonly until: number
}
export interface Asked {
  readonly at: number
  readonly note?: string | undefined
}
export interface Ban {
  readonly by: string
  readonly at: number
}
export interface Link {
  readonly by: string
  readonly at: number
  readonly until?: number | undefined
  /** Joins that it still lets in. */
  readonly left?: number | undefined
}

/** A group as its events made it. Who is a member stands in the log; all else is here. */
export interface Room {
  readonly kind: 'group' | 'channel'
  readonly owner: string
  readonly settings: Settings
  readonly people: ReadonlyMap<string, Standing>
  readonly invited: ReadonlyMap<string, Invitation>
  readonly asked: ReadonlyMap<string, Asked>
  readonly banned: ReadonlyMap<string, Ban>
  readonly links: ReadonlyMap<string, Link>
  readonly dissolved: boolean
}

type Rows<V> = ReadonlyMap<string, V>

function put<V>(map: Rows<V>, key: string, value: V | undefined): Rows<V> {
  if (value === undefined && !map.has(key)) return map
  const next = new Map(map)
  if (value === undefined) next.delete(key)
  else next.set(key, value)
  return next
}

/** What is not over yet: the rest makes place. */
const lasting = <V extends { readonly until?: number | undefined }>(map: Rows<V>, at: number): Rows<V> =>
  new Map([...map].filter(([, { until = Infinity }]) => until > at))

/** A person with another standing; one that says nothing is not kept. */
function stand(room: Room, user: string, change: Standing): Rows<Standing> {
  const { role, mutedUntil }: Standing = { ...room.people.get(user), ...change }
  const kept = { ...(role && { role }), ...(mutedUntil !== undefined && { mutedUntil }) }
  return put(room.people, user, role || mutedUntil !== undefined ? kept : undefined)
}

/** Out of it: without a role and whatever waited for them. */
const without = (room: Room, user: string): Room => ({
  ...room,
  people: stand(room, user, { role: undefined }),
  invited: put(room.invited, user, undefined),
  asked: put(room.asked, user, undefined),
})

/** Without a person; what they did to others was done by nobody. */
function unnamed(room: Room, user: string, as: string): Room {
  const bare = <V>(map: Rows<V>): Rows<V> => put(map, user, undefined)
  const by = <V extends { readonly by: string }>(map: Rows<V>): Rows<V> =>
    new Map([...map].map(([key, value]) => [key, value.by === user ? { ...value, by: as } : value]))
  return {
    ...room,
    owner: room.owner === user ? as : room.owner,
    people: bare(room.people),
    invited: by(bare(room.invited)),
    asked: bare(room.asked),
    banned: by(bare(room.banned)),
    links: by(room.links),
  }
}

/** Whether anything of a group names a person, beside that they may be a member. */
export function namesIn(room: Room, user: string): boolean {
  const { owner, people, invited, asked, banned, links } = room
  const done = [invited, banned, links].flatMap((map) => [...map.values()])
  return (
    owner === user ||
    [people, invited, asked, banned].some((map) => map.has(user)) ||
    done.some(({ by }) => by === user)
  )
}

/** A link that let somebody in. */
function used(room: Room, link: string | undefined): Rows<Link> {
  const known = link === undefined ? undefined : room.links.get(link)
  if (!known || known.left === undefined) return room.links
  return put(room.links, link!, known.left > 1 ? { ...known, left: known.left - 1 } : undefined)
}

/** The group before anything happened in it but that it was made. */
export const founded = (by: string, kind: Room['kind'], settings: Settings): Room => ({
  kind,
  owner: by,
  settings,
  people: new Map(),
  invited: new Map(),
  asked: new Map(),
  banned: new Map(),
  links: new Map(),
  dissolved: false,
})

/** What a group is behind an event. `at` is the time of its entry, ms. */
export function after(room: Room, event: Happening, at: number): Room {
  switch (event.what) {
    case 'created':
      return founded(event.by, event.kind, event.settings)
    case 'invited':
      return { ...room, invited: put(lasting(room.invited, at), event.user, { by: event.by, until: event.until }) }
    case 'uninvited':
      return { ...room, invited: put(room.invited, event.user, undefined) }
    case 'asked':
      return { ...room, asked: put(room.asked, event.user, { at, ...(event.note && { note: event.note }) }) }
    case 'refused':
      return { ...room, asked: put(room.asked, event.user, undefined) }
    case 'joined':
      return { ...without(room, event.user), links: used(room, event.link) }
    case 'left':
    case 'kicked':
      return without(room, event.user)
    case 'banned':
      return { ...without(room, event.user), banned: put(room.banned, event.user, { by: event.by, at }) }
    case 'unbanned':
      return { ...room, banned: put(room.banned, event.user, undefined) }
    case 'role':
      return { ...room, people: stand(room, event.user, { role: event.role }) }
    case 'muted':
      return { ...room, people: stand(room, event.user, { mutedUntil: event.until }) }
    case 'unmuted':
      return { ...room, people: stand(room, event.user, { mutedUntil: undefined }) }
    case 'set':
      return { ...room, settings: { ...room.settings, ...(event.settings as Partial<Settings>) } }
    case 'transferred': {
      const people = put(stand(room, event.by, { role: 'admin' }), event.user, undefined)
      return { ...room, owner: event.user, people }
    }
    case 'linked': {
      const { by, until, uses: left } = event
      const link = { by, at, ...(until !== undefined && { until }), ...(left !== undefined && { left }) }
      return { ...room, links: put(lasting(room.links, at), event.link, link) }
    }
    case 'unlinked':
      return { ...room, links: put(room.links, event.link, undefined) }
    case 'erased':
      return unnamed(room, event.user, event.as)
    case 'dissolved':
      return { ...room, dissolved: true }
    case 'closed':
      return room
  }
}

/** To what somebody is invited, as long as it holds. */
export function invitationOf(room: Room | undefined, user: string, now: number) {
  const mine = room?.invited.get(user)
  if (!room || !mine || room.dissolved || mine.until <= now) return undefined
  return { kind: room.kind, name: room.settings.name, by: mine.by, until: mine.until }
}
