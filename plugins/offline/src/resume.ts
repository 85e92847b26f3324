import { NatterErrors } from '@natter/core'
import type { ConversationState, Log } from '@natter/core/contract'
import { pageByVerbs } from '@natter/core/storage'
import { readCursor, writeCursor } from './cursor.js'
import type { Mentions } from './mentions.js'
import { ownState } from './place.js'
import { isPlace } from './setting-row.js'
import type { Shelf } from './shelf.js'
import { stateText } from './state-text.js'

/** Bytes of body that one page carries at most. */
const pageBytes = 196_608

/**
 * What changed for a user since a cursor, as JSON text. What they read in private or hid moves nothing in the log: such
 * conversations are named behind the others.
 */
export async function syncText(
  { log, shelf, mentions }: { readonly log: Log; readonly shelf: Shelf; readonly mentions: Mentions },
  incarnation: string,
  user: string,
  input: { readonly cursor?: string | undefined; readonly limit: number },
): Promise<string> {
  const given = input.cursor === undefined ? undefined : readCursor(input.cursor)
  // Asked for along with the cursor's right to be believed: a return costs one way to the store, and nearly all are.
  const [holds, since, book] = await Promise.all([
    given !== undefined && log.holds(given),
    log.states(user, { after: given?.mark ?? 0, limit: input.limit }),
    shelf.book(user),
  ])
  const after = holds ? given!.mark : 0
  const states = after === (given?.mark ?? 0) ? since : await log.states(user, { after, limit: input.limit })
  const full = states.length === input.limit
  const known = holds ? given!.version : (book?.version ?? 0)
  const moved = full || !book?.places ? undefined : await shelf.since(book, known, input.limit)
  const named = new Set(states.map(({ conversation }) => conversation))
  const further = (moved?.rows ?? []).filter((row) => isPlace(row) && !named.has(row.conversation))
  const behind = await Promise.all(further.map(({ conversation }) => log.state(user, conversation)))
  const told = [...states, ...behind.filter((state) => state !== undefined)]
  const places = await shelf.places(
    book,
    told.map(({ conversation }) => conversation),
  )
  const cursor = writeCursor({
    incarnation,
    mark: states.at(-1)?.mark ?? after,
    version: full ? known : moved?.more ? moved.rows.at(-1)!.version : (book?.version ?? 0),
  })
  const reset = input.cursor !== undefined && !holds
  const own = told.map((state) => ownState(state, places.get(state.conversation)))
  const mentioned = await mentions.of(user, own)
  const texts = own.map((state) => stateText(state, mentioned.get(state.conversation)))
  return (
    `{"cursor":"${cursor}","more":${full || moved?.more === true},"reset":${reset},` +
    `"conversations":[${texts.join(',')}]}`
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
  const options = {
    limit,
    bytes: pageBytes,
    ...(before !== undefined && { before }),
    ...(after !== undefined && { after }),
    ...(holds !== undefined && { holds }),
  }
  const page = await (log.page?.(user, conversation, options) ?? pageByVerbs(log, user, conversation, options))
  if (!page) throw NatterErrors.NOT_FOUND()
  const { entries, head, first, reset } = page
  return `{"entries":[${entries}],"head":${head},"first":${first}${reset ? ',"reset":true' : ''}}`
}
