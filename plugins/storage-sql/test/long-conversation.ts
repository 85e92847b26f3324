import mysql from 'mysql2/promise'
import pg from 'pg'

/** Conversations of twenty entries by two people, a long one, and one person, `busy`, who is in all of them. */
const short = 3_000
export const long = 20_000
const tables = `('natter_entry', 'natter_member', 'natter_conversation')`

/** A database as an administrator sees it. */
export interface Inside {
  query<Row>(sql: string): Promise<readonly Row[]>
  /** How many rows of each table were read up to now, by connections that have been closed. */
  read(): Promise<Readonly<Record<string, number>>>
  close(): Promise<void>
}
interface Kind {
  readonly open: (url: string) => Promise<Inside>
  /** For an empty store. */
  readonly fill: readonly string[]
  /** What the server does of its own accord, at its own time, after much was written. */
  readonly known: Readonly<Record<string, string>>
}
type Counted = { readonly name: string; readonly read: string | number }
const counts = (rows: readonly Counted[]) => Object.fromEntries(rows.map(({ name, read }) => [name, Number(read)]))

const conversations = (
  numbers: string,
  id: string,
) => `insert into natter_conversation (id, kind, head, n, at, version, mark)
  select ${id}, 'direct', 20, 20, 1, 1, i from ${numbers}
  union all select 'long', 'group', ${long}, ${long}, 1, 1, ${short + 1}`
const members = (
  person: string,
  read: string,
) => `insert into natter_member (conv, person, floor, left_at, ${read}, received, mark)
  select num, ${person}, 0, 0, 0, 0, mark from natter_conversation`
const entries = (numbers: string, other: string, client: string) =>
  `insert into natter_entry (conv, seq, n, sender, client, at, body, digest, changed)
    select num, i, i, case when i % 2 = 0 then 'busy' else ${other} end, ${client}, 1, '{}', '', 0
    from natter_conversation join ${numbers} on i <= head order by num, i`
const mark = `update natter_meta set value = ${short + 1} where name = 'mark'`

export const kinds: Readonly<Record<'postgres' | 'mariadb', Kind>> = {
  postgres: {
    async open(url) {
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      return {
        query: async (sql) => (await client.query(sql)).rows,
        async read() {
          // what a connection has read is counted on its way out, after whoever closed it has gone on
          for (;;) {
            const { rows } = await client.query(`select 1 from pg_stat_activity
              where datname = current_database() and backend_type = 'client backend' and pid <> pg_backend_pid()`)
            if (rows.length === 0) break
          }
          await client.query('select pg_stat_clear_snapshot()')
          const told = 'seq_tup_read + coalesce(idx_tup_fetch, 0)'
          const { rows } = await client.query<Counted>(
            `select relname as name, ${told} as read from pg_stat_user_tables where relname in ${tables}`,
          )
          return counts(rows)
        },
        close: () => client.end(),
      }
    },
    fill: [
      conversations(`generate_series(1, ${short}) s (i)`, `'c' || i`),
      members(`'busy'`, 'read'),
      members(`'u' || num`, 'read'),
      entries(`generate_series(1, ${long}) s (i)`, `'u' || num`, `md5(num || ' ' || i)`),
      mark,
    ],
    known: { statistics: 'analyze', 'a vacuum': 'vacuum' },
  },
  mariadb: {
    async open(url) {
      const client = await mysql.createConnection(url.replace(/^mariadb:/, 'mysql:'))
      await client.query('set global userstat = 1')
      const query = async <Row>(sql: string) => (await client.query(sql))[0] as unknown as readonly Row[]
      return {
        query,
        async read() {
          const rows = await query<Counted>(`select table_name as name, rows_read as \`read\`
            from information_schema.table_statistics where table_schema = database() and table_name in ${tables}`)
          return counts(rows)
        },
        close: () => client.end(),
      }
    },
    fill: [
      conversations(`(select seq as i from seq_1_to_${short}) s`, `concat('c', i)`),
      members(`'busy'`, '`read`'),
      members(`concat('u', num)`, '`read`'),
      entries(`(select seq as i from seq_1_to_${long}) s`, `concat('u', num)`, `md5(concat(num, ' ', i))`),
      mark,
    ],
    known: { statistics: 'analyze table natter_entry, natter_member, natter_conversation' },
  },
}
