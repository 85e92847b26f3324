import type { Readable } from '@natter/client'
import type { Contact, FriendGroup, Privacy } from '../contract.js'

/** My list as it stands. A person is in one of the four lists, and in `blocked` alone where I have blocked them. */
export interface FriendList {
  /** Whether it was read once; until then it is empty. */
  readonly ready: boolean
  readonly friends: readonly Contact[]
  readonly incoming: readonly Contact[]
  readonly outgoing: readonly Contact[]
  readonly blocked: readonly Contact[]
  readonly groups: readonly FriendGroup[]
  readonly privacy: Privacy | undefined
}

/** What `chat.friends` has beside its calls. */
export interface OwnList {
  readonly list: Readable<FriendList>
  /** A person in my list. */
  contact(user: string): Contact | undefined
}

/** A list without anybody in it. */
export const emptyList: FriendList = {
  ready: false,
  friends: [],
  incoming: [],
  outgoing: [],
  blocked: [],
  groups: [],
  privacy: undefined,
}

/** Sorts people into a list. */
export function friendList(
  contacts: Iterable<Contact>,
  groups: readonly FriendGroup[],
  privacy: Privacy | undefined,
): FriendList {
  const known = new Set(groups.map(({ id }) => id))
  const mine = [...contacts].map((contact) =>
    contact.groups ? { ...contact, groups: contact.groups.filter((id) => known.has(id)) } : contact,
  )
  const of = (is: Contact['is']) => mine.filter((contact) => !contact.blocked && contact.is === is)
  return {
    ready: true,
    friends: of('friend'),
    incoming: of('incoming'),
    outgoing: of('outgoing'),
    blocked: mine.filter(({ blocked }) => blocked),
    groups,
    privacy,
  }
}
