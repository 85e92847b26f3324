import { peopleAfter, peopleOf } from '@natter/core'
import type { ConversationMembers, PeopleChange } from '@natter/core'
import type { Membership, Storage } from '@natter/core/contract'

/** What was read, and who is no longer in it. */
interface Read {
  readonly now: ConversationMembers
  readonly left: readonly string[]
}

/**
 * Who is in which conversation, as last seen. A stale answer does no harm: the append is conditional on the version, and
 * says `stale` when the membership changed.
 */
export class MembershipCache {
  readonly #known = new Map<string, ConversationMembers>()
  /** Reads under way, so that many who ask cost one; what was forgotten meanwhile is not kept. */
  readonly #reading = new Map<string, Promise<Read | null>>()
  readonly #storage: Pick<Storage, 'log'>
  readonly #max: number

  constructor(storage: Pick<Storage, 'log'>, max = 50_000) {
    this.#storage = storage
    this.#max = max
  }

  get(conversation: string): ConversationMembers | Promise<ConversationMembers | null> {
    return this.#known.get(conversation) ?? this.read(conversation).then((read) => read && read.now)
  }

  /** The members, read again if this person came in since: one row tells that. */
  async with(user: string, conversation: string): Promise<ConversationMembers | null> {
    const found = await this.get(conversation)
    if (!found || found.users.includes(user)) return found
    const state = await this.#storage.log.state(user, conversation)
    if (!state || state.me.left || state.version === found.version) return found
    this.forget(conversation)
    return this.get(conversation)
  }

  /** What is remembered. */
  peek(conversation: string): ConversationMembers | undefined {
    return this.#known.get(conversation)
  }

  forget(conversation: string): void {
    this.#known.delete(conversation)
    this.#reading.delete(conversation)
  }

  /** Goes on from the members of the version that a stored change was judged at; without one, or from others, it forgets. */
  changed(conversation: string, change: PeopleChange, judgedAt: number | undefined): void {
    const before = this.#known.get(conversation)
    this.forget(conversation)
    if (before === undefined || before.version !== judgedAt) return
    const version = judgedAt + (change.leave?.length ?? 0) + (change.join?.length ?? 0)
    this.#known.set(conversation, { ...before, version, users: peopleAfter(before.users, change) })
  }

  /**
   * Reads it from the log. Who joins a read that began before they asked does not hear from it that there is no such
   * conversation: it may have come to be meanwhile, and they may have written in it.
   */
  read(conversation: string): Promise<Read | null> {
    const under = this.#reading.get(conversation)
    return under ? under.then((read) => read ?? this.#underWay(conversation)) : this.#begin(conversation)
  }

  /** What is under way when another has ended began behind it. */
  #underWay(conversation: string): Promise<Read | null> {
    return this.#reading.get(conversation) ?? this.#begin(conversation)
  }

  #begin(conversation: string): Promise<Read | null> {
    const reading = this.#read(conversation)
    this.#reading.set(conversation, reading)
    const over = (read: Read | null) => {
      if (this.#reading.get(conversation) !== reading) return
      this.#reading.delete(conversation)
      if (read) this.#keep(conversation, read.now)
    }
    reading.then(over, () => over(null))
    return reading
  }

  async #read(conversation: string): Promise<Read | null> {
    const found = await this.#storage.log.membership(conversation)
    return found ? readOf(found) : null
  }

  #keep(conversation: string, members: ConversationMembers): void {
    if (this.#known.size >= this.#max) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest!)
    }
    this.#known.set(conversation, members)
  }
}

function readOf({ kind, version, members }: Membership): Read {
  const users = members.filter(({ left }) => !left).map(({ user }) => user)
  const left = members.filter((member) => member.left).map(({ user }) => user)
  return { now: { kind, version, users: peopleOf(users) }, left }
}
