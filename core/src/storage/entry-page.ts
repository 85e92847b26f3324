import type { EntryPage, EntryPageOptions, Log, LogEntry } from '../contract/storage.js'

/** An entry as it travels. The body is spliced in as it is stored; ids are of a set without escapes. */
export function entryText(entry: LogEntry): string {
  const changed = entry.changedBy === undefined ? '' : `,${entry.changedBy}`
  return `[${entry.seq},${entry.n},"${entry.from}",${entry.at},"${entry.clientId}",${entry.body === '' ? '{}' : entry.body}${changed}]`
}

/** A page by the verbs that every log has, for those that have none of their own. */
export async function pageByVerbs(
  log: Log,
  user: string,
  conversation: string,
  { before, after, holds, limit, bytes }: EntryPageOptions,
): Promise<EntryPage | undefined> {
  const reach = async () => {
    const state = await log.state(user, conversation)
    return state && !state.me.left ? { head: state.seq, first: state.me.floor + 1 } : undefined
  }
  const text = (entries: readonly LogEntry[]) => entries.map(entryText).join(',')
  if (after === undefined) {
    const reached = await reach()
    if (!reached) return undefined
    const { head, first } = reached
    const to = Math.min(head, before === undefined ? head : before - 1)
    const found = to < first ? [] : await log.range(conversation, { from: first, to, limit, bytes, dir: 'desc' })
    return { entries: text(found), head, first, reset: false }
  }
  const range = (from: number, count: number) =>
    log.range(conversation, { from, to: Number.MAX_SAFE_INTEGER, limit: Math.min(count, 500), bytes })
  // The entry that the reader holds is read along with those behind it, and compared. All of it is asked for along with
  // the right to read it: who has none gets none of it.
  const asked = holds === undefined || after === 0 ? { from: after + 1, limit } : { from: after, limit: limit + 1 }
  const [reached, guessed] = await Promise.all([reach(), range(asked.from, asked.limit)])
  if (!reached) return undefined
  const { head, first } = reached
  const compare = holds !== undefined && after >= first
  const from = compare ? after : Math.max(first, after + 1)
  // What is appended between the two reads is beyond the head that is told.
  const entries = (from === asked.from ? guessed : await range(from, limit)).filter(({ seq }) => seq <= head)
  if (!compare) return { entries: text(entries), head, first, reset: false }
  const held = entries[0]
  if (held?.seq !== after || held.clientId !== holds) return { entries: '', head, first, reset: true }
  return { entries: text(entries.slice(1)), head, first, reset: false }
}
