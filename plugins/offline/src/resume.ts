import { NatterErrors } from '@natter/core'
import type { ConversationState, Log } from '@natter/core/contract'
import { readCursor, writeCursor } from './cursor.js'
import { entryText, stateText } from './state-text.js'

/** Bytes of body that one page carries at most. */
const pageBytes = 196_608

/** What changed for a user since a cursor, as JSON text. */
export async function syncText(
  log: Log,
  incarnation: string,
  user: string,
  input: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<string> {
  const given = input.cursor === undefined ? undefined : readCursor(input.cursor)
  // Asked for along with the cursor's right to be believed: a return costs one way to the store, and nearly all are.
  const [holds, since] = await Promise.all([
    given !== undefined && log.holds(given),
    log.states(user, { after: given?.mark ?? 0, limit: input.limit }),
  ])
  const after = holds ? given!.mark : 0
  const states = after === (given?.mark ?? 0) ? since : await log.states(user, { after, limit: input.limit })
  const cursor = writeCursor({ incarnation, mark: states.at(-1)?.mark ?? after })
  const reset = input.cursor !== undefined && !holds
  return (
    `{"cursor":"${cursor}","more":${states.length === input.limit},"reset":${reset},` +
    `"conversations":[${states.map(stateText).join(',')}]}`
  )
}

/** A conversation that a user may read. Absent and not theirs are one answer. */
export const readable = async (log: Log, user: string, conversation: string): Promise<ConversationState> =>
  mustRead(await log.state(user, conversation))

function mustRead(state: ConversationState | undefined): ConversationState {
  if (!state || state.me.left) throw NatterErrors.NOT_FOUND()
  return state
}

/** A page of entries, as JSON text. */
export async function pageText(
  log: Log,
  user: string,
  input: {
    readonly conversation: string
    readonly before?: number | undefined
    readonly after?: number | undefined
    readonly holds?: string | undefined
    readonly limit: number
  },
): Promise<string> {
  const { conversation, before, after, holds, limit } = input
  if (after === undefined) {
    const state = await readable(log, user, conversation)
    const head = state.seq
    const first = state.me.floor + 1
    const to = Math.min(head, before === undefined ? head : before - 1)
    const entries =
      to < first ? [] : await log.range(conversation, { from: first, to, limit, bytes: pageBytes, dir: 'desc' })
    return answer(entries.map(entryText), head, first)
  }
  const range = (from: number, limit: number) =>
    log.range(conversation, { from, to: Number.MAX_SAFE_INTEGER, limit, bytes: pageBytes })
  // The entry that the client holds is read along with those behind it, and compared. All of it is asked for along with
  // the right to read it: who has none gets none of it.
  const asked = holds === undefined || after === 0 ? { from: after + 1, limit } : { from: after, limit: limit + 1 }
  const [found, guessed] = await Promise.all([log.state(user, conversation), range(asked.from, asked.limit)])
  const state = mustRead(found)
  const head = state.seq
  const first = state.me.floor + 1
  const compare = holds !== undefined && after >= first
  const from = compare ? after : Math.max(first, after + 1)
  // What is appended between the two reads is beyond the head that is told.
  const entries = (from === asked.from ? guessed : await range(from, limit)).filter(({ seq }) => seq <= head)
  if (!compare) return answer(entries.map(entryText), head, first)
  const held = entries[0]
  if (held?.seq !== after || held.clientId !== holds) return answer([], head, first, true)
  return answer(entries.slice(1).map(entryText), head, first)
}

const answer = (entries: readonly string[], head: number, first: number, reset = false) =>
  `{"entries":[${entries.join(',')}],"head":${head},"first":${first}${reset ? ',"reset":true' : ''}}`
