import type { Binding, Outcome } from '../database.js'
import { smallPage } from '../log-verbs.js'
import type { EntryRow, HeadRow, MemberRow } from '../log-verbs.js'
import type { LogSql } from '../server/log-sql.js'
import { stateOf } from '../server/state-of.js'
import type { Task } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { quoted } from './quoted.js'

type Row = readonly Binding[]

/** Who left sees no further changes than their leaving. */
const seenMark = 'if(m.left_at > 0, m.mark, greatest(c.mark, m.mark))'

/** The log's reads for MySQL and MariaDB: each is one statement, so it tells of one moment. */
export function mysqlLogReads(tables: TableNames): LogSql['reads'] {
  const conversation = quoted(tables, 'conversation')
  const entry = quoted(tables, 'entry')
  const member = quoted(tables, 'member')
  const meta = quoted(tables, 'meta')
  const incarnation = quoted(tables, 'incarnation')

  const members = `(select json_arrayagg(json_array(o.person, o.floor, o.left_at, o.\`read\`, o.received))
    from ${member} o where o.conv = s.num)`
  const stateColumns = `c.id, c.kind, c.head, c.n, c.at, c.version, ${seenMark} as seen,
    m.person, m.floor, m.left_at, m.\`read\`, m.received, c.num`
  const joined = `${member} m force index (member_person) straight_join ${conversation} c force index (primary) on c.num = m.conv`
  /** What a state tells of entries, for few rows that were chosen. */
  const states = (
    chosen: string,
  ) => `select s.*, k.n as kn, l.n as ln, l.at as lat, e.seq, e.n as en, e.sender, e.client,
      e.at as eat, e.body, e.changed, if(s.kind = 'direct', ${members}, null)
    from (${chosen}) s
    left join ${entry} k on s.left_at = 0 and k.conv = s.num and k.seq = greatest(s.\`read\`, s.floor)
    left join ${entry} l on s.left_at > 0 and l.conv = s.num and l.seq = s.left_at
    left join ${entry} e on s.left_at = 0 and s.head > s.floor and e.conv = s.num and e.seq = s.head
    order by s.seen`
  const between = (
    dir: 'asc' | 'desc',
    columns: string,
  ) => `select ${columns} from ${conversation} c force index (conversation_id)
      straight_join ${entry} e force index (primary) on e.conv = c.num
      where c.id = ? and e.seq between ? and ? order by e.seq ${dir} limit ?`
  const whole = (dir: 'asc' | 'desc') => between(dir, 'e.seq, e.n, e.sender, e.client, e.at, e.body, e.changed')
  const fitting = (dir: 'asc' | 'desc') => `select seq, n, sender, client, at, body, changed from (
      select e.*, sum(octet_length(e.body)) over (order by e.seq ${dir} rows unbounded preceding) as size,
        row_number() over (order by e.seq ${dir}) as place
      from (${between(dir, 'e.*')}) e) p
    where place = 1 or size <= ? order by seq ${dir}`
  const sql = {
    find: `select e.seq, e.n, e.at, e.digest from ${conversation} c force index (conversation_id)
      straight_join ${entry} e force index (entry_key) on e.conv = c.num and e.sender = ? and e.client = ? where c.id = ?`,
    head: `select kind, head, n, at, version from ${conversation} where id = ?`,
    whole: { asc: whole('asc'), desc: whole('desc') },
    fitting: { asc: fitting('asc'), desc: fitting('desc') },
    membership: `select c.kind, c.version, m.person, m.floor, m.left_at, m.\`read\`, m.received
      from ${conversation} c left join ${member} m on m.conv = c.num where c.id = ? order by m.person`,
    state: states(`select ${stateColumns} from ${conversation} c force index (conversation_id)
      straight_join ${member} m force index (primary) on m.conv = c.num and m.person = ? where c.id = ?`),
    states: states(
      `select ${stateColumns} from ${joined} where m.person = ? and ${seenMark} > ? order by seen limit ?`,
    ),
    changed: `select id, head, mark from ${conversation} force index (conversation_mark) where mark > ? order by mark limit ?`,
    latest: `select value from ${meta} where name = 'mark'`,
    holds: `select not exists (select 1 from ${incarnation} l where l.num > i.num and l.mark < ?)
      from ${incarnation} i where i.id = ?`,
  }
  const task = <T>(text: string, bindings: Row, read: (rows: readonly Row[]) => T): Task<T> => ({
    queries: [{ sql: text, bindings }],
    read: (outcomes: readonly Outcome[]) => read(outcomes[0]!.rows),
  })

  return {
    find: ([id, from, clientId]) => task(sql.find, [from, clientId, id], ([row]) => row as never),
    head: (id) => task(sql.head, [id], ([row]) => row as HeadRow | undefined),
    range({ conversation: id, from, to, limit, bytes, dir }) {
      const asked = [id, from, to, limit]
      // what counts their bytes in the server makes a table on the disk of the texts, which costs more than some too many
      return limit > smallPage
        ? task(sql.fitting[dir], [...asked, bytes], entriesOf)
        : task(sql.whole[dir], asked, (rows) => entriesWithin(bytes, entriesOf(rows)))
    },
    membership: (id) =>
      task(sql.membership, [id], (rows) => {
        if (rows[0] === undefined) return undefined
        const [kind, version] = rows[0] as unknown as readonly [string, number]
        const list = rows.filter((row) => row[2] !== null).map((row) => row.slice(2) as unknown as MemberRow)
        return { kind, version, members: list }
      }),
    state: ([user, id]) => task(sql.state, [user, id], ([row]) => row && toldOf(row)),
    states: ({ user, after, limit }) => task(sql.states, [user, after, limit], (rows) => rows.map(toldOf)),
    changed: (since) => task(sql.changed, since, (rows) => rows as never),
    latest: () => task(sql.latest, [], ([row]) => row![0] as number),
    holds: ({ incarnation: id, mark }) => task(sql.holds, [mark, id], ([row]) => row?.[0] === 1),
  }
}

const entriesOf = (rows: readonly Row[]) => rows as unknown as readonly EntryRow[]

/** The first, and the others for as long as all their bodies fit. */
function entriesWithin(bytes: number, entries: readonly EntryRow[]): readonly EntryRow[] {
  let size = 0
  const tooFar = entries.findIndex(([, , , , , body], place) => (size += Buffer.byteLength(body)) > bytes && place > 0)
  return tooFar < 0 ? entries : entries.slice(0, tooFar)
}

/** Ids are ASCII, so this is the order of code points. */
const membersOf = (list: unknown): readonly MemberRow[] => {
  const rows = typeof list === 'string' ? (JSON.parse(list) as MemberRow[]) : ((list ?? []) as MemberRow[])
  return rows.toSorted(([a], [b]) => (a < b ? -1 : 1))
}

const toldOf = (row: Row) => stateOf(row, membersOf(row[23]))
