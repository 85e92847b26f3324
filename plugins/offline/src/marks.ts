import { NatterErrors } from '@natter/core'
import type { Runner, userShow } from '@natter/core'
import type { ConversationState, Storage } from '@natter/core/contract'
import { isDenied } from '@natter/core/contract'
import type { MembershipCache } from './membership-cache.js'
import { ownState, ownUnread } from './place.js'
import { readable } from './resume.js'
import type { SettingRow } from './setting-row.js'
import type { Shelf } from './shelf.js'

/** Where somebody is in a conversation; `n` and `unread` are for their own devices. */
export interface Standing {
  readonly read: number
  readonly received: number
  readonly n: number
  readonly unread: number
}
interface MarksParts {
  readonly storage: Pick<Storage, 'log'>
  readonly shelf: Shelf
  readonly members: MembershipCache
  readonly show: Runner<typeof userShow>
  /** Tells the person's own devices. */
  readonly toOwn: (user: string, conversation: string, standing: Standing) => void
  /** Tells others. */
  readonly toOthers: (
    users: readonly string[],
    marks: { readonly conversation: string; readonly user: string; readonly read: number; readonly received: number },
  ) => void
}
interface Wanted {
  readonly read?: number | undefined
  readonly received?: number | undefined
}

/**
 * A person's marks. What others may know is in the log, from where it reaches them by every way; what they may not know
 * never gets there, and is in the person's own settings.
 */
export class Marks {
  readonly #parts: MarksParts

  constructor(parts: MarksParts) {
    this.#parts = parts
  }

  /** @throws NATTER_NOT_FOUND for who is not in the conversation */
  async raise(user: string, conversation: string, wanted: Wanted): Promise<Standing> {
    const { storage, shelf, toOwn, toOthers } = this.#parts
    const [book, others] = await Promise.all([shelf.book(user), this.#others(user, conversation)])
    const inPrivate = book?.privateRead === true
    const known = others === 'apart' ? {} : inPrivate ? unread(wanted) : wanted
    const marked = await storage.log.mark(conversation, user, given(known))
    if (!marked || marked.member.left) throw NatterErrors.NOT_FOUND()
    const own = others === 'apart' || (inPrivate && wanted.read !== undefined)
    const row = own ? await this.#raiseOwn(user, conversation, wanted) : undefined
    const mine = row?.row ?? (book?.places ? await shelf.row(book, user, conversation) : undefined)
    const { read, received } = marked.member
    const ownRead = Math.max(read, mine?.read ?? 0)
    const standing = {
      read: ownRead,
      received: Math.max(received, ownRead, mine?.received ?? 0),
      n: marked.n,
      unread: ownUnread(marked.n, marked.unread, mine),
    }
    if (marked.moved || row?.moved) toOwn(user, conversation, standing)
    if (marked.moved && others !== 'apart' && others.length > 0) {
      toOthers(others, { conversation, user, read, received })
    }
    return standing
  }

  /** The conversation as the person's own devices see it. */
  async state(user: string, conversation: string): Promise<ConversationState> {
    const { storage, shelf } = this.#parts
    const [state, book] = await Promise.all([readable(storage.log, user, conversation), shelf.book(user)])
    return book?.places ? ownState(state, await shelf.row(book, user, conversation)) : state
  }

  /** Messages up to an entry. */
  async count(state: ConversationState, seq: number): Promise<number> {
    if (seq >= state.seq) return state.n
    if (seq <= 0) return 0
    const [entry] = await this.#parts.storage.log.range(state.conversation, { from: seq, to: seq, limit: 1, bytes: 1 })
    return entry?.n ?? 0
  }

  async #raiseOwn(
    user: string,
    conversation: string,
    wanted: Wanted,
  ): Promise<{ readonly row: SettingRow; readonly moved: boolean }> {
    const state = await readable(this.#parts.storage.log, user, conversation)
    const read = Math.min(wanted.read ?? 0, state.seq)
    const received = Math.min(Math.max(wanted.received ?? 0, read), state.seq)
    const readN = read > state.me.read ? await this.count(state, read) : 0
    return this.#parts.shelf.change(user, conversation, (row) => ({
      ...(read > Math.max(state.me.read, row.read ?? 0) && { read, readN }),
      ...(received > Math.max(state.me.received, row.received ?? 0) && { received }),
    }))
  }

  /** Whom to tell: the other one of two, unless neither may see the other. In larger conversations nobody is told. */
  async #others(user: string, conversation: string): Promise<readonly string[] | 'apart'> {
    const place = await this.#parts.members.get(conversation)
    if (place?.kind !== 'direct') return []
    const others = [...place.users].filter((other) => other !== user)
    for (const to of others) {
      if (isDenied(await this.#parts.show({ user, to, why: 'read' }, undefined))) return 'apart'
    }
    return others
  }
}

const unread = ({ read, received }: Wanted): Wanted => ({ received: Math.max(read ?? 0, received ?? 0) })

const given = ({ read, received }: Wanted) => ({
  ...(read === undefined ? {} : { read }),
  ...(received === undefined ? {} : { received }),
})
