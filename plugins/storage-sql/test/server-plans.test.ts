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
  for (const [known, statement] of [['nothing', undefined], ...Object.entries(kind.known)] as const) {
    const title = `what is asked of a long conversation reads what it is about, after ${known}`
    test(`${name}: ${title}`, async (t) => {
      const url = await server.database()
      const setting = { models: [], clock: new FakeClock() }
      await (await openUrl(url, setting)).close()
      const filler = await kind.open(url)
      for (const statement of kind.fill) await filler.query(statement)
      if (statement !== undefined) await filler.query(statement)
      const [stored] = await filler.query<{ sender: string; client: string }>(
        `select sender, client from natter_entry where seq = ${seq} and n = ${seq}`,
      )
      await filler.close()
      const inside = await kind.open(url)
      t.teardown(() => inside.close())
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
        const read = await inside.read()
        const store = await openUrl(url, setting)
        for (let time = 0; time < times; time++) t.truthy(await ask(store.log, time), question)
        await store.close()
        for (const [table, rows] of Object.entries(await inside.read())) {
          const each = (rows - (read[table] ?? 0)) / times
          if (each > most) tooMuch.push(`${question}: ${each} rows of ${table}`)
        }
      }
      t.deepEqual(tooMuch, [])
    })
  }
})
