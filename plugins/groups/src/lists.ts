import type { Users } from '@natter/core'
import type { Records } from '@natter/core/contract'
import type { invitation, memberRow } from './contract.js'
import type { LoggedEvent } from './log-events.js'
import type { Room } from './room.js'

interface ListsParts {
  readonly members: Records<typeof memberRow>
  readonly invitations: Records<typeof invitation>
  readonly users: Users
  /** Hears that a person is out. */
  readonly out: (user: string, group: string) => void
  /** Hears that a person is invited, or no longer. */
  readonly invited: (user: string, group: string) => void
}

/** The form of a name by which it is found. */
export const foldName = (name: string): string => name.normalize('NFKC').toLowerCase().slice(0, 64)

/** Rows that are found by what a group does not keep: its members in their order, and to what a person is invited. */
export class Lists {
  readonly #parts: ListsParts

  constructor(parts: ListsParts) {
    this.#parts = parts
  }

  /** Follows an event. One that was followed before, or is older than what a row tells of, changes nothing. */
  async follow(group: string, room: Room, { seq, event }: LoggedEvent): Promise<void> {
    switch (event.what) {
      case 'created':
        return this.#member(group, event.by, seq, 1)
      case 'joined':
        await this.#member(group, event.user, seq, 1)
        return this.#uninvite(event.user, group, seq)
      case 'left':
      case 'kicked':
        await this.#member(group, event.user, seq, 0)
        return this.#parts.out(event.user, group)
      case 'erased':
        // Their rows are removed once all that names them is gone through: until then they tell in which groups that is.
        return this.#member(group, event.user, seq, 0)
      case 'banned': {
        const row = await this.#parts.members.get({ group, user: event.user })
        await this.#member(group, event.user, seq, 0)
        await this.#uninvite(event.user, group, seq)
        // Who was never there is told nothing.
        return row?.in === 1 ? this.#parts.out(event.user, group) : undefined
      }
      case 'invited':
        return this.#invite(event.user, group, seq, room)
      case 'uninvited':
        return this.#uninvite(event.user, group, seq)
      case 'asked':
        // So that a group can be found by who only ever asked.
        return this.#member(group, event.user, seq, 0)
      default:
    }
  }

  async #member(group: string, user: string, seq: number, inside: 0 | 1): Promise<void> {
    const { members, users } = this.#parts
    const key = { group, user }
    if (await members.updateIf({ ...key, seq: { lt: seq } }, { seq, in: inside })) return
    if (inside === 0 && (await members.get(key))) return
    const [profile] = await users.lookup([user])
    const row = { ...key, seq, in: inside, name: foldName(profile?.name ?? '') }
    if ((await members.insert(row)) === 'exists')
      await members.updateIf({ ...key, seq: { lt: seq } }, { seq, in: inside })
  }

  async #invite(user: string, group: string, seq: number, room: Room): Promise<void> {
    // What was followed late may be over by now.
    if (!room.invited.has(user)) return
    await this.#parts.invitations.upsert({ user, group, seq })
    this.#parts.invited(user, group)
  }

  async #uninvite(user: string, group: string, seq: number): Promise<void> {
    const gone = await this.#parts.invitations.take({ user, group, seq: { lt: seq } })
    if (gone) this.#parts.invited(user, group)
  }
}
