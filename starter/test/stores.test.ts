import test from 'ava'
import { findServer } from '@natter/servers'
import type { FoundServer } from '@natter/servers'
import { dataFolder, runToEnd, startServer } from './support/server-process.js'

const found = await Promise.all([findServer('postgres'), findServer('mongo')])
const missing = found.filter((server) => 'missing' in server)
if (missing.length > 0) for (const { missing: what } of missing) test.skip(`MISSING: ${what}`, (t) => t.fail())
else withServers(found as readonly [FoundServer, FoundServer])
for (const server of found) if (!('missing' in server)) test.after.always(`${server.kind} ends`, () => server.stop())

function withServers([postgres, mongo]: readonly [FoundServer, FoundServer]): void {
  test.serial('with DATABASE_URL and MONGO_URL accounts are in SQL and messages in MongoDB', async (t) => {
    const [sql, log] = await Promise.all([postgres.scratch(), mongo.scratch()])
    t.teardown(() => Promise.all([sql.drop(), log.drop()]))
    const env = { DATABASE_URL: sql.url, MONGO_URL: log.url }
    const server = await startServer(t, { env })
    t.regex(server.banner[1]!, /^Messages are kept in {6}mongo: .*MongoDB .*; sql: .*PostgreSQL/)
    t.is(
      server.banner[2],
      'Plugins                   storage-routed auth offline friends presence groups actions search',
    )
    t.false(server.banner.join().includes(new URL(sql.url).password || 'no password at all'))
    t.is((await fetch(`${server.url}/readyz`)).status, 200)
    t.is(await server.end('SIGTERM'), 0)

    const another = await mongo.scratch()
    t.teardown(() => another.drop())
    const DATA_DIR = await dataFolder(t)
    const wrong = await runToEnd({ PORT: '0', DATA_DIR, ...env, MONGO_URL: another.url })
    t.is(wrong.code, 1)
    t.regex(wrong.output, /the database given as "mongo" is new to them, or was emptied/)
  })

  test.serial('with MONGO_URL alone everything is in MongoDB', async (t) => {
    const log = await mongo.scratch()
    t.teardown(() => log.drop())
    const server = await startServer(t, { env: { MONGO_URL: log.url } })
    t.regex(server.banner[1]!, /^Messages are kept in .*MongoDB/)
    t.is(
      server.banner[2],
      'Plugins                   storage-mongo auth offline friends presence groups actions search',
    )
    t.is(await server.end('SIGTERM'), 0)
  })
}
