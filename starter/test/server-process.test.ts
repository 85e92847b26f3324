import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import test from 'ava'
import { dataFolder, runToEnd, startServer } from './support/server-process.js'

test.serial('it says where it is, where messages are kept, and which plugins it has', async (t) => {
  const server = await startServer(t)
  t.deepEqual(server.banner, [
    `Natter is ready           http://127.0.0.1:${server.port}`,
    `Messages are kept in      ${join(server.dataDir, 'chat.db')} (SQLite, full sync)`,
    'Plugins                   storage-sql auth offline friends presence groups actions search',
    'Stop with Ctrl-C; everything acknowledged is on disk.',
  ])
})

test.serial('SIGTERM and SIGINT end it with 0, and it starts again on the same data', async (t) => {
  const first = await startServer(t)
  t.is(await first.end('SIGTERM'), 0)
  const second = await startServer(t, { dataDir: first.dataDir, port: first.port })
  t.is((await fetch(`${second.url}/readyz`)).status, 200)
  t.is(await second.end('SIGINT'), 0)
})

test.serial('a connection that is kept open does not hold it up', async (t) => {
  const server = await startServer(t)
  const response = await fetch(`${server.url}/`, { headers: { connection: 'keep-alive' } })
  t.is(response.status, 200)
  t.is(await server.end('SIGTERM'), 0)
  await t.throwsAsync(fetch(`${server.url}/healthz`))
})

test.serial('health is told at the root and below the prefix', async (t) => {
  const server = await startServer(t)
  for (const path of ['/healthz', '/readyz', '/chat/healthz', '/chat/readyz']) {
    const response = await fetch(server.url + path)
    t.is(response.status, 200, path)
    t.deepEqual(await response.json(), { status: 'ok' }, path)
  }
})

test.serial('a port in use gives one line that says what to do', async (t) => {
  const other = createServer().listen(0, '127.0.0.1')
  t.teardown(() => other.close())
  await once(other, 'listening')
  const { port } = other.address() as AddressInfo
  const { code, output } = await runToEnd({ PORT: String(port), HOST: '127.0.0.1', DATA_DIR: await dataFolder(t) })
  t.is(code, 1)
  t.is(output, `Port ${port} is in use. Stop what uses it, or take another: PORT=${port + 1} npm start\n`)
})

test.serial('a database that it does not know, or cannot open, is named', async (t) => {
  const dataDir = await dataFolder(t)
  const unknown = await runToEnd({ PORT: '0', DATA_DIR: dataDir, DATABASE_URL: 'oracle:somewhere' })
  t.is(unknown.code, 1)
  t.regex(unknown.output, /^STORAGE_SQL_URL_UNKNOWN {2}storage-sql knows no database for the url "oracle:…"\./)
  t.notRegex(unknown.output, /\n\s+at /, 'no stack')
  const closed = await runToEnd({ PORT: '0', DATA_DIR: dataDir, DATABASE_URL: 'sqlite:/dev/null/chat.db' })
  t.is(closed.code, 1)
  t.regex(closed.output, /\/dev\/null/)
  t.notRegex(closed.output, /\n\s+at /, 'no stack')
})

test.serial('settings that make no sense are refused in words', async (t) => {
  const cases = [
    [{ PORT: 'abc' }, 'PORT is "abc"; it must be a whole number from 0 to 65535.\n'],
    [
      { DATABASE_URL: 'mongodb://a:secret@db/chat' },
      'DATABASE_URL is the address of a MongoDB; set MONGO_URL to it.\n',
    ],
    [{ PORT: '70000' }, 'PORT is "70000"; it must be a whole number from 0 to 65535.\n'],
    [
      { PUBLIC_URL: 'chat.example.org/a' },
      'PUBLIC_URL is "chat.example.org/a"; it must be an address without a path, like https://chat.example.org.\n',
    ],
    [{ OIDC_CLIENT_ID: 'natter' }, 'OIDC_ISSUER and OIDC_CLIENT_ID go together; one of them is missing.\n'],
    [
      { OIDC_CLIENT_ID: 'natter', OIDC_ISSUER: 'accounts' },
      'OIDC_ISSUER is "accounts"; it must be an https: address.\n',
    ],
    [{ PROXY: 'maybe' }, 'PROXY is "maybe"; it must be 1 or 0.\n'],
  ] as const
  for (const [env, expected] of cases) t.deepEqual(await runToEnd(env), { code: 1, output: expected })
  const host = await runToEnd({ PORT: '0', HOST: '203.0.113.1', DATA_DIR: await dataFolder(t) })
  t.is(host.code, 1)
  t.regex(host.output, /^HOST is "203\.0\.113\.1", which is no address of this machine\./)
})

test.serial('--help tells what can be set', async (t) => {
  const { code, output } = await runToEnd({}, ['--help'])
  t.is(code, 0)
  for (const name of ['PORT', 'HOST', 'DATA_DIR', 'DATABASE_URL', 'PUBLIC_URL', 'PROXY', 'OIDC_ISSUER'])
    t.regex(output, new RegExp(`^ {2}${name} `, 'm'))
  t.is((await runToEnd({}, ['--prot'])).code, 1)
})
