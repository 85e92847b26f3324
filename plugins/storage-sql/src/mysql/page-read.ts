import type { Outcome } from '../database.js'
import type { PageAsk } from '../log-verbs.js'
import type { PageSql } from '../server/log-sql.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

type Direction = 'asc' | 'desc'

/** An entry as it travels: see `entryText` of the core. */
const wireEntry = `concat('[', e.seq, ',', e.n, ',"', coalesce(e.sender, ''), '",', e.at, ',"', e.client, '",', if(e.body = '', '{}', e.body),
  if(e.changed > 0, concat(',', e.changed), ''), ']')`

type PageRow = readonly [head: number, floor: number, reset: number, entry: string | null, seq: number]

/**
 * A page in one statement: the right to read it, the comparison with what the reader holds, and each entry as its text. A
 * page without entries is one row that has none.
 *
 * Places are dense, so both ends of a page are known: a range is read, whatever way the server would go about an order and a
 * limit. Which of them fit is found without their bodies, because a temporary table of texts is one on the disk.
 */
export function mysqlPage(tables: TableNames): PageSql {
  const entry = quoted(tables, 'entry')
  const reached = `${quoted(tables, 'conversation')} c force index (conversation_id)
    straight_join ${quoted(tables, 'member')} m force index (primary) on m.conv = c.num and m.person = ?`
  const whole = (between: string, reset: string) => `
    select c.head, m.floor, ${reset} as reset, if(e.seq is null, null, ${wireEntry}), e.seq from ${reached}
    left join ${entry} e force index (primary) on e.conv = c.num and e.seq between ${between}
    where c.id = ? and m.left_at = 0`
  const fitting = (between: string, reset: string, dir: Direction) => `
    select p.head, p.floor, p.reset, if(p.seq is null, null, ${wireEntry}), p.seq from (
      select t.*, sum(t.size) over (order by t.seq ${dir} rows unbounded preceding) as total,
        row_number() over (order by t.seq ${dir}) as place
      from (select c.num, c.head, m.floor, ${reset} as reset, e.seq, octet_length(e.body) as size from ${reached}
        left join ${entry} e force index (primary) on e.conv = c.num and e.seq between ${between}
        where c.id = ? and m.left_at = 0) t) p
    left join ${entry} e force index (primary) on e.conv = p.num and e.seq = p.seq
    where p.place = 1 or p.total <= ?`
  const differs = `? > m.floor and not exists (
    select 1 from ${entry} h force index (primary) where h.conv = c.num and h.seq = ? and h.client = ?)`
  const up = 'greatest(m.floor, ?) + 1 and greatest(m.floor, ?) + ?'
  const pages = (page: typeof fitting) => ({
    newest: page('greatest(m.floor, c.head - ?) + 1 and c.head', '0', 'desc'),
    down: page('greatest(m.floor + 1, least(?, c.head + 1) - ?) and ? - 1', '0', 'desc'),
    up: page(up, '0', 'asc'),
    upHolding: page(up, differs, 'asc'),
  })
  const sql = { whole: pages(whole), fitting: pages(fitting) }
  const query = (way: keyof typeof sql, { user, conversation, before, after, holds, limit, bytes }: PageAsk) => {
    const rest = way === 'whole' ? [conversation] : [conversation, bytes]
    const above = [after ?? 0, after ?? 0, limit, ...rest]
    const { newest, down, up, upHolding } = sql[way]
    if (after !== undefined && holds !== undefined) {
      return { sql: upHolding, bindings: [after, after, holds, user, ...above] }
    }
    if (after !== undefined) return { sql: up, bindings: [user, ...above] }
    if (before !== undefined) return { sql: down, bindings: [user, before, limit, before, ...rest] }
    return { sql: newest, bindings: [user, limit, ...rest] }
  }
  const read = ([outcome]: readonly Outcome[]) => {
    // to be asked for an order the server puts the texts into a table on the disk; they are in order, mostly
    const rows = (outcome!.rows as readonly PageRow[]).toSorted((a, b) => a[4] - b[4])
    if (rows[0] === undefined) return undefined
    const [head, floor, isReset, first] = rows[0]
    const reset = isReset === 1
    const entries = reset || first === null ? '' : rows.map((row) => row[3]).join(',')
    return { entries, head, first: floor + 1, reset }
  }
  return {
    whole: (ask) => ({
      queries: [query('whole', ask)],
      read(outcomes) {
        const page = read(outcomes)
        // what all of it fits into, the bodies fit into
        return page && Buffer.byteLength(page.entries) > ask.bytes ? 'too large' : page
      },
    }),
    fitting: (ask) => ({ queries: [query('fitting', ask)], read }),
  }
}
