import type { Binding, Outcome } from '../database.js'
import type { Columns } from '../server/log-rows.js'
import type { LogSql } from '../server/log-sql.js'
import type { Query } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { mysqlLogReads } from './log-reads.js'
import { mysqlPage } from './page-read.js'
import { quoted } from './quoted.js'

type Row = readonly Binding[]
const mapOf = <K, V>(outcome: Outcome | undefined, of: (row: Row) => readonly [K, unknown]) =>
  new Map((outcome?.rows ?? []).map(of)) as unknown as ReadonlyMap<K, V>

const id = 'varchar(64) character set ascii collate ascii_bin'
/** Rows of ids and numbers as a table `k`, from one JSON text: so a batch of any size is the same statement. */
const table = (columns: Readonly<Record<string, 'id' | 'number'>>): string => {
  const list = Object.entries(columns).map(
    ([name, type], i) => `${name} ${type === 'id' ? id : 'bigint'} path '$[${i}]'`,
  )
  return `json_table(?, '$[*]' columns (place for ordinality, ${list.join(', ')})) k`
}
const rowsOf = (columns: Columns): readonly Row[] =>
  (columns[0] ?? []).map((_, i) => columns.map((column) => column[i]!))
/** Queries that are needed only where there are rows. */
const where = (sql: string, rows: readonly Row[], ...more: readonly Binding[]): readonly Query[] =>
  rows.length > 0 ? [{ sql, bindings: [...more, JSON.stringify(rows)] }] : []

/** The log's own SQL for MySQL and MariaDB. `settled`: the connections are set to read what is committed already. */
export function mysqlLogSql(tables: TableNames, settled: boolean): LogSql {
  const conversation = quoted(tables, 'conversation')
  const entry = quoted(tables, 'entry')
  const member = quoted(tables, 'member')
  const meta = quoted(tables, 'meta')
  const incarnation = quoted(tables, 'incarnation')
  // in this order and by these indexes, whatever the tables look like: who reads all of one under locks waits for all
  const found = `straight_join ${conversation} c force index (conversation_id) on c.id = k.id`
  const sql = {
    lock: `select id, num, kind, head, n, at, version from ${conversation} force index (conversation_id)
      where id in (?) order by id for update`,
    keys: `select k.place, e.seq, e.n, e.at, e.digest from ${table({ id: 'id', sender: 'id', client: 'id' })} ${found}
      straight_join ${entry} e force index (entry_key) on e.conv = c.num and e.sender = k.sender and e.client = k.client`,
    members: `select k.place, m.floor, m.left_at, m.\`read\`, m.received, m.mark
      from ${table({ id: 'id', person: 'id' })} ${found}
      straight_join ${member} m force index (primary) on m.conv = c.num and m.person = k.person`,
    entries: `select k.place, e.changed, e.body from ${table({ id: 'id', seq: 'number' })} ${found}
      straight_join ${entry} e force index (primary) on e.conv = c.num and e.seq = k.seq`,
    create: `insert into ${conversation} (id, kind, head, n, at, version, mark) values ?
      on duplicate key update kind = kind`,
    rewrite: `update ${entry} set body = ?, changed = ?, digest = if(?, '', digest), sender = if(?, null, sender)
      where conv = ? and seq = ?`,
    insert: `insert into ${entry} (conv, seq, n, sender, client, at, body, digest, changed) values ?`,
    counts: `select e.conv, e.seq, e.n from ${table({ conv: 'number', seq: 'number' })}
      straight_join ${entry} e force index (primary) on e.conv = k.conv and e.seq = k.seq`,
    raise: `update ${table({ conv: 'number', person: 'id', seq: 'number' })}
      straight_join ${member} m force index (primary) on m.conv = k.conv and m.person = k.person
      set m.\`read\` = k.seq, m.received = k.seq`,
    // what it becomes is kept for the statements behind it
    mark: `update ${meta} set value = last_insert_id(value + ?) where name = 'mark'`,
    heads: `update ${table({ num: 'number', head: 'number', n: 'number', at: 'number', version: 'number', mark: 'number' })}
      straight_join ${conversation} c force index (primary) on c.num = k.num
      set c.head = k.head, c.n = k.n, c.at = k.at, c.version = k.version, c.mark = last_insert_id() + k.mark`,
    place: `insert into ${member} (conv, person, floor, left_at, \`read\`, received, mark)
      select k.conv, k.person, k.floor, k.left_at, k.seen, k.received, if(k.raised, last_insert_id() + k.mark, k.mark)
      from ${table({ conv: 'number', person: 'id', floor: 'number', left_at: 'number', seen: 'number', received: 'number', mark: 'number', raised: 'number' })}
      on duplicate key update floor = values(floor), left_at = values(left_at), \`read\` = values(\`read\`),
        received = values(received), mark = values(mark)`,
    forget: `delete from ${member}
      where conv = (select num from ${conversation} where id = ?) and person = ? and left_at > 0`,
    begin: `insert into ${incarnation} (id, mark) select ?, value from ${meta} where name = 'mark' for update`,
    begun: `select mark from ${incarnation} where id = ?`,
  }
  // InnoDB shows a commit before it is on the disk: this one, behind it, is there only when that one is
  const settling = {
    mark: `select value from ${meta} where name = 'mark'`,
    settle: `insert into ${meta} (name, value) values ('settled', 1) on duplicate key update value = value + 1`,
  }
  const plain = (text: string): Query => ({ sql: text, bindings: [] })
  // for the next transaction only; the default would lock what is between rows too
  const alone = settled ? [] : [plain('set transaction isolation level read committed')]

  return {
    alone,
    begin: [...alone, plain('start transaction')],
    commit: plain('commit'),
    rollback: plain('rollback'),
    refusalSpoils: false,
    load({ conversations, keys, members, entries }) {
      const parts = [
        conversations.length > 0 ? [{ sql: sql.lock, bindings: [conversations] }] : [],
        where(
          sql.keys,
          keys.map((k) => [k.conversation, k.from, k.clientId]),
        ),
        where(
          sql.members,
          members.map((k) => [k.conversation, k.user]),
        ),
        where(
          sql.entries,
          entries.map((k) => [k.conversation, k.seq]),
        ),
      ]
      return {
        queries: parts.flat(),
        read(outcomes) {
          let next = 0
          const [locked, stored, placed, changed] = parts.map((part) =>
            part.length > 0 ? outcomes[next++] : undefined,
          )
          return {
            conversations: mapOf(locked, ([of, num, kind, seq, n, at, version]) => [
              of as string,
              { num, kind, seq, n, at, version },
            ]),
            keys: mapOf(stored, ([place, seq, n, at, digest]) => [Number(place) - 1, { seq, n, at, digest }]),
            members: mapOf(placed, ([place, floor, left, read, received, mark]) => [
              Number(place) - 1,
              { floor, left, read, received, mark },
            ]),
            entries: mapOf(changed, ([place, by, body]) => [Number(place) - 1, { by, body }]),
          }
        },
      }
    },
    create: (opened) => ({
      sql: sql.create,
      bindings: [opened.map((each) => [each.id, each.kind, 0, 0, 0, 1, 0])],
    }),
    save({ rewrites, entries, counts, raised, marks, repeats, conversations, members }) {
      const before: Query[] = rowsOf(rewrites).map(([conv, seq, body, by, digest, author]) => ({
        sql: sql.rewrite,
        bindings: [body!, by!, digest!, author!, conv!, seq!],
      }))
      const added = rowsOf(entries)
      if (added.length > 0) before.push({ sql: sql.insert, bindings: [added] })
      const counting = where(sql.counts, rowsOf(counts))
      // InnoDB shows a commit before it is on the disk: so what answers a retry commits something behind it
      const raise = marks > 0 ? marks : repeats ? 1 : 0
      const heads = rowsOf(conversations).map((row) => [...row.slice(0, -1), Number(row.at(-1)) - marks])
      const placed = rowsOf(members).map((row) => {
        const [mark, place] = row.slice(-2) as unknown as readonly [number, number]
        return [...row.slice(0, -2), place > 0 ? place - marks : mark, Number(place > 0)]
      })
      const sent = where(sql.raise, rowsOf(raised))
      const marked = before.length + counting.length + sent.length
      return {
        queries: [
          ...before,
          ...counting,
          ...sent,
          ...(raise > 0 ? [{ sql: sql.mark, bindings: [raise] }] : []),
          ...where(sql.heads, heads),
          ...where(sql.place, placed),
        ],
        read: (outcomes) => ({
          counts: mapOf(counting.length > 0 ? outcomes[before.length] : undefined, ([conv, seq, n]) => [
            `${conv} ${seq}`,
            n,
          ]),
          mark: raise > 0 ? outcomes[marked]!.id : undefined,
        }),
      }
    },
    noteBegin: (of) => ({
      queries: [
        { sql: sql.begin, bindings: [of] },
        { sql: sql.begun, bindings: [of] },
      ],
      read: (outcomes) => outcomes[1]!.rows[0]![0] as number,
    }),
    forget: (of, user) => ({ sql: sql.forget, bindings: [of, user], rows: false }),
    settling: { mark: plain(settling.mark), settle: plain(settling.settle) },
    page: mysqlPage(tables),
    reads: mysqlLogReads(tables),
  }
}
