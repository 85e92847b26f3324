import { allStates, NatterErrors } from '@natter/core'
import type { AnyMessage, Conversations, entryHidden, Runner } from '@natter/core'
import { NatterError } from '@natter/core/contract'
import type { ConversationState, Records, RowFor, Storage } from '@natter/core/contract'
import { SearchErrors } from './contract.js'
import type { MessageHit, textRow } from './contract.js'
import { readCursor, writeCursor } from './cursor.js'
import { matchesIn, pieceOf } from './matching.js'
import type { Bodies } from './searchable.js'
import { asked, conversationTerm, fileTerm, senderTerm } from './terms.js'
import type { TextIndex } from './text-index.js'
import { wordsOf } from './words.js'
import type { Word } from './words.js'

type Row = RowFor<typeof textRow>
interface MessagesParts {
  readonly storage: Pick<Storage, 'log'>
  readonly conversations: Pick<Conversations, 'entry'>
  readonly rows: Records<typeof textRow>
  readonly index: TextIndex
  readonly bodies: Bodies
  readonly hidden: Runner<typeof entryHidden>
  /** Candidates that are looked at for one page. */
  readonly looked: number
}
/** What is searched for; see the command. */
export interface Wanted {
  readonly text?: string | undefined
  readonly from?: string | undefined
  readonly in?: string | undefined
  readonly since?: number | undefined
  readonly until?: number | undefined
  readonly hasFile?: true | undefined
  readonly limit: number
  readonly cursor?: string | undefined
}

const mostConversations = 1_000
const rowsAtOnce = 100
/** Rows of the index for one page, with those that are below where somebody came in. */
const rowsAtMost = 5_000

/**
 * Finds messages. The index proposes; what is answered is read as its reader reads it anywhere, and looked through as it stands
 * now: so nobody finds what they may not read, and nothing is found by what it said before.
 */
export class Messages {
  readonly #parts: MessagesParts

  constructor(parts: MessagesParts) {
    this.#parts = parts
  }

  /** @throws NATTER_NOT_FOUND, SEARCH_NOTHING, SEARCH_CURSOR */
  async find(me: string, wanted: Wanted): Promise<{ hits: MessageHit[]; more: boolean; cursor?: string }> {
    const words = wordsOf(wanted.text ?? '')
    if (words.length === 0 && wanted.from === undefined && !wanted.hasFile) throw SearchErrors.NOTHING()
    const behind = wanted.cursor === undefined ? undefined : readCursor(wanted.cursor)
    const places = await this.#places(me, wanted.in)
    const none = { hits: [], more: false }
    if (places.size === 0) return none
    const terms = [
      [...places.keys()].map(conversationTerm),
      ...(wanted.from === undefined ? [] : [[senderTerm(wanted.from)]]),
      ...(wanted.hasFile ? [[fileTerm]] : []),
      ...asked(words).map((term) => [term]),
    ]
    const until = Math.min(wanted.until ?? Number.MAX_SAFE_INTEGER, behind ? behind.at + 1 : Number.MAX_SAFE_INTEGER)
    const where = { at: { gte: wanted.since ?? 0, lt: until } }
    const hits: MessageHit[] = []
    const hidden = new Map<string, ReadonlySet<number>>()
    let [seen, looked] = [0, 0]
    let last: Row | undefined
    const found = (more: boolean) => ({ hits, more, ...(more && last && { cursor: writeCursor(last) }) })
    for (let after: string | undefined; ;) {
      const options = { limit: rowsAtOnce, dir: 'desc' as const, ...(after === undefined ? {} : { after }) }
      const page = await this.#parts.rows.match!(terms, where, options)
      for (const row of page.rows) {
        seen++
        // Below where they came in nothing is theirs: it must not even show in where a search ends.
        const floor = places.get(row.conversation)?.me.floor
        if (floor === undefined || row.seq <= floor || (behind && !isBehind(row, behind))) continue
        last = row
        looked++
        const hit = await this.#look(me, row, wanted, words, hidden)
        if (hit) hits.push(hit)
        if (hits.length === wanted.limit || looked >= this.#parts.looked) return found(true)
      }
      after = page.next
      if (after === undefined) return found(false)
      if (seen >= rowsAtMost) return found(last !== undefined)
    }
  }

  /** The conversations that they are in, at most so many: those in which something happened last. */
  async #places(me: string, only: string | undefined): Promise<ReadonlyMap<string, ConversationState>> {
    const { log } = this.#parts.storage
    const places = new Map<string, ConversationState>()
    if (only !== undefined) {
      const state = await log.state(me, only)
      if (!state || state.me.left) throw NatterErrors.NOT_FOUND()
      return places.set(only, state)
    }
    for await (const state of allStates(log, me)) {
      places.delete(state.conversation)
      if (state.me.left) continue
      places.set(state.conversation, state)
      if (places.size > mostConversations) places.delete(places.keys().next().value!)
    }
    return places
  }

  async #look(
    me: string,
    row: Row,
    wanted: Wanted,
    words: readonly Word[],
    hidden: Map<string, ReadonlySet<number>>,
  ): Promise<MessageHit | undefined> {
    const { conversation, seq } = row
    const message = await this.#message(me, row)
    if (!message || message.from === 'system' || message.from === '') return undefined
    const { text, hasFile } = await this.#parts.bodies(message.type, { ...message })
    const matches = matchesIn(text, words)
    const { from, at, clientId, type } = message
    const meets =
      matches !== undefined &&
      (text !== '' || hasFile) &&
      (wanted.from === undefined || wanted.from === from) &&
      (!wanted.hasFile || hasFile) &&
      (wanted.since === undefined || at >= wanted.since) &&
      (wanted.until === undefined || at < wanted.until)
    if (!meets) return undefined
    let gone = hidden.get(conversation)
    if (!gone)
      hidden.set(conversation, (gone = new Set(await this.#parts.hidden({ user: me, conversation }, undefined))))
    if (gone.has(seq)) return undefined
    return { conversation, seq, from, at, clientId, type, ...pieceOf(text, matches), hasFile }
  }

  /** As it stands now, if it is theirs to read: the rule of history, and no other. */
  async #message(me: string, { conversation, seq }: Row): Promise<AnyMessage | undefined> {
    try {
      return await this.#parts.conversations.entry(me, `${conversation}/${seq}`)
    } catch (error) {
      if (NatterError.is(error) && error.code === NatterErrors.NOT_FOUND.code) return undefined
      throw error
    }
  }
}

/** Whether a row comes after the one that a page ended with: by time, then by its key, all descending. */
function isBehind(
  row: Row,
  end: { readonly at: number; readonly conversation: string; readonly seq: number },
): boolean {
  if (row.at !== end.at) return row.at < end.at
  return row.conversation === end.conversation ? row.seq < end.seq : row.conversation < end.conversation
}
