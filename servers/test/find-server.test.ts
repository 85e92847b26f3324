import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { findServer, serverNames } from '@natter/servers'
import type { DatabaseKind, FoundServer } from '@natter/servers'
import { freePort } from '#src/free-port.js'
import { inMariaDb, inPostgres, notes } from './notes.js'
import { bare, kinds, withEach, withPrograms } from './with-programs.js'

async function find(t: ExecutionContext, kind: DatabaseKind, env: NodeJS.ProcessEnv = bare): Promise<FoundServer> {
  const server = await findServer(kind, env)
  if ('missing' in server) throw new Error(server.missing)
  t.teardown(() => server.stop())
  return server
}

withEach('two that are found at once do not meet', async (t, kind) => {
  const [one, other] = await Promise.all([find(t, kind), find(t, kind)])
  t.not(one.url, other.url)
  t.like(one, { kind, from: 'programs' })
  t.regex(one.version, /^\d+\.\d+/)
  const databases = await Promise.all([one.scratch(), one.scratch(), other.scratch()])
  await Promise.all(databases.map(({ url }, i) => notes[kind].put(url, `note ${i}`)))
  t.deepEqual(await Promise.all(databases.map(({ url }) => notes[kind].all(url))), [['note 0'], ['note 1'], ['note 2']])
})

withEach('one at an address is used and left alone', async (t, kind) => {
  const started = await find(t, kind)
  const found = await find(t, kind, { ...bare, [serverNames[kind].variable]: started.url })
  t.like(found, { kind, from: 'address', version: started.version, url: started.url })
  const database = await found.scratch()
  await found.stop()
  await notes[kind].put(database.url, 'still there')
  t.deepEqual(await notes[kind].all(database.url), ['still there'])
})

withEach('a dropped database is gone, also under an open connection', async (t, kind) => {
  const server = await find(t, kind)
  const database = await server.scratch()
  await notes[kind].put(database.url, 'a')
  const dropped = kind === 'postgres' ? inPostgres(database.url, () => database.drop()) : database.drop()
  await dropped.catch((error: Error) => t.regex(error.message, /terminat/))
  const left = await notes[kind].all(database.url).catch(() => [])
  t.deepEqual(left, [])
})

withEach('an address where nothing answers is named', async (t, kind) => {
  const { title, variable } = serverNames[kind]
  const dead = (await find(t, kind)).url.replace(/:\d+\//, `:${await freePort()}/`)
  const server = await findServer(kind, { ...bare, [variable]: dead })
  if (!('missing' in server)) return t.fail('there is no such server')
  t.true(server.missing.startsWith(`${title}: the server at ${variable} does not answer (`), server.missing)
  t.regex(server.missing, /ECONNREFUSED/)
})

test('an address can say that there is to be none', async (t) => {
  for (const kind of kinds) {
    const env = { [serverNames[kind].variable]: 'missing:not%20today' }
    t.deepEqual(await findServer(kind, env), { kind, missing: 'not today' })
  }
})

test('where there is no program, what to do is said', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-empty-'))
  t.teardown(() => rm(folder, { recursive: true }))
  t.deepEqual(await findServer('mongo', { PATH: '', XDG_CACHE_HOME: folder }), {
    kind: 'mongo',
    missing: 'MongoDB. Set TEST_MONGO_URL, or install it: node servers/dist/install.js mongo',
  })
})

withPrograms('postgres', 'PostgreSQL is as durable as in production, and its databases are UTF-8', async (t) => {
  const database = await (await find(t, 'postgres')).scratch()
  const settings = ['fsync', 'synchronous_commit', 'full_page_writes', 'server_encoding', 'lc_collate']
  const values = await inPostgres(database.url, async (client) => {
    const { rows } = await client.query<{ value: string }>(
      'select current_setting(name) as value from unnest($1::text[]) with ordinality as asked (name, at) order by at',
      [settings],
    )
    return rows.map(({ value }) => value)
  })
  t.deepEqual(values, ['on', 'on', 'on', 'UTF8', 'C'])
})

withPrograms(
  'mariadb',
  'MariaDB is as durable as in production, and its databases compare by code point',
  async (t) => {
    const database = await (await find(t, 'mariadb')).scratch()
    const [rows] = await inMariaDb(database.url, (connection) =>
      connection.query(
        'select @@innodb_flush_log_at_trx_commit as flush, @@innodb_doublewrite as doublewrite, @@collation_database as collation',
      ),
    )
    t.deepEqual(rows, [{ flush: 1, doublewrite: 1, collation: 'utf8mb4_bin' }] as never)
  },
)
