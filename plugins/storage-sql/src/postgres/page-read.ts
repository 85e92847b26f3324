import type { EntryPage } from '@natter/core/contract'
import type { PageAsk } from '../log-verbs.js'
import type { Task } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { one } from './one.js'
import { quoted } from './quoted.js'

/** An entry as it travels: see `entryText` of the core. */
const wireEntry = `'[' || e.seq || ',' || e.n || ',"' || coalesce(e.sender, '') || '",' || e.at || ',"' || e.client || '",' ||
  case e.body when '' then '{}' else e.body end || case when e.changed > 0 then ',' || e.changed else '' end || ']'`

/** A page in one statement: the right to read it, the comparison with what the reader holds, and the entries as one text. */
export function postgresPage(tables: TableNames): (ask: PageAsk) => Task<EntryPage | undefined> {
  const entry = quoted(tables, 'entry')
  const page = (dir: 'asc' | 'desc', from: string, to: string) => `
    select r.head, r.floor, r.reset::int, case when r.reset then '' else (
      select string_agg(e.wire, ',' order by e.seq) from (
        select e.seq, ${wireEntry} as wire,
          sum(octet_length(e.body)) over (order by e.seq ${dir} rows unbounded preceding) as size,
          row_number() over (order by e.seq ${dir} rows unbounded preceding) as place
        from (select e.* from ${entry} e where e.conv = r.num and e.seq between ${from} and ${to}
          order by e.seq ${dir} limit $3) e) e
      where e.place = 1 or e.size <= $4) end
    from (select c.num, c.head, m.floor, coalesce($5::bigint > m.floor and not exists (
        select 1 from ${entry} h where h.conv = c.num and h.seq = $5::bigint and h.client = $6::text), false)
        and $6::text is not null as reset
      from ${quoted(tables, 'conversation')} c
      cross join lateral ${one(quoted(tables, 'member'), 'r.conv = c.num and r.person = $1')} m
      where c.id = $2 and m.left_at = 0) r`
  const up = page('asc', 'greatest(r.floor, $5::bigint) + 1', 'r.head')
  const down = page('desc', 'r.floor + 1', 'least(r.head, $7::bigint - 1)')
  return ({ user, conversation, before, after, holds, limit, bytes }) => {
    const common = [user, conversation, limit, bytes, after ?? null, holds ?? null]
    const query =
      after === undefined ? { sql: down, bindings: [...common, before ?? null] } : { sql: up, bindings: common }
    return {
      queries: [query],
      read([outcome]) {
        const row = outcome!.rows[0]
        if (row === undefined) return undefined
        const [head, floor, reset, entries] = row as readonly [number, number, number, string | null]
        return { entries: entries ?? '', head, first: floor + 1, reset: reset === 1 }
      },
    }
  }
}
