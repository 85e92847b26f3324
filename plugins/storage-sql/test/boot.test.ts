import { existsSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import Driver from 'libsql'
import { field, model } from '@natter/core/contract'
import { FakeClock } from '@natter/testkit'
import { configSchema, openStore } from '@natter/storage-sql'
import { checkPragmas } from '#src/sqlite/pragmas.js'
import { openFile, tempFolder } from './temp-store.js'

const clock = new FakeClock()
const setting = { models: [], clock }

test('the folder and the file are made for this user alone, and the store says where it is', async (t) => {
  const folder = join(tempFolder(t), 'deep', 'data')
  const file = join(folder, 'chat.db')
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  await store.probe()
  t.is(store.description, `${file} (SQLite, full sync)`)
  t.true(store.durable)
  for (const name of ['', '-wal', '-shm']) t.is(statSync(file + name).mode & 0o777, 0o600, name)
  t.is(statSync(folder).mode & 0o777, 0o700)
})

test('the database runs with the settings that the promise needs', async (t) => {
  const store = await openFile(join(tempFolder(t), 'chat.db'), setting)
  t.teardown(() => store.close())
  const native = store.native('sql')!
  const pragma = async (name: string) =>
    (await native.read({ sql: `pragma ${name}`, bindings: [], rows: true })).rows[0]?.[0]
  t.deepEqual(
    await Promise.all(['journal_mode', 'synchronous', 'busy_timeout', 'secure_delete', 'foreign_keys'].map(pragma)),
    ['wal', 2, 5000, 1, 1],
  )
})

test('a database that does not write through is refused by name, unless that was accepted by name', (t) => {
  const good = { journal_mode: 'wal', synchronous: 2, busy_timeout: 5000, secure_delete: 1, foreign_keys: 1 }
  const reading = (values: object) => (name: string) => (values as Record<string, unknown>)[name]
  t.true(checkPragmas(reading(good), 'full'))
  for (const [name, value] of [
    ['journal_mode', 'delete'],
    ['synchronous', 1],
    ['synchronous', 0],
    ['busy_timeout', 0],
    ['secure_delete', 0],
    ['foreign_keys', 0],
  ] as const) {
    const weak = reading({ ...good, [name]: value })
    t.throws(() => checkPragmas(weak, 'full'), {
      message: new RegExp(`storage-sql: .*\\(${name} is ${value}\\).*\\n.*durability: 'unsafe'`),
    })
    t.false(checkPragmas(weak, 'unsafe'))
  }
})

test('unsafe is faster, and says so', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting, { durability: 'unsafe' })
  t.teardown(() => store.close())
  t.false(store.durable)
  t.is(store.description, `${file} (SQLite, without full sync: a power cut can lose messages)`)
})

test('a database in memory works and promises nothing', async (t) => {
  const store = await openStore(configSchema.parse({ url: 'sqlite::memory:' }), clock)
  t.teardown(() => store.close())
  await store.prepare([], [])
  await store.kv('suite').set('k', 'v')
  t.is(await store.kv('suite').get('k'), 'v')
  t.false(store.durable)
  t.is(store.description, 'memory (SQLite, nothing is kept)')
  t.false(existsSync(':memory:'))
})

test('an url of another database is refused without telling its password', async (t) => {
  for (const url of [
    'oracle://natter:secret@db/chat',
    'postgres://natter:secret@',
    'POSTGRES://natter:secret@db/chat',
    'chat_user:secret@db/chat',
    'data/chat.db',
    'sqlite:',
    'file:x.db',
  ]) {
    const error = await t.throwsAsync(openStore(configSchema.parse({ url }), clock), {
      code: 'STORAGE_SQL_URL_UNKNOWN',
    })
    t.false(error?.message.includes('secret'))
  }
  const unknown = (url: string, message: RegExp) =>
    t.throwsAsync(openStore(configSchema.parse({ url }), clock), { code: 'STORAGE_SQL_URL_UNKNOWN', message })
  await unknown('oracle:x', /"oracle:…".*\n.*sqlite:.*postgres:.*mariadb:/)
  await unknown('mongodb://natter:secret@db/chat', /"mongodb:…".*\n.*storageMongo/)
})

test('what is for servers only is refused for a file', async (t) => {
  for (const more of [{ prefix: 'other_' }, { schema: 'chat' }]) {
    const config = configSchema.parse({ url: 'sqlite::memory:', ...more })
    await t.throwsAsync(openStore(config, clock), { code: 'STORAGE_SQL_SERVER_UNFIT', message: /\n {2}Name / })
  }
})

test('what is no database is refused, naming the file', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  writeFileSync(file, 'a letter to my bank, not a database. '.repeat(200))
  await t.throwsAsync(openFile(file, setting), {
    code: 'STORAGE_UNAVAILABLE',
    message: /cannot open .*chat\.db: file is not a database/,
  })
})

test('a database of a newer version is refused and left alone', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  await (await openFile(file, setting)).close()
  const driver = new Driver(file)
  driver.exec("update natter_meta set value = 99 where name = 'schema'")
  await t.throwsAsync(openFile(file, setting), { code: 'STORAGE_SQL_SCHEMA_NEWER' })
})

test('models that would share a table are refused', async (t) => {
  const one = model('b-c', { fields: { id: field.id() }, key: ['id'] })
  const two = model('c', { fields: { id: field.id() }, key: ['id'] })
  const store = await openFile(join(tempFolder(t), 'chat.db'), setting)
  t.teardown(() => store.close())
  const both = [
    { plugin: 'a', model: one },
    { plugin: 'a-b', model: two },
  ]
  await t.throwsAsync(store.prepare(both, []), {
    code: 'STORAGE_MODEL_INVALID',
    message: /a-b\.c and a\.b-c would share/,
  })
})

test('a data step that fails leaves nothing behind', async (t) => {
  const note = model('note', { fields: { id: field.id() }, key: ['id'] })
  const models = [{ plugin: 'suite', model: note }]
  const store = await openFile(join(tempFolder(t), 'chat.db'), { models, clock })
  t.teardown(() => store.close())
  let broken = true
  const step = {
    id: 'half',
    async up(inside: typeof store | Parameters<typeof fill>[0]) {
      await fill(inside)
      if (broken) throw new Error('power is out')
    },
  }
  const fill = async (inside: Pick<typeof store, 'records' | 'kv' | 'log'>) => {
    t.is(await inside.records('suite', note).insert({ id: 'x' }), 'inserted')
    t.is(await inside.records('suite', note).insert({ id: 'x' }), 'exists')
    await inside.kv('suite').set('k', 'v')
    const entry = { conversation: 'c', from: 'system', clientId: '1', at: 1, body: '{}', digest: '', counts: false }
    t.is((await inside.log.append({ ...entry, open: { kind: 'group', members: [] } })).status, 'appended')
  }
  const steps = [{ plugin: 'suite', step }]
  await t.throwsAsync(store.prepare(models, steps), {
    code: 'STORAGE_STEP_FAILED',
    message: /"half" of suite failed: power is out/,
  })
  t.is(await store.records('suite', note).get({ id: 'x' }), undefined)
  t.is(await store.kv('suite').get('k'), undefined)
  t.is(await store.log.head('c'), undefined)
  broken = false
  await store.prepare(models, steps)
  t.deepEqual(await store.records('suite', note).get({ id: 'x' }), { id: 'x' })
  t.is((await store.log.head('c'))?.seq, 1)
})

test('expired values are swept away at the second look, not the first', async (t) => {
  const turned = new FakeClock()
  const store = await openFile(join(tempFolder(t), 'chat.db'), { models: [], clock: turned })
  t.teardown(() => store.close())
  const kept = async () =>
    (
      await store.native('sql')!.read({ sql: 'select key from natter_kv order by key', bindings: [], rows: true })
    ).rows.flat()
  const kv = store.kv('suite')
  await kv.set('forever', 'v')
  await kv.set('short', 'v', { ttlMs: 1_000 })
  await kv.set('long', 'v', { ttlMs: 90_000 })
  await turned.advance(60_000)
  await store.sweep()
  t.deepEqual(await kept(), ['forever', 'long', 'short'])
  turned.jump(3_600_000)
  await store.sweep()
  t.deepEqual(await kept(), ['forever', 'long'])
  turned.jump(-3_600_000)
  t.is(await kv.get('long'), 'v')
  await turned.advance(60_000)
  await store.sweep()
  t.deepEqual(await kept(), ['forever'])
})
