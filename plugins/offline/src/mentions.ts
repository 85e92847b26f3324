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
    await this.#set(await this.#inside(conversation, namedIn(JSON.parse(body))), conversation, seq, true)
  }

  /** A message says something else now, or nothing: who is mentioned no longer is not, and who is now is. */
  async follow(conversation: string, seq: number, before: unknown, after: unknown): Promise<void> {
    const [then, now] = [namedIn(before), namedIn(after)]
    await this.#set(new Set([...then].filter((who) => !now.has(who))), conversation, seq, false)
    const come = new Set([...now].filter((who) => !then.has(who)))
    await this.#set(await this.#inside(conversation, come), conversation, seq, true)
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

  /** Of these people those who are in the conversation, if it is one of many. */
  async #inside(conversation: string, named: ReadonlySet<string>): Promise<ReadonlySet<string>> {
    if (named.size === 0) return named
    const members = await this.#members.get(conversation)
    if (!members || members.kind === 'direct') return new Set()
    return new Set([...named].filter((who) => who === everybody || members.users.includes(who)))
  }

  async #set(people: ReadonlySet<string>, conversation: string, seq: number, named: boolean): Promise<void> {
    await Promise.all(
      [...people].map((who) =>
        this.#turns.run(`${who} ${conversation}`, () => this.#write(who, conversation, seq, named)),
      ),
    )
  }

  async #write(who: string, conversation: string, seq: number, named: boolean): Promise<void> {
    for (let tries = 0; tries < mostTries; tries++) {
      const row = await this.#rows.get({ who, conversation })
      const known = row ? seqsOf(row) : []
      if (known.includes(seq) === named) return
      const others = known.filter((each) => each !== seq)
      const recent = (named ? [...others, seq] : others).sort((a, b) => a - b).slice(-mostRecent)
      const written = row
        ? await this.#rows.updateIf({ who, conversation, version: row.version }, { recent }, { version: 1 })
        : (await this.#rows.insert({ who, conversation, version: 1, recent })) === 'inserted'
      if (written) return
    }
    throw NatterErrors.BUSY()
  }
}

/** Whom a body mentions, everybody as a row has it. */
function namedIn(body: unknown): ReadonlySet<string> {
  const { mentions } = (body ?? {}) as { readonly mentions?: unknown }
  if (!Array.isArray(mentions)) return new Set()
  return new Set(mentions.slice(0, mostMentions).flatMap((who) => (who === all ? [everybody] : isId(who) ? [who] : [])))
}

const seqsOf = (row: Row) => row.recent as readonly number[]
