import test from 'ava'
import pg from 'pg'
import { FakeClock } from '@natter/testkit'
import { message } from './message.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

/** Conversations of twenty entries by two people, one long one, and one person who is in all of them. */
const short = 3_000
const long = 20_000
const filled = [
  `insert into natter_conversation (id, kind, head, n, at, version, mark)
    select 'c' || i, 'direct', 20, 20, 1, 1, i from generate_series(1, ${short}) i
    union all select 'long', 'group', ${long}, ${long}, 1, 1, ${short + 1}`,
  `insert into natter_member (conv, person, floor, left_at, read, received, mark)
    select num, p.person, 0, 0, 0, 0, mark from natter_conversation, lateral (values ('busy'), ('u' || num)) p (person)`,
  `insert into natter_entry (conv, seq, n, sender, client, at, body, digest, changed)
    select num, seq, seq, case when seq % 2 = 0 then 'busy' else 'u' || num end, md5(num || ' ' || seq), 1, '{}', '', 0
    from natter_conversation, generate_series(1, head) seq order by num, seq`,
  `update natter_meta set value = ${short + 1} where name = 'mark'`,
]
/** As often as a statement is planned anew for its values, and once more. */
const times = 8

await onServers(test, ['postgres'], (server) => {
  for (const known of [false, true]) {
    test(`postgres: what is asked of a long conversation reads what it is about, ${known ? 'with' : 'without'} statistics`, async (t) => {
      const url = await server.database()
      const setting = { models: [], clock: new FakeClock() }
      await (await openUrl(url, setting)).close()
      const client = new pg.Client({ connectionString: url })
      await client.connect()
      t.teardown(() => client.end())
      for (const statement of filled) await client.query(statement)
      if (known) await client.query('analyze')
      const read = async () => {
        await client.query('select pg_stat_clear_snapshot()')
        const { rows } = await client.query<{ name: string; tuples: string }>(
          `select relname as name, seq_tup_read + coalesce(idx_tup_fetch, 0) as tuples from pg_stat_user_tables
            where relname in ('natter_entry', 'natter_member', 'natter_conversation')`,
        )
        return Object.fromEntries(rows.map(({ name, tuples }) => [name, Number(tuples)])) as Record<string, number>
      }
      const seq = long - 5
      const { rows } = await client.query<{ person: string; client: string }>(
        `select sender as person, client from natter_entry where seq = ${seq} and n = ${seq}`,
      )
      const { person, client: clientId } = rows[0]!
      const asked: Record<string, (log: Awaited<ReturnType<typeof openUrl>>['log'], time: number) => Promise<unknown>> =
        {
          append: (log, time) => log.append(message('long', 'busy', `new-${time}`)),
          repeat: (log) => log.append(message('long', person, clientId)),
          find: (log) => log.find('long', person, clientId),
          mark: (log, time) => log.mark('long', 'busy', { read: seq - 100 + time }),
          rewrite: (log, time) => log.rewrite('long', seq - time, { body: '{}', by: seq + 1 }),
          state: (log) => log.state('busy', 'long'),
          page: (log) => log.page!('busy', 'long', { limit: 1, bytes: 1_000, after: seq, holds: clientId }),
          range: (log) => log.range('long', { from: seq, to: seq, limit: 1, bytes: 1_000 }),
        }
      const tooMuch: string[] = []
      for (const [name, ask] of Object.entries(asked)) {
        const store = await openUrl(url, setting)
        const before = await read()
        for (let time = 0; time < times; time++) t.truthy(await ask(store.log, time), name)
        // what a connection has read is counted when it ends
        await store.close()
        const after = await read()
        for (const [table, tuples] of Object.entries(after)) {
          const each = (tuples - before[table]!) / times
          if (each > 40) tooMuch.push(`${name}: ${each} rows of ${table}`)
        }
      }
      t.deepEqual(tooMuch, [])
    })
  }
})
