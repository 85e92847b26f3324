import { existsSync } from 'node:fs'
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import { startServer } from '@natter/servers'
import { inMariaDb, inPostgres, notes } from './notes.js'
import { lives, until } from './until.js'
import { withEach, withPrograms } from './with-programs.js'

withEach('killed at once, it is started again with what was committed', async (t, kind) => {
  const server = await startServer(kind)
  t.teardown(() => server.stop())
  const { pid, port, folder } = server
  const { url } = await server.scratch()
  await notes[kind].put(url, 'before')
  await server.kill('SIGKILL')
  t.false(lives(pid))
  t.throws(() => server.pid, { message: /does not run/ })
  await t.throwsAsync(notes[kind].all(url.replace('replicaSet=natter', 'serverSelectionTimeoutMS=200')))
  await server.restart()
  t.not(server.pid, pid)
  t.true(lives(server.pid))
  t.is(server.port, port)
  await notes[kind].put(url, 'since')
  t.deepEqual(await notes[kind].all(url), ['before', 'since'])
  const last = server.pid
  await server.stop()
  await server.stop()
  t.false(lives(last))
  t.false(existsSync(folder))
})

withEach('a folder that was given stays, and is taken up again', async (t, kind) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-given-'))
  t.teardown(() => rm(folder, { recursive: true }))
  // PostgreSQL may run as another user, who must be able to get there.
  await chmod(folder, 0o755)
  const first = await startServer(kind, { folder })
  t.teardown(() => first.stop())
  const { url } = await first.scratch()
  await notes[kind].put(url, 'kept')
  await first.stop()
  const second = await startServer(kind, { folder, port: first.port })
  t.teardown(() => second.stop())
  t.deepEqual(await notes[kind].all(url), ['kept'])
})

withEach('where another has the port, it ends in its own words, and the other is not taken for it', async (t, kind) => {
  const first = await startServer(kind)
  t.teardown(() => first.stop())
  const error = await t.throwsAsync(startServer(kind, { port: first.port }))
  t.regex(error.message, /^\w+ did not start, it ended \(\d+\):\n[^]*Address already in use/)
})

withPrograms('postgres', 'a restart waits for what a killed server left at work', async (t) => {
  const server = await startServer('postgres')
  t.teardown(() => server.stop())
  // The process that answers is too busy to see that its server is gone, and keeps the memory that it shares with it.
  const busy = inPostgres(server.url, (client) => client.query('select count(*) from generate_series(1, 3e6) as i'))
  busy.catch(() => undefined)
  const atWork = "select 1 from pg_stat_activity where query like '%generate_series%' and pid <> pg_backend_pid()"
  await inPostgres(server.url, (client) => until(async () => (await client.query(atWork)).rows.length === 1))
  await server.kill('SIGKILL')
  await server.restart()
  await busy.catch(() => undefined)
  t.regex((await readFile(join(server.folder, 'log'))).toString(), /pre-existing shared memory block/)
})

withPrograms('postgres', 'settings reach the server, and may change with a restart', async (t) => {
  const server = await startServer('postgres', { settings: { fsync: 'off' } })
  t.teardown(() => server.stop())
  const fsync = () => inPostgres(server.url, async (client) => (await client.query('show fsync')).rows)
  t.deepEqual(await fsync(), [{ fsync: 'off' }])
  await server.restart({ fsync: 'on' })
  t.deepEqual(await fsync(), [{ fsync: 'on' }])
})

withPrograms('mariadb', 'temporary files are in the folder of the server, where no other removes them', async (t) => {
  const server = await startServer('mariadb')
  t.teardown(() => server.stop())
  const [rows] = await inMariaDb(server.url, (connection) => connection.query('select @@tmpdir as folder'))
  t.deepEqual(rows, [{ folder: server.folder }] as never)
})

withPrograms('mongo', 'a setting that the server does not know ends in its own words', async (t) => {
  await t.throwsAsync(startServer('mongo', { settings: { fsink: 1 } }), { message: /unrecognised option '--fsink'/ })
})

test('without its programs, it says so', async (t) => {
  await t.throwsAsync(async () => startServer('mongo', { env: { PATH: '', XDG_CACHE_HOME: '/nowhere' } }), {
    message: 'MongoDB is not on this machine. Install it: node servers/dist/install.js mongo',
  })
})
