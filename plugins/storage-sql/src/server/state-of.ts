import type { Binding } from '../database.js'
import type { EntryRow, MemberRow, StateRow } from '../log-verbs.js'

/** A state of a row as both server dialects select it: the conversation, the own membership, three places in the log, the members. */
export function stateOf(row: readonly Binding[], members: readonly MemberRow[]): StateRow {
  const [conversation, kind, seq, n, at, version, mark] = row as readonly [string, string, ...number[]]
  const me = row.slice(7, 12) as unknown as MemberRow
  const [read, thenN, thenAt] = row.slice(13, 16) as readonly number[]
  const last = row.slice(16, 23)
  const common = { conversation, mark: mark!, me, members }
  if (me[2] > 0) {
    // for who left, the conversation stands where it stood then
    return { ...common, head: [kind, me[2], thenN!, thenAt!, version!], unread: 0, last: undefined }
  }
  return {
    ...common,
    head: [kind, seq!, n!, at!, version!],
    unread: n! - (read ?? 0),
    last: last[0] === null ? undefined : (last as unknown as EntryRow),
  }
}
