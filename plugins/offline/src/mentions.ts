import { InTurn, isId, NatterErrors } from '@natter/core'
import type { ConversationState, Records, RowFor } from '@natter/core/contract'
import type { MembershipCache } from './membership-cache.js'
import type { mentionModel } from './settings-contract.js'

type Row = RowFor<typeof mentionModel>

/** How a body says everybody, and how a row does: `*` is in no id. */
const [all, everybody] = ['@all', '*']
const mostRecent = 100
const mostMentions = 50
const mostTries = 200

/** Where people are mentioned: written with the message, before its ack, one row for each who is named. */
export class Mentions {
  readonly #rows: Records<typeof mentionModel>
  readonly #members: MembershipCache
  readonly #turns = new InTurn()

  constructor(rows: Records<typeof mentionModel>, members: MembershipCache) {
    this.#rows = rows
    this.#members = members
  }

  /**
   * Notes whom a stored message mentions; of what is no member nothing is kept. A sender who gets no ack sends again, and
   * so it is made up for.
   */
  async note(conversation: string, seq: number, body: string): Promise<void> {
    const { mentions } = JSON.parse(body) as { readonly mentions?: unknown }
    if (!Array.isArray(mentions)) return
    const members = await this.#members.get(conversation)
    if (!members) return
    const named = [...new Set(mentions.slice(0, mostMentions))].flatMap((who) =>
      who === all ? [everybody] : isId(who) && members.users.includes(who) ? [who] : [],
    )
    await Promise.all(
      named.map((who) => this.#turns.run(`${who} ${conversation}`, () => this.#add(who, conversation, seq))),
    )
  }

  /** The unread messages of these conversations that mention a person, ascending. */
  async of(user: string, states: readonly ConversationState[]): Promise<ReadonlyMap<string, readonly number[]>> {
    const asked = states.filter(({ kind, unread }) => kind !== 'direct' && unread > 0)
    if (asked.length === 0) return new Map()
    const conversation = { in: asked.map((state) => state.conversation) }
    const pages = await Promise.all(
      [user, everybody].map((who) => this.#rows.page({ who, conversation }, { limit: asked.length })),
    )
    const rows = pages.flatMap((page) => page.rows)
    return new Map(
      asked.map(({ conversation: id, me, seq: head }) => {
        const from = Math.max(me.read, me.floor)
        const seqs = rows.flatMap((row) => (row.conversation === id ? seqsOf(row) : []))
        const unread = [...new Set(seqs)].filter((seq) => seq > from && seq <= head)
        return [id, unread.sort((a, b) => a - b).slice(-mostRecent)] as const
      }),
    )
  }

  async #add(who: string, conversation: string, seq: number): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const row = await this.#rows.get({ who, conversation })
      const known = row ? seqsOf(row) : []
      if (known.includes(seq)) return
      const recent = [...known, seq].sort((a, b) => a - b).slice(-mostRecent)
      const written = row
        ? await this.#rows.updateIf({ who, conversation, version: row.version }, { recent }, { version: 1 })
        : (await this.#rows.insert({ who, conversation, version: 1, recent })) === 'inserted'
      if (written) return
    }
    throw NatterErrors.BUSY()
  }
}

const seqsOf = (row: Row) => row.recent as readonly number[]
