import type { EntryPage } from '@natter/core/contract'
import type { PageAsk } from '../log-verbs.js'
import type { Task } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

/** An entry as it travels: see `entryText` of the core. */
const wireEntry = `concat('[', e.seq, ',', e.n, ',"', coalesce(e.sender, ''), '",', e.at, ',"', e.client, '",', if(e.body = '', '{}', e.body),
  if(e.changed > 0, concat(',', e.changed), ''), ']')`

/**
 * A page in one statement: the right to read it, the comparison with what the reader holds, and each entry as its text. A
 * page without entries is one row that has none.
 *
 * Places are dense, so both ends of a page are known: a range is read, whatever way the server would go about an order and a
 * limit. Which of them fit is found without their bodies, because a temporary table of texts is one on the disk.
 */
export function mysqlPage(tables: TableNames): (ask: PageAsk) => Task<EntryPage | undefined> {
  const entry = quoted(tables, 'entry')
  const page = (dir: 'asc' | 'desc', between: string, reset: string) => `
    select p.head, p.floor, p.reset, if(p.seq is null, null, ${wireEntry}) from (
      select t.*, sum(t.size) over (order by t.seq ${dir} rows unbounded preceding) as total,
        row_number() over (order by t.seq ${dir}) as place
      from (select c.num, c.head, m.floor, ${reset} as reset, i.seq, octet_length(i.body) as size
        from ${quoted(tables, 'conversation')} c force index (conversation_id)
        straight_join ${quoted(tables, 'member')} m force index (primary) on m.conv = c.num and m.person = ?
        left join ${entry} i force index (primary) on i.conv = c.num and i.seq between ${between}
        where c.id = ? and m.left_at = 0) t) p
    left join ${entry} e force index (primary) on e.conv = p.num and e.seq = p.seq
    where p.place = 1 or p.total <= ? order by p.seq`
  const differs = `? > m.floor and not exists (
    select 1 from ${entry} h force index (primary) where h.conv = c.num and h.seq = ? and h.client = ?)`
  const up = 'greatest(m.floor, ?) + 1 and greatest(m.floor, ?) + ?'
  const sql = {
    newest: page('desc', 'greatest(m.floor, c.head - ?) + 1 and c.head', '0'),
    down: page('desc', 'greatest(m.floor + 1, least(?, c.head + 1) - ?) and ? - 1', '0'),
    up: page('asc', up, '0'),
    upHolding: page('asc', up, differs),
  }
  return ({ user, conversation, before, after, holds, limit, bytes }) => {
    const rest = [conversation, bytes]
    const above = [after ?? 0, after ?? 0, limit, ...rest]
    const query =
      after !== undefined && holds !== undefined
        ? { sql: sql.upHolding, bindings: [after, after, holds, user, ...above] }
        : after !== undefined
          ? { sql: sql.up, bindings: [user, ...above] }
          : before !== undefined
            ? { sql: sql.down, bindings: [user, before, limit, before, ...rest] }
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
