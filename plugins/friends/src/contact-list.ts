import { newId, NatterErrors } from '@natter/core'
import type { Records, RowFor } from '@natter/core/contract'
import { changesAfter, groupsOf, topics } from './books.js'
import type { Books } from './books.js'
import { FriendsErrors } from './contract.js'
import type { card, Contact, FriendGroup, pair, Privacy } from './contract.js'
import { keyOf, seenBy, shown } from './seen.js'
import type { PairRow, Seen } from './seen.js'
import type { Settings } from './settings.js'

interface ListParts {
  readonly rows: Records<typeof pair>
  readonly cards: Records<typeof card>
  readonly books: Books
  readonly settings: Settings
  readonly mostGroups: number
}
type Card = RowFor<typeof card>

/** What `friends.sync` answers. */
interface Synced {
  readonly version: number
  readonly reset: boolean
  readonly contacts: Contact[]
  readonly gone: string[]
  readonly groups?: FriendGroup[]
  readonly privacy?: Privacy
  readonly next?: string
}

const perPage = 200

/** A person's own list: friends, requests, blocks, with what they note of each. */
export class ContactList {
  readonly #parts: ListParts

  constructor(parts: ListParts) {
    this.#parts = parts
  }

  async sync(
    me: string,
    { after, page }: { readonly after?: number | undefined; readonly page?: string | undefined },
  ): Promise<Synced> {
    if (page !== undefined) return this.#page(me, page)
    const { books, settings } = this.#parts
    const row = await books.get(me)
    const changes = after === undefined ? undefined : changesAfter(row, after)
    const version = row?.version ?? 0
    if (!changes) {
      const [first, privacy] = await Promise.all([this.#page(me, `${version}.a.`), settings.read(me)])
      return { ...first, groups: [...groupsOf(row)], privacy }
    }
    const others = changes.filter((what) => !what.startsWith('+'))
    const contacts = await this.#contacts(me, await this.#pairsWith(me, others))
    const there = new Set(contacts.map(({ user }) => user))
    return {
      version,
      reset: false,
      contacts,
      gone: others.filter((other) => !there.has(other)),
      ...(changes.includes(topics.groups) ? { groups: [...groupsOf(row)] } : {}),
      ...(changes.includes(topics.privacy) ? { privacy: await settings.read(me) } : {}),
    }
  }

  /** A page of the whole list. What changes meanwhile is told after the version at which the list was begun. */
  async #page(me: string, place: string): Promise<Synced> {
    const [, began, half, cursor] = /^(\d{1,16})\.([ab])\.([A-Za-z0-9_-]*)$/.exec(place) ?? []
    if (began === undefined)
      throw NatterErrors.INVALID({ details: [{ path: 'page', message: 'is no page of a list' }] })
    const options = { limit: perPage, ...(cursor ? { after: cursor } : {}) }
    const found = await (half === 'a'
      ? this.#parts.rows.page({ a: me }, options)
      : this.#parts.rows.page({ b: me }, options))
    const next = found.next !== undefined ? `${half}.${found.next}` : half === 'a' ? 'b.' : undefined
    return {
      version: Number(began),
      reset: true,
      contacts: await this.#contacts(me, found.rows),
      gone: [],
      ...(next === undefined ? {} : { next: `${began}.${next}` }),
    }
  }

  async #pairsWith(me: string, others: readonly string[]): Promise<readonly PairRow[]> {
    if (others.length === 0) return []
    const { rows } = this.#parts
    const limit = others.length
    const found = await Promise.all([
      rows.page({ a: me, b: { in: others } }, { limit }),
      rows.page({ b: me, a: { in: others } }, { limit }),
    ])
    return found.flatMap((page) => page.rows)
  }

  async #contacts(me: string, pairs: readonly PairRow[]): Promise<Contact[]> {
    return this.#noted(
      me,
      pairs.flatMap((row) => {
        const contact = shown(seenBy(me, row))
        return contact ? [{ user: row.a === me ? row.b : row.a, ...contact }] : []
      }),
    )
  }

  /** With what I noted of those who are friends. */
  async #noted(me: string, mine: readonly Contact[]): Promise<Contact[]> {
    const friends = mine.filter(({ is }) => is === 'friend').map(({ user }) => user)
    const cards = await this.#cards(me, friends)
    return mine.map((contact) => ({
      ...contact,
      ...notes(contact.is === 'friend' ? cards.get(contact.user) : undefined),
    }))
  }

  async #cards(me: string, others: readonly string[]): Promise<ReadonlyMap<string, Card>> {
    if (others.length === 0) return new Map()
    const { rows } = await this.#parts.cards.page({ user: me, other: { in: others } }, { limit: others.length })
    return new Map(rows.map((row) => [row.other, row]))
  }

  /** A person as they are in my list. @throws NATTER_NOT_FOUND where they are not */
  async contact(me: string, other: string, seen: Seen): Promise<Contact> {
    const contact = shown(seen)
    if (!contact) throw NatterErrors.NOT_FOUND()
    const [noted] = await this.#noted(me, [{ user: other, ...contact }])
    return noted!
  }

  /** Notes something of a friend. @throws NATTER_NOT_FOUND for who is none */
  async note(
    me: string,
    other: string,
    noted: { readonly remark?: string | undefined } | { readonly groups: readonly string[] },
  ): Promise<Contact> {
    const { rows, cards, books } = this.#parts
    const row = await rows.get(keyOf(me, other))
    const seen = row && seenBy(me, row)
    if (seen?.is !== 'friend') throw NatterErrors.NOT_FOUND()
    const change = () => cards.updateIf({ user: me, other }, noted)
    const first = { user: me, other, ...withoutAbsent(noted) }
    if (!(await change()) && (await cards.insert(first)) === 'exists') await change()
    await books.note(me, other)
    return this.contact(me, other, seen)
  }

  /** Puts a friend into these groups and no other. @throws NATTER_NOT_FOUND */
  async assign(me: string, other: string, groups: readonly string[]): Promise<Contact> {
    const mine = new Set(groupsOf(await this.#parts.books.get(me)).map(({ id }) => id))
    if (groups.some((group) => !mine.has(group))) throw NatterErrors.NOT_FOUND()
    return this.note(me, other, { groups: [...new Set(groups)] })
  }

  async createGroup(me: string, name: string): Promise<FriendGroup> {
    let made: FriendGroup = { id: newId(), name }
    await this.#parts.books.regroup(me, (groups) => {
      const same = groups.find((group) => group.name === name)
      if (same) made = same
      else if (groups.length >= this.#parts.mostGroups) throw FriendsErrors.TOO_MANY()
      return same ? undefined : [...groups, made]
    })
    return made
  }

  async renameGroup(me: string, id: string, name: string): Promise<FriendGroup> {
    await this.#parts.books.regroup(me, (groups) => {
      const group = groups.find((each) => each.id === id)
      if (!group) throw NatterErrors.NOT_FOUND()
      if (groups.some((each) => each.name === name && each.id !== id)) throw FriendsErrors.GROUP_EXISTS()
      return group.name === name ? undefined : groups.map((each) => (each.id === id ? { id, name } : each))
    })
    return { id, name }
  }

  async deleteGroup(me: string, id: string): Promise<void> {
    await this.#parts.books.regroup(me, (groups) =>
      groups.some((each) => each.id === id) ? groups.filter((each) => each.id !== id) : undefined,
    )
  }
}

/** What a card adds. Groups that are gone stay on it, and mean nothing: their ids come never again. */
function notes(row: Card | undefined): { readonly remark?: string; readonly groups?: string[] } {
  const groups = (row?.groups ?? []) as string[]
  return {
    ...(row?.remark === undefined ? {} : { remark: row.remark }),
    ...(groups.length === 0 ? {} : { groups }),
  }
}

const withoutAbsent = (noted: object) =>
  Object.fromEntries(Object.entries(noted).filter(([, value]) => value !== undefined)) as Partial<Card>
