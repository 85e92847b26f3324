import { NatterErrors } from '@natter/core'
import type { ConversationState, LogEntry, Storage } from '@natter/core/contract'
import { ActionsErrors } from './contract.js'
import type { EntryNow } from './contract.js'
import { isDeleted } from './later.js'
import type { AnyBody } from './later.js'
import type { Unsettled } from './unsettled.js'

/** A message that somebody may read, as it stands now. */
export interface Seen {
  readonly me: string
  readonly state: ConversationState
  readonly entry: LogEntry
  /** Empty where its content was erased. */
  readonly body: AnyBody
  /** `text` where the body says no other. */
  readonly type: string
}

interface ReadingParts {
  readonly storage: Pick<Storage, 'log'>
  readonly unsettled: Unsettled
}

/** Reads messages for people, as they stand now. What is not there and what is not theirs to read is one answer. */
export class Reading {
  readonly #parts: ReadingParts

  constructor(parts: ReadingParts) {
    this.#parts = parts
  }

  /** A conversation of theirs. @throws NATTER_NOT_FOUND */
  async place(me: string, conversation: string): Promise<ConversationState> {
    const state = await this.#parts.storage.log.state(me, conversation)
    if (!state || state.me.left) throw NatterErrors.NOT_FOUND()
    return state
  }

  /** @throws NATTER_NOT_FOUND */
  async message(me: string, conversation: string, seq: number): Promise<Seen> {
    const state = await this.place(me, conversation)
    const [seen] = await this.#all(me, state, [seq])
    if (!seen) throw NatterErrors.NOT_FOUND()
    return seen
  }

  /** Those of these entries that are there and theirs to read. @throws NATTER_NOT_FOUND for the conversation */
  async entries(me: string, conversation: string, seqs: readonly number[]): Promise<readonly EntryNow[]> {
    const state = await this.place(me, conversation)
    return (await this.#all(me, state, [...new Set(seqs)])).map(({ entry, body }) => entryNow(entry, body))
  }

  async #all(me: string, state: ConversationState, seqs: readonly number[]): Promise<readonly Seen[]> {
    const { conversation, me: mine } = state
    const readable = seqs.filter((seq) => seq > mine.floor && seq <= state.seq)
    const found = await Promise.all(readable.map((seq) => this.#parts.unsettled.settled(conversation, seq)))
    return found.flatMap((entry) => {
      if (!entry) return []
      const body = entry.body === '' ? {} : (JSON.parse(entry.body) as AnyBody)
      return [{ me, state, entry, body, type: typeof body['type'] === 'string' ? body['type'] : 'text' }]
    })
  }
}

/** What a person wrote and is still there. @throws ACTIONS_CANNOT, ACTIONS_DELETED */
export function mustBeMessage({ entry, body }: Seen): void {
  if (entry.from === 'system') throw ActionsErrors.CANNOT()
  if (entry.body === '' || isDeleted(body)) throw ActionsErrors.DELETED()
}

function entryNow({ seq, n, from, at, clientId, changedBy }: LogEntry, body: AnyBody): EntryNow {
  return { seq, n, from, at, clientId, body: { ...body }, ...(changedBy !== undefined && { changed: changedBy }) }
}
