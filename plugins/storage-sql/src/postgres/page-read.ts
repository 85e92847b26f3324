import type { PageAsk } from '../log-verbs.js'
import type { PageSql } from '../server/log-sql.js'
import type { TableNames } from '../table-names.js'
import type { Outcome } from '../database.js'
import { one } from './one.js'
import { quoted } from './quoted.js'

/** An entry as it travels: see `entryText` of the core. */
const wireEntry = `'[' || e.seq || ',' || e.n || ',"' || coalesce(e.sender, '') || '",' || e.at || ',"' || e.client || '",' ||
  case e.body when '' then '{}' else e.body end || case when e.changed > 0 then ',' || e.changed else '' end || ']'`

/**
 * A page in one statement: the right to read it, the comparison with what the reader holds, and the entries as one text.
 * Places are dense, so both ends of a page are known.
 */
export function postgresPage(tables: TableNames): PageSql {
  const entry = quoted(tables, 'entry')
  const reach = `(select c.num, c.head, m.floor, coalesce($4::bigint > m.floor and not exists (
      select 1 from ${entry} h where h.conv = c.num and h.seq = $4::bigint and h.client = $5::text), false)
      and $5::text is not null as reset
    from ${quoted(tables, 'conversation')} c
    cross join lateral ${one(quoted(tables, 'member'), 'r.conv = c.num and r.person = $1')} m
    where c.id = $2 and m.left_at = 0)`
  const page = (chosen: string, limits = '') => `
    select r.head, r.floor, r.reset::int, p.entries, p.size from ${reach} r
    cross join lateral (select string_agg(e.wire, ',') as entries, sum(e.bytes) as size
      from (${chosen}) e ${limits}) p`
  const wired = `e.seq, ${wireEntry} as wire, octet_length(e.body) as bytes`
  const between = {
    up: 'not r.reset and e.seq between greatest(r.floor, $4::bigint) + 1 and least(r.head, greatest(r.floor, $4::bigint) + $3::bigint)',
    down: 'not r.reset and e.seq between greatest(r.floor, least(r.head, $6::bigint - 1) - $3::bigint) + 1 and least(r.head, $6::bigint - 1)',
  }
  const whole = (dir: 'up' | 'down') =>
    page(`select ${wired} from ${entry} e where e.conv = r.num and ${between[dir]} order by e.seq`)
  const fitting = (dir: 'up' | 'down', order: 'asc' | 'desc', bytes: string) =>
    page(
      `select e.*, sum(e.bytes) over (order by e.seq ${order} rows unbounded preceding) as total,
        row_number() over (order by e.seq ${order} rows unbounded preceding) as place
      from (select ${wired} from ${entry} e where e.conv = r.num and ${between[dir]}) e order by e.seq`,
      `where e.place = 1 or e.total <= ${bytes}`,
    )
  const sql = {
    whole: { up: whole('up'), down: whole('down') },
    fitting: { up: fitting('up', 'asc', '$6::bigint'), down: fitting('down', 'desc', '$7::bigint') },
  }
  const query = (way: keyof typeof sql, ask: PageAsk) => {
    const { user, conversation, before, after, holds, limit, bytes } = ask
    const common = [user, conversation, limit, after ?? null, holds ?? null]
    const most = way === 'fitting' ? [bytes] : []
    return after === undefined
      ? { sql: sql[way].down, bindings: [...common, before ?? null, ...most] }
      : { sql: sql[way].up, bindings: [...common, ...most] }
  }
  const read = ([outcome]: readonly Outcome[]) => {
    const row = outcome!.rows[0]
    if (row === undefined) return undefined
    const [head, floor, reset, entries, size] = row as readonly [number, number, number, string | null, number | null]
    return { size: size ?? 0, page: { entries: entries ?? '', head, first: floor + 1, reset: reset === 1 } }
  }
  return {
    whole: (ask) => ({
      queries: [query('whole', ask)],
      read(outcomes) {
        const found = read(outcomes)
        return found && found.size > ask.bytes ? 'too large' : found?.page
      },
    }),
    fitting: (ask) => ({ queries: [query('fitting', ask)], read: (outcomes) => read(outcomes)?.page }),
  }
}
