import type { Binding, Outcome } from '../database.js'
import type { Columns } from '../server/log-rows.js'
import type { LogSql } from '../server/log-sql.js'
import type { Query } from '../server/wire.js'
import type { TableNames } from '../table-names.js'
import { postgresLogReads } from './log-reads.js'
import { postgresPage } from './page-read.js'
import { one } from './one.js'
import { quoted } from './quoted.js'

type Row = readonly Binding[]
const mapOf = <K, V>(outcome: Outcome | undefined, of: (row: Row) => readonly [K, unknown]) =>
  new Map((outcome?.rows ?? []).map(of)) as unknown as ReadonlyMap<K, V>

/** Queries that are needed only where there are columns. */
const where = (sql: string, ...columns: Columns[]): readonly Query[] => {
  const bindings = columns.flat()
  return bindings.length > 0 ? [{ sql, bindings }] : []
}

/** The log's own SQL for PostgreSQL. Lists are bound as arrays, so that a batch of any size is the same statement. */
export function postgresLogSql(tables: TableNames): LogSql {
  const conversation = quoted(tables, 'conversation')
  const entry = quoted(tables, 'entry')
  const member = quoted(tables, 'member')
  const meta = quoted(tables, 'meta')
  const incarnation = quoted(tables, 'incarnation')
  const sql = {
    lock: `select id, num, kind, head, n, at, version from ${conversation} where id = any($1::text[]) order by id for update`,
    // a statement of its own, behind the locks: it sees what was committed while the locks were waited for
    keys: `select k.place, e.seq, e.n, e.at, e.digest
      from unnest($1::text[], $2::text[], $3::text[]) with ordinality as k (id, sender, client, place)
      join ${conversation} c on c.id = k.id
      cross join lateral ${one(entry, 'r.conv = c.num and r.sender = k.sender and r.client = k.client')} e`,
    members: `select k.place, m.floor, m.left_at, m.read, m.received, m.mark
      from unnest($1::text[], $2::text[]) with ordinality as k (id, person, place)
      join ${conversation} c on c.id = k.id
      cross join lateral ${one(member, 'r.conv = c.num and r.person = k.person')} m`,
    entries: `select k.place, e.changed, e.body from unnest($1::text[], $2::bigint[]) with ordinality as k (id, seq, place)
      join ${conversation} c on c.id = k.id
      cross join lateral ${one(entry, 'r.conv = c.num and r.seq = k.seq')} e`,
    create: `insert into ${conversation} (id, kind, head, n, at, version, mark)
      select id, kind, 0, 0, 0, 1, 0 from unnest($1::text[], $2::text[]) as k (id, kind) order by id
      on conflict (id) do nothing`,
    rewrite: `update ${entry} e set body = k.body, changed = k.changed,
      digest = case when k.digest = 1 then '' else e.digest end, sender = case when k.author = 1 then null else e.sender end
      from unnest($1::bigint[], $2::bigint[], $3::text[], $4::bigint[], $5::bigint[], $6::bigint[])
        as k (conv, seq, body, changed, digest, author)
      cross join lateral ${one(entry, 'r.conv = k.conv and r.seq = k.seq', 'r.ctid')} o
      where e.ctid = o.ctid`,
    insert: `insert into ${entry} (conv, seq, n, sender, client, at, body, digest, changed)
      select * from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::text[], $5::text[], $6::bigint[], $7::text[],
        $8::text[], $9::bigint[])`,
    counts: `select e.conv, e.seq, e.n from unnest($1::bigint[], $2::bigint[]) as k (conv, seq)
      cross join lateral ${one(entry, 'r.conv = k.conv and r.seq = k.seq')} e`,
    raise: `update ${member} m set read = k.seq, received = k.seq
      from unnest($1::bigint[], $2::text[], $3::bigint[]) as k (conv, person, seq)
      cross join lateral ${one(member, 'r.conv = k.conv and r.person = k.person', 'r.ctid')} o
      where m.ctid = o.ctid`,
    mark: `update ${meta} set value = value + $1 where name = 'mark'`,
    // the mark's row is ours from here to the commit, so what it says is our own
    heads: `update ${conversation} c set head = k.head, n = k.n, at = k.at, version = k.version,
        mark = m.value - $7 + k.place
      from unnest($1::bigint[], $2::bigint[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[])
        as k (num, head, n, at, version, place), ${meta} m
      where m.name = 'mark' and c.num = k.num`,
    place: `insert into ${member} (conv, person, floor, left_at, read, received, mark)
      select k.conv, k.person, k.floor, k.left_at, k.read, k.received,
        case when k.place > 0 then m.value - $9 + k.place else k.mark end
      from unnest($1::bigint[], $2::text[], $3::bigint[], $4::bigint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::bigint[])
        as k (conv, person, floor, left_at, read, received, mark, place), ${meta} m
      where m.name = 'mark'
      on conflict (conv, person) do update set floor = excluded.floor, left_at = excluded.left_at, read = excluded.read,
        received = excluded.received, mark = excluded.mark`,
    forget: `delete from ${member}
      where conv = (select num from ${conversation} where id = $1) and person = $2 and left_at > 0`,
    begin: `insert into ${incarnation} (id, mark)
      select $1, value from (select value from ${meta} where name = 'mark' for update) m returning mark`,
  }
  const plain = (text: string): Query => ({ sql: text, bindings: [] })

  return {
    alone: [],
    begin: [plain('begin isolation level read committed')],
    commit: plain('commit'),
    rollback: plain('rollback'),
    refusalSpoils: true,
    load({ conversations, keys, members, entries }) {
      const parts = [
        where(sql.lock, [conversations]),
        where(
          sql.keys,
          keys.length > 0
            ? [keys.map((k) => k.conversation), keys.map((k) => k.from), keys.map((k) => k.clientId)]
            : [],
        ),
        where(sql.members, members.length > 0 ? [members.map((k) => k.conversation), members.map((k) => k.user)] : []),
        where(sql.entries, entries.length > 0 ? [entries.map((k) => k.conversation), entries.map((k) => k.seq)] : []),
      ]
      return {
        queries: parts.flat(),
        read(outcomes) {
          let next = 0
          const [locked, found, placed, changed] = parts.map((part) => (part.length > 0 ? outcomes[next++] : undefined))
          return {
            conversations: mapOf(locked, ([id, num, kind, seq, n, at, version]) => [
              id as string,
              { num, kind, seq, n, at, version },
            ]),
            keys: mapOf(found, ([place, seq, n, at, digest]) => [Number(place) - 1, { seq, n, at, digest }]),
            members: mapOf(placed, ([place, floor, left, read, received, mark]) => [
              Number(place) - 1,
              { floor, left, read, received, mark },
            ]),
            entries: mapOf(changed, ([place, by, body]) => [Number(place) - 1, { by, body }]),
          }
        },
      }
    },
    create: (opened) => ({ sql: sql.create, bindings: [opened.map(({ id }) => id), opened.map(({ kind }) => kind)] }),
    save({ rewrites, entries, counts, raised, marks, conversations, members }) {
      const before = [...where(sql.rewrite, rewrites), ...where(sql.insert, entries)]
      const counting = where(sql.counts, counts)
      return {
        queries: [
          ...before,
          ...counting,
          ...where(sql.raise, raised),
          ...(marks > 0 ? [{ sql: sql.mark, bindings: [marks] }] : []),
          ...(conversations.length > 0 ? [{ sql: sql.heads, bindings: [...conversations, marks] }] : []),
          ...(members.length > 0 ? [{ sql: sql.place, bindings: [...members, marks] }] : []),
        ],
        read: (outcomes) => ({
          counts: mapOf(counting.length > 0 ? outcomes[before.length] : undefined, ([conv, seq, n]) => [
            `${conv} ${seq}`,
            n,
          ]),
        }),
      }
    },
    noteBegin: (id) => ({
      queries: [{ sql: sql.begin, bindings: [id] }],
      read: ([outcome]) => outcome!.rows[0]![0] as number,
    }),
    forget: (of, user) => ({ sql: sql.forget, bindings: [of, user], rows: false }),
    page: postgresPage(tables),
    reads: postgresLogReads(tables),
  }
}
