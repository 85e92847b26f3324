import type { Storage } from '@natter/core/contract'
import type { ConversationMembers } from '@natter/core'

/**
 * Who is in which conversation, as last seen. A stale answer does no harm: the append is conditional on the version, and
 * says `stale` when the membership changed.
 */
export class MembershipCache {
  readonly #known = new Map<string, ConversationMembers>()
  readonly #storage: Pick<Storage, 'log'>
  readonly #max: number

  constructor(storage: Pick<Storage, 'log'>, max = 50_000) {
    this.#storage = storage
    this.#max = max
  }

  get(conversation: string): ConversationMembers | Promise<ConversationMembers | null> {
    return this.#known.get(conversation) ?? this.#load(conversation)
  }

  forget(conversation: string): void {
    this.#known.delete(conversation)
  }

  async #load(conversation: string): Promise<ConversationMembers | null> {
    const found = await this.#storage.log.membership(conversation)
    if (!found) return null
    const users = found.members.filter(({ left }) => !left).map(({ user }) => user)
    const members: ConversationMembers = { kind: found.kind, version: found.version, users }
    if (this.#known.size >= this.#max) {
      const [oldest] = this.#known.keys()
      this.#known.delete(oldest!)
    }
    this.#known.set(conversation, members)
    return members
  }
}
