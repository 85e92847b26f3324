import test from 'ava'
import type { ExecutionContext } from 'ava'
import { field, model } from '@natter/core/contract'
import { hasPrograms, startServer } from '@natter/servers'
import { configSchema, openStore } from '@natter/storage-sql'
import { FakeClock } from '@natter/testkit'
import * as mysqlSettings from '#src/mysql/settings.js'
import * as postgresSettings from '#src/postgres/settings.js'
import { driver } from '#src/server/server-place.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const clock = new FakeClock()
const setting = { models: [], clock }
const names = { postgres: 'PostgreSQL', mariadb: 'MariaDB', mongo: '' }

/** Opening fails with one code, and with a text that a person can use; the password is not in it. */
async function refused(t: ExecutionContext, url: string, code: string, says: RegExp): Promise<void> {
  const error = await t.throwsAsync(openStore(configSchema.parse({ url }), clock), { code, message: says })
  t.false(error?.message.includes('s3cret'))
}

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  const changed = (url: string, change: (parts: URL) => void) => {
    const parts = new URL(url)
    change(parts)
    return parts.href
  }

  test.serial(`${kind}: a store says where it is and how safe, without the password`, async (t) => {
    const url = await server.database()
    const { host, pathname } = new URL(url)
    const withPassword = kind === 'postgres' ? changed(url, (parts) => (parts.password = 's3cret')) : url
    const store = await openUrl(withPassword, setting)
    t.teardown(() => store.close())
    t.is(store.description, `${host}${pathname} (${names[kind]} ${server.found.version}, synchronous)`)
    t.true(store.durable)
    t.is(store.native('sql')?.dialect, kind)
  })

  test.serial(
    `${kind}: a server that is not there, a database that is missing and a wrong user are told in a line`,
    async (t) => {
      const url = await server.database()
      await refused(
        t,
        changed(url, (parts) => (parts.port = '1')),
        'STORAGE_UNAVAILABLE',
        /at 127\.0\.0\.1:1\/natter_test.*ECONNREFUSED.*\n.*Check the url/,
      )
      await refused(
        t,
        changed(url, (parts) => (parts.pathname = '/missing')),
        'STORAGE_UNAVAILABLE',
        /missing.*\n.*Check the url/,
      )
      const stranger = changed(url, (parts) => ((parts.username = 'stranger'), (parts.password = 's3cret')))
      await refused(t, stranger, 'STORAGE_UNAVAILABLE', /stranger.*\n.*Check the url/)
      await refused(
        t,
        `${new URL(url).protocol}//a:s3cret@:x/`,
        'STORAGE_SQL_URL_UNKNOWN',
        /cannot read the url.*\n.*:\/\/user:password@host/,
      )
    },
  )

  const apart = [{ prefix: 'other_' }, ...(kind === 'postgres' ? [{ schema: 'other' }] : [])]
  for (const other of apart)
    test.serial(
      `${kind}: two stores of which one has a ${Object.keys(other).join()} share a database and see nothing of each other`,
      async (t) => {
        const url = await server.database()
        const note = model('note', { fields: { id: field.id(), n: field.int({ optional: true }) }, key: ['id'] })
        const owned = { models: [{ plugin: 'suite', model: note }], clock }
        const one = await openUrl(url, owned)
        const two = await openUrl(url, owned, other)
        t.teardown(() => Promise.all([one.close(), two.close()]).then(() => undefined))
        await one.kv('a').set('k', 'v')
        t.is(await two.kv('a').get('k'), undefined)
        await one.records('suite', note).insert({ id: 'x' })
        t.is(await two.records('suite', note).get({ id: 'x' }), undefined)
        t.deepEqual(await one.records('suite', note).get({ id: 'x' }), { id: 'x' })
        const append = {
          conversation: 'c',
          from: 'a',
          clientId: '1',
          at: 1,
          body: '{}',
          digest: '',
          counts: true,
        } as const
        t.like(await two.log.append({ ...append, open: { kind: 'group', members: ['a'] } }), {
          status: 'appended',
          seq: 1,
        })
        t.is(await one.log.head('c'), undefined)
        const wider = model('note', {
          fields: { id: field.id(), n: field.int({ optional: true }), at: field.time({ optional: true }) },
          key: ['id'],
          indexes: [['n']],
        })
        await two.prepare([{ plugin: 'suite', model: wider }], [])
        await two.records('suite', wider).insert({ id: 'y', n: 1, at: 2 })
        t.deepEqual((await two.records('suite', wider).page({ n: 1 })).rows, [{ id: 'y', n: 1, at: 2 }])
        await two.prepare(owned.models, [])
      },
    )

  test.serial(`${kind}: a database of a newer version is refused and left alone`, async (t) => {
    const url = await server.database()
    const store = await openUrl(url, setting)
    await store
      .native('sql')!
      .write({ sql: "update natter_meta set value = 99 where name = 'schema'", bindings: [], rows: false })
    await store.close()
    await t.throwsAsync(openUrl(url, setting), { code: 'STORAGE_SQL_SCHEMA_NEWER' })
  })

  test.serial(`${kind}: more than the queue holds is refused as busy, and the rest is stored`, async (t) => {
    const store = await openUrl(await server.database(), setting, { queue: 20 })
    t.teardown(() => store.close())
    const append = {
      conversation: 'c',
      from: 'a',
      at: 1,
      body: '{}',
      digest: '',
      counts: true,
      open: { kind: 'group', members: [] },
    }
    const sends = Array.from({ length: 50 }, (_, i) => store.log.append({ ...append, clientId: `m${i}` }))
    const reasons = (await Promise.allSettled(sends)).flatMap((each) =>
      each.status === 'rejected' ? [each.reason as { code: string }] : [],
    )
    t.deepEqual(
      reasons.map(({ code }) => code),
      Array.from({ length: 30 }, () => 'STORAGE_BUSY'),
    )
    t.is((await store.log.head('c'))?.seq, 20)
  })

  if (!hasPrograms(kind)) {
    test.skip(`MISSING: programs of ${kind} on this machine, to start it with weak settings`, (t) => t.fail())
    return
  }
  const weak =
    kind === 'postgres' ? ['fsync', 'full_page_writes'] : ['innodb_doublewrite', 'innodb_flush_log_at_trx_commit']
  for (const name of weak) {
    test.serial(
      `${kind}: a server with ${name} off is refused by name, unless that was accepted by name`,
      async (t) => {
        const off = name === 'innodb_flush_log_at_trx_commit' ? '2' : 'off'
        const own = await startServer(kind, { settings: { [name]: off } })
        t.teardown(() => own.stop())
        const { url } = await own.scratch()
        await refused(
          t,
          url,
          'STORAGE_SQL_DURABILITY_WEAK',
          new RegExp(`${name} is ${off}.*\\n.*durability: 'unsafe'`, 'i'),
        )
        const store = await openUrl(url, setting, { durability: 'unsafe' })
        t.false(store.durable)
        t.regex(store.description, /not synchronous: a power cut can lose messages/)
        await store.close()
      },
    )
  }
})

test('each setting that loses messages is found, alone', (t) => {
  const postgres = { fsync: 'on', full_page_writes: 'on', synchronous_commit: 'on' }
  t.true(postgresSettings.checkDurable(postgres, 'full'))
  t.true(postgresSettings.checkDurable({ ...postgres, synchronous_commit: 'remote_apply' }, 'full'))
  for (const name of Object.keys(postgres)) {
    const facts = { ...postgres, [name]: 'off' }
    t.throws(() => postgresSettings.checkDurable(facts, 'full'), {
      code: 'STORAGE_SQL_DURABILITY_WEAK',
      message: new RegExp(name),
    })
    t.false(postgresSettings.checkDurable(facts, 'unsafe'))
  }
  const mysql = { innodb_flush_log_at_trx_commit: '1', innodb_doublewrite: 'ON', log_bin: 'OFF', sync_binlog: '0' }
  t.true(mysqlSettings.checkDurable(mysql, 'full'))
  t.true(mysqlSettings.checkDurable({ ...mysql, log_bin: 'ON', sync_binlog: '1' }, 'full'))
  for (const [name, value] of [
    ['innodb_flush_log_at_trx_commit', '2'],
    ['innodb_flush_log_at_trx_commit', '0'],
    ['innodb_doublewrite', 'OFF'],
    ['log_bin', 'ON'],
  ] as const) {
    const facts = { ...mysql, [name]: value }
    t.throws(() => mysqlSettings.checkDurable(facts, 'full'), { code: 'STORAGE_SQL_DURABILITY_WEAK' })
    t.false(mysqlSettings.checkDurable(facts, 'unsafe'))
  }
})

test('a server that is too old, of another encoding, or that takes no writes is refused in words', (t) => {
  const code = 'STORAGE_SQL_SERVER_UNFIT'
  const postgres = {
    version: '15.1',
    major: 15,
    encoding: 'UTF8',
    standby: false,
    schema: 'public',
    fsync: 'on',
    full_page_writes: 'on',
    synchronous_commit: 'on',
  }
  postgresSettings.checkFit('db', postgres)
  for (const [wrong, message] of [
    [{ version: '12.3', major: 12 }, /version 12\.3.*\n.*13/],
    [{ encoding: 'LATIN1' }, /LATIN1.*\n.*UTF8/],
    [{ standby: true }, /no writes.*\n.*primary/],
    [{ schema: null }, /no schema.*\n.*schema/],
  ] as const) {
    t.throws(() => postgresSettings.checkFit('db', { ...postgres, ...wrong }), { code, message })
  }
  const mysql = {
    version: '10.11.2',
    mariadb: true,
    database: 'chat',
    read_only: 'OFF',
    autocommit: 'ON',
    sql_mode: 'STRICT_TRANS_TABLES',
    innodb_flush_log_at_trx_commit: '1',
    innodb_doublewrite: 'ON',
    log_bin: 'OFF',
    sync_binlog: '0',
  }
  mysqlSettings.checkFit('db', mysql)
  mysqlSettings.checkFit('db', { ...mysql, mariadb: false, version: '8.0.36' })
  for (const [wrong, message] of [
    [{ version: '10.5.9' }, /version 10\.5\.9.*\n.*10\.6/],
    [{ version: '5.7.44', mariadb: false }, /MySQL .*version 5\.7\.44/],
    [{ database: null }, /names no database/],
    [{ read_only: 'ON' }, /no writes/],
    [{ autocommit: 'OFF' }, /do not commit/],
    [{ sql_mode: '' }, /not strict/],
    [{ sql_mode: 'STRICT_ALL_TABLES,NO_BACKSLASH_ESCAPES' }, /NO_BACKSLASH_ESCAPES/],
  ] as const) {
    t.throws(() => mysqlSettings.checkFit('db', { ...mysql, ...wrong }), { code, message })
  }
})

test('a driver that is not installed is named, with the command that installs it', async (t) => {
  await t.throwsAsync(
    driver('pg', () => import('no-such-driver' as string)),
    {
      code: 'STORAGE_SQL_DRIVER_MISSING',
      message: /needs the driver "pg".*\n.*npm install pg/,
    },
  )
})
