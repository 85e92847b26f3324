import type { Room } from './room.js'

/** A group as it is stored: the maps as lists, because an id may be the name of anything an object has. */
export const roomJson = (room: Room): unknown => ({
  ...room,
  people: [...room.people],
  invited: [...room.invited],
  asked: [...room.asked],
  banned: [...room.banned],
  links: [...room.links],
})

/** A group as it was stored. */
export function roomOf(json: unknown): Room {
  const stored = json as Room & Record<'people' | 'invited' | 'asked' | 'banned' | 'links', never>
  return {
    ...stored,
    people: new Map(stored.people),
    invited: new Map(stored.invited),
    asked: new Map(stored.asked),
    banned: new Map(stored.banned),
    links: new Map(stored.links),
  }
}
