import type { EntryPage } from '@natter/core/contract'
import type { PageAsk } from '../log-verbs.js'
import type { Task } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

/** An entry as it travels: see `entryText` of the core. */
const wireEntry = `concat('[', seq, ',', n, ',"', coalesce(sender, ''), '",', at, ',"', client, '",', if(body = '', '{}', body),
  if(changed > 0, concat(',', changed), ''), ']')`

/**
 * A page in one statement: the right to read it, the comparison with what the reader holds, and each entry as its text. A
 * page without entries is one row that has none.
 */
export function mysqlPage(tables: TableNames): (ask: PageAsk) => Task<EntryPage | undefined> {
  const entry = quoted(tables, 'entry')
  const page = (dir: 'asc' | 'desc', between: string, reset: string) => `
    select head, floor, reset, if(seq is null, null, ${wireEntry}) from (
      select t.*, sum(octet_length(t.body)) over (order by t.seq ${dir} rows unbounded preceding) as size,
        row_number() over (order by t.seq ${dir}) as place
      from (select c.head, m.floor, ${reset} as reset, e.seq, e.n, e.sender, e.at, e.client, e.body, e.changed
        from ${quoted(tables, 'conversation')} c force index (conversation_id)
        straight_join ${quoted(tables, 'member')} m force index (primary) on m.conv = c.num and m.person = ?
        left join ${entry} e force index (primary) on e.conv = c.num and ${between}
        where c.id = ? and m.left_at = 0 order by e.seq ${dir} limit ?) t) p
    where place = 1 or size <= ? order by seq`
  const differs = `? > m.floor and not exists (
    select 1 from ${entry} h force index (primary) where h.conv = c.num and h.seq = ? and h.client = ?)`
  const up = 'e.seq > greatest(m.floor, ?)'
  const sql = {
    // places are dense, so both ends are known: a range is read, whatever way the server would go about a descending order
    newest: page('desc', 'e.seq > greatest(m.floor, c.head - ?)', '0'),
    down: page('desc', 'e.seq < ? and e.seq >= greatest(m.floor + 1, least(?, c.head + 1) - ?)', '0'),
    up: page('asc', up, '0'),
    upHolding: page('asc', up, differs),
  }
  return ({ user, conversation, before, after, holds, limit, bytes }) => {
    const rest = [conversation, limit, bytes]
    const query =
      after !== undefined && holds !== undefined
        ? { sql: sql.upHolding, bindings: [after, after, holds, user, after, ...rest] }
        : after !== undefined
          ? { sql: sql.up, bindings: [user, after, ...rest] }
          : before !== undefined
            ? { sql: sql.down, bindings: [user, before, before, limit, ...rest] }
            : { sql: sql.newest, bindings: [user, limit, ...rest] }
    return {
      queries: [query],
      read([outcome]) {
        const rows = outcome!.rows as readonly (readonly [number, number, number, string | null])[]
        if (rows[0] === undefined) return undefined
        const [head, floor, isReset, first] = rows[0]
        const reset = isReset === 1
        const entries = reset || first === null ? '' : rows.map((row) => row[3]).join(',')
        return { entries, head, first: floor + 1, reset }
      },
    }
  }
}
