import test from 'ava'
import type { Log } from '@natter/core/contract'
import { FakeClock } from '@natter/testkit'
import { kinds, long } from './long-conversation.js'
import { message } from './message.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

/** As often as a statement is planned anew for its values, and once more. */
const times = 8
/** What one question may read of a table: some rows at each place where it looks. */
const most = 40
const seq = long - 5

await onServers(test, ['postgres', 'mariadb'], (server, name) => {
  const kind = kinds[name as keyof typeof kinds]
  for (const known of [false, true]) {
    const title = `what is asked of a long conversation reads what it is about, ${known ? 'with' : 'without'} statistics`
    test(`${name}: ${title}`, async (t) => {
      const url = await server.database()
      const setting = { models: [], clock: new FakeClock() }
      await (await openUrl(url, setting)).close()
      const inside = await kind.open(url)
      t.teardown(() => inside.close())
      for (const statement of kind.fill) await inside.query(statement)
      if (known) await inside.query(kind.analyze)
      const [stored] = await inside.query<{ sender: string; client: string }>(
        `select sender, client from natter_entry where seq = ${seq} and n = ${seq}`,
      )
      const { sender, client } = stored!
      const asked: Readonly<Record<string, (log: Log, time: number) => Promise<unknown>>> = {
        append: (log, time) => log.append(message('long', 'busy', `new-${time}`)),
        repeat: (log) => log.append(message('long', sender, client)),
        find: (log) => log.find('long', sender, client),
        mark: (log, time) => log.mark('long', 'busy', { read: seq - 100 + time }),
        rewrite: (log, time) => log.rewrite('long', seq - time, { body: '{}', by: seq + 1 }),
        state: (log) => log.state('busy', 'long'),
        newest: (log) => log.page!('busy', 'long', { limit: 1, bytes: 1_000 }),
        before: (log) => log.page!('busy', 'long', { limit: 1, bytes: 1_000, before: seq }),
        after: (log) => log.page!('busy', 'long', { limit: 1, bytes: 1_000, after: seq, holds: client }),
        early: (log) => log.page!('busy', 'long', { limit: 1, bytes: 1_000, after: 10 }),
        range: (log) => log.range('long', { from: seq, to: seq, limit: 1, bytes: 1_000 }),
      }
      const tooMuch: string[] = []
      for (const [question, ask] of Object.entries(asked)) {
        const store = await openUrl(url, setting)
        const before = await inside.read()
        for (let time = 0; time < times; time++) t.truthy(await ask(store.log, time), question)
        // what a connection has read is counted when it ends
        await store.close()
        for (const [table, rows] of Object.entries(await inside.read())) {
          const each = (rows - (before[table] ?? 0)) / times
          if (each > most) tooMuch.push(`${question}: ${each} rows of ${table}`)
        }
      }
      t.deepEqual(tooMuch, [])
    })
  }
})
