import test from 'ava'
import { copyStore } from '@natter/core/storage'
import { findServer, hasPrograms, startServer } from '@natter/servers'
import type { DatabaseKind, FoundServer } from '@natter/servers'
import { mongoStore } from '@natter/storage-mongo'
import { storageRouted } from '@natter/storage-routed'
import { configSchema, openStore, sqlStore } from '@natter/storage-sql'
import { FakeClock } from '@natter/testkit'
import { captured, copied } from './captured.js'
import { dieAt } from './processes.js'
import { goesOn, starts, talkOn } from './talk.js'
import { sharedSource } from './shared-source.js'
import { tempFiles } from './temp-file.js'

// Before the first test is declared: AVA takes none that come later.
const kinds = ['postgres', 'mariadb', 'mongo'] as const
const found = await Promise.all(kinds.map((kind) => findServer(kind)))
const missing = found.flatMap((server) => ('missing' in server ? [server.missing] : []))
for (const server of found) if (!('missing' in server)) test.after.always(`${server.kind} ends`, () => server.stop())
if (missing.length === 0) onAll(found as readonly FoundServer[])
else test.skip(`MISSING: ${missing.join('; ')}`, (t) => t.fail())

function onAll(servers: readonly FoundServer[]): void {
  const at = Object.fromEntries(servers.map((server) => [server.kind, server])) as Record<DatabaseKind, FoundServer>
  const scratch = async (t: { teardown(run: () => Promise<void>): void }, kind: DatabaseKind) => {
    const { url, drop } = await at[kind].scratch()
    t.teardown(drop)
    return url
  }

  const source = sharedSource(test)

  test.serial('a store goes around all databases and comes back as it was, and people go on on each', async (t) => {
    const file = tempFiles(t)
    const stations: string[] = [
      await scratch(t, 'postgres'),
      await scratch(t, 'mariadb'),
      await scratch(t, 'mongo'),
      file('back.db'),
    ]
    const tables = new Set([source.whole])
    let from = source.url
    for (const to of stations) {
      tables.add(await copied(from, to))
      from = to
    }
    t.is(tables.size, 1, [...tables].join('\n'))
    for (const url of stations) await goesOn(t, url, source.talked)
  })

  test.serial('of a server with two databases each is copied by itself, and the others still know it', async (t) => {
    const file = tempFiles(t)
    const routed = (sql: string, mongo: string) =>
      storageRouted({
        stores: { sql: sqlStore({ url: sql }), mongo: mongoStore({ url: mongo }) },
        log: 'mongo',
        records: { default: 'sql' },
      })
    const [sql, mongo] = [file('rows.db'), await scratch(t, 'mongo')]
    const talked = await talkOn(routed(sql, mongo), new FakeClock())
    const [newSql, newMongo] = [await scratch(t, 'postgres'), await scratch(t, 'mongo')]
    await copied(sql, newSql)
    await copied(mongo, newMongo)
    await goesOn(t, routed(newSql, newMongo), talked)
  })

  test.serial('a store under a schema and a prefix of its own is found there', async (t) => {
    const [url, back] = [await scratch(t, 'postgres'), tempFiles(t)('back.db')]
    const place = (side: 'from' | 'to', prefix = 'own_') => [`--${side}-schema`, 'chat', `--${side}-prefix`, prefix]
    const there = await captured(['copy', '--from', source.url, '--to', url, ...place('to')])
    t.is(there.out, source.whole, there.err)
    const other = await captured(['copy', '--from', url, '--to', back])
    t.regex(other.err, /nothing to copy: no server ever started on postgres:/)
    const again = await captured(['copy', '--from', url, ...place('from'), '--to', back])
    t.is(again.out, source.whole, again.err)
    const wrong = await captured(['copy', '--from', source.url, '--to', url, ...place('to', 'No!')])
    t.is(wrong.code, 2)
    t.regex(wrong.err, /^--to-prefix: /m)
  })

  const weak = 'a server that does not write through to the disk is no target, and may be left'
  if (!hasPrograms('postgres')) test.skip(`MISSING: programs of postgres, for "${weak}"`, (t) => t.fail())
  else
    test.serial(weak, async (t) => {
      const own = await startServer('postgres', { settings: { fsync: 'off' } })
      t.teardown(() => own.stop())
      const { url } = await own.scratch()
      const { code, err } = await captured(['copy', '--from', source.url, '--to', url])
      t.is(code, 1)
      t.regex(err, /\nSTORAGE_SQL_DURABILITY_WEAK {2}.*fsync is off/)
      const [from, to] = await Promise.all(
        [source.url, url].map((each) =>
          openStore(configSchema.parse({ url: each, durability: 'unsafe' }), new FakeClock()),
        ),
      )
      await copyStore('a test', from!, to!)
      await Promise.all([from!.close(), to!.close()])
      t.is(await copied(url, tempFiles(t)('back.db')), source.whole)
    })

  for (const kind of kinds) {
    test.serial(`${kind}: a copy whose process is killed goes on with the same command`, async (t) => {
      const target = await scratch(t, kind)
      for (const pages of [1, 7]) {
        t.is((await dieAt(pages, source.url, target)).signal, 'SIGKILL', `${pages}`)
        await t.throwsAsync(starts(target), { code: 'STORAGE_UNFINISHED' })
      }
      t.is(await copied(source.url, target), source.whole)
      await goesOn(t, target, source.talked)
    })

    test.serial(`${kind}: what is not there is told without the password, and nothing is made in it`, async (t) => {
      const empty = await scratch(t, kind)
      const nothing = await captured(['copy', '--from', empty, '--to', tempFiles(t)('target.db')])
      t.is(nothing.code, 1)
      t.regex(nothing.err, /\nThere is nothing to copy: no server ever started on \w+:\/\/[^@]*\n$/)
      await copied(source.url, empty)

      const away = new URL(empty.replace(/^mongodb:/, 'http:'))
      Object.assign(away, { port: '1', username: 'chat', password: 'hunter2' })
      const url = away.href.replace(/^http:/, 'mongodb:')
      const { code, err } = await captured(['copy', '--from', source.url, '--to-env', 'TO_URL'], {
        env: { TO_URL: url },
      })
      t.is(code, 1)
      t.regex(err, /\nSTORAGE_UNAVAILABLE {2}.*127\.0\.0\.1:1/)
      t.false(err.includes('hunter2'))
      t.notRegex(err, /\n +at /)
    })
  }
}
