import type { Binding, Outcome } from '../database.js'
import type { HeadRow, MemberRow } from '../log-verbs.js'
import type { LogSql } from '../server/log-sql.js'
import { stateOf } from '../server/state-of.js'
import type { Task } from '../server/wire.js'
import { one } from './one.js'
import { quoted } from './quoted.js'
import type { TableNames } from '../table-names.js'

type Row = readonly Binding[]

/** Who left sees no further changes than their leaving. */
const seenMark = 'case when m.left_at > 0 then m.mark else greatest(c.mark, m.mark) end'
const memberList = 'json_build_array(o.person, o.floor, o.left_at, o.read, o.received)'

/** The log's reads for PostgreSQL: each is one statement, so it tells of one moment. */
export function postgresLogReads(tables: TableNames): LogSql['reads'] {
  const conversation = quoted(tables, 'conversation')
  const entry = quoted(tables, 'entry')
  const member = quoted(tables, 'member')
  const meta = quoted(tables, 'meta')
  const incarnation = quoted(tables, 'incarnation')

  const members = `(select json_agg(${memberList} order by o.person) from ${member} o where o.conv = c.num)`
  const stateColumns = `c.id, c.kind, c.head, c.n, c.at, c.version, ${seenMark} as seen,
    m.person, m.floor, m.left_at, m.read, m.received, c.num`
  /** What a state tells of entries, for few rows that were chosen. */
  const states = (
    chosen: string,
  ) => `select s.*, k.n, l.n, l.at, e.seq, e.n, e.sender, e.client, e.at, e.body, e.changed,
      case when s.kind = 'direct' then ${members.replace('c.num', 's.num')} end
    from (${chosen}) s
    left join lateral ${one(entry, 's.left_at = 0 and r.conv = s.num and r.seq = greatest(s.read, s.floor)')} k on true
    left join lateral ${one(entry, 's.left_at > 0 and r.conv = s.num and r.seq = s.left_at')} l on true
    left join lateral ${one(entry, 's.left_at = 0 and s.head > s.floor and r.conv = s.num and r.seq = s.head')} e on true
    order by s.seen`
  const joined = `${member} m join ${conversation} c on c.num = m.conv`
  const page = (
    dir: 'asc' | 'desc',
  ) => `select json_agg(json_build_array(seq, n, sender, client, at, body, changed)) from (
      select e.*, sum(octet_length(e.body)) over (order by e.seq ${dir} rows unbounded preceding) as size,
        row_number() over (order by e.seq ${dir} rows unbounded preceding) as place
      from (select e.* from ${conversation} c join ${entry} e on e.conv = c.num
        where c.id = $1 and e.seq between $2 and $3 order by e.seq ${dir} limit $4) e
      order by e.seq ${dir}) e
    where place = 1 or size <= $5`
  const sql = {
    find: `select e.seq, e.n, e.at, e.digest from ${conversation} c
      cross join lateral ${one(entry, 'r.conv = c.num and r.sender = $2 and r.client = $3')} e where c.id = $1`,
    head: `select kind, head, n, at, version from ${conversation} where id = $1`,
    asc: page('asc'),
    desc: page('desc'),
    membership: `select c.kind, c.version, ${members} from ${conversation} c where c.id = $1`,
    state: states(
      `select ${stateColumns} from ${conversation} c
        cross join lateral ${one(member, 'r.conv = c.num and r.person = $1')} m where c.id = $2`,
    ),
    states: states(
      `select ${stateColumns} from ${joined} where m.person = $1 and ${seenMark} > $2 order by seen limit $3`,
    ),
    changed: `select id, head, mark from ${conversation} where mark > $1 order by mark limit $2`,
    latest: `select value from ${meta} where name = 'mark'`,
    holds: `select (not exists (select 1 from ${incarnation} l where l.num > i.num and l.mark < $2))::int
      from ${incarnation} i where i.id = $1`,
  }
  const task = <T>(text: string, bindings: Row, read: (rows: readonly Row[]) => T): Task<T> => ({
    queries: [{ sql: text, bindings }],
    read: (outcomes: readonly Outcome[]) => read(outcomes[0]!.rows),
  })

  return {
    find: (key) => task(sql.find, key, ([row]) => row as never),
    head: (id) => task(sql.head, [id], ([row]) => row as HeadRow | undefined),
    range: ({ conversation: id, from, to, limit, bytes, dir }) =>
      task(sql[dir], [id, from, to, limit, bytes], ([row]) => (row![0] ?? '[]') as string),
    membership: (id) =>
      task(sql.membership, [id], ([row]) => {
        if (row === undefined) return undefined
        const [kind, version, list] = row as readonly [string, number, string | null]
        return { kind, version, members: membersOf(list) }
      }),
    state: ([user, id]) => task(sql.state, [user, id], ([row]) => row && toldOf(row)),
    states: ({ user, after, limit }) => task(sql.states, [user, after, limit], (rows) => rows.map(toldOf)),
    changed: (since) => task(sql.changed, since, (rows) => rows as never),
    latest: () => task(sql.latest, [], ([row]) => row![0] as number),
    holds: ({ incarnation: id, mark }) => task(sql.holds, [id, mark], ([row]) => row?.[0] === 1),
  }
}

const membersOf = (text: string | null) => (text === null ? [] : (JSON.parse(text) as readonly MemberRow[]))

const toldOf = (row: Row) => stateOf(row, membersOf(row[23] as string | null))
