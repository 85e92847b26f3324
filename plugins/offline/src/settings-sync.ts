import type { Log, OutputOf } from '@natter/core/contract'
import { readCursor, writeCursor } from './cursor.js'
import { settingOf } from './setting-row.js'
import type { SettingRow } from './setting-row.js'
import type { settings } from './settings-contract.js'
import type { Shelf } from './shelf.js'

const perPage = 200
/** UTF-16 units of drafts in one answer. */
const draftUnits = 131_072

/** A person's settings since a cursor, as `offline.settings` answers. */
export async function settingsSince(
  { log, shelf }: { readonly log: Log; readonly shelf: Shelf },
  incarnation: string,
  user: string,
  cursor: string | undefined,
): Promise<OutputOf<(typeof settings)['output']>> {
  const given = cursor === undefined ? undefined : readCursor(cursor)
  // The mark is of a moment before the settings: a store that is restored to an earlier one is found out by it.
  const [holds, mark] = await Promise.all([given !== undefined && log.holds(given), log.latest()])
  const book = await shelf.book(user)
  const current = book?.version ?? 0
  const after = holds && given!.version <= current ? given!.version : undefined
  const found = await shelf.since(book, after ?? 0, perPage)
  const rows = fitting(found.rows)
  const more = found.more || rows.length < found.rows.length
  // What was written after the book was read may be here with gaps: it is told again.
  const version = more ? Math.min(rows.at(-1)!.version, current) : current
  return {
    cursor: writeCursor({ incarnation, mark, version }),
    version,
    more,
    reset: cursor !== undefined && after === undefined,
    settings: rows.map(settingOf),
    privateRead: book?.privateRead ?? false,
  }
}

/** So many rows as an answer carries, at least one. */
function fitting(rows: readonly SettingRow[]): readonly SettingRow[] {
  let units = 0
  const end = rows.findIndex(({ draft }, i) => (units += draft?.length ?? 0) > draftUnits && i > 0)
  return end === -1 ? rows : rows.slice(0, end)
}
