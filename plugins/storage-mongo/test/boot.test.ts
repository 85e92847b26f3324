import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import test from 'ava'
import { MongoClient } from 'mongodb'
import { field, model } from '@natter/core/contract'
import { startServer } from '@natter/servers'
import { FakeClock } from '@natter/testkit'
import { configSchema, openStore } from '@natter/storage-mongo'
import { checkDurability } from '#src/durability.js'
import { foundServer, missingPrograms, scratchUrl } from './found-server.js'
import { message } from './message.js'
import { openUrl } from './temp-store.js'

const missing = await missingPrograms()
const server = await foundServer(test)
if (server && missing) test.skip(`MISSING: ${missing}`, (t) => t.fail())
const clock = new FakeClock()
const setting = { models: [], clock }
const open = (given: object) => openStore(configSchema.parse(given), clock)

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

test('an address that is none is refused without telling its password', async (t) => {
  for (const url of [
    'postgres://natter:secret@db/chat',
    'mongodb://natter:secret@',
    'mongodb://a:secret@b:x/c',
    'chat.db',
  ]) {
    const error = await t.throwsAsync(open({ url }), { code: 'STORAGE_MONGO_URL_INVALID', message: /mongodb:\/\/127/ })
    t.false(error?.message.includes('secret'), error?.message)
  }
})

test('a server that is not there is named, with what to look at', async (t) => {
  const port = await freePort()
  const error = await t.throwsAsync(open({ url: `mongodb://natter:secret@127.0.0.1:${port}/chat` }), {
    code: 'STORAGE_UNAVAILABLE',
    message: new RegExp(`cannot reach .*127\\.0\\.0\\.1:${port}.*\\n.*the server runs`),
  })
  t.false(error?.message.includes('secret'), error?.message)
})

test('options that are none are refused by name', (t) => {
  for (const [name, value] of Object.entries({
    prefix: 'a$',
    database: 'a.b',
    queue: 0,
    batch: 1_001,
    durability: 'none',
    client: {},
    collection: 'x',
  })) {
    const { error } = configSchema.safeParse({ [name]: value })
    t.regex(JSON.stringify(error?.issues), new RegExp(name))
  }
})

test('a set that does not write through is refused by name, unless that was accepted by name', (t) => {
  const engine = { name: 'wiredTiger', persistent: true }
  const good = { writeConcernMajorityJournalDefault: true, storageEngine: engine }
  t.true(checkDurability(good, 'full'))
  t.true(checkDurability({}, 'full'), 'what may not be read is not held against it')
  t.false(checkDurability(good, 'unsafe'))
  for (const weak of [
    { ...good, writeConcernMajorityJournalDefault: false },
    { ...good, storageEngine: { name: 'inMemory', persistent: false } },
  ]) {
    t.throws(() => checkDurability(weak, 'full'), {
      code: 'STORAGE_MONGO_DURABILITY_WEAK',
      message: /power cut \(.*(MajorityJournalDefault is false|inMemory keeps nothing)\).*\n.*durability: 'unsafe'/,
    } as object)
    t.false(checkDurability(weak, 'unsafe'))
  }
})

if (server) {
  test('a replica set of another name is told, not only that nothing answered', async (t) => {
    const url = new URL(await scratchUrl(server, t))
    url.searchParams.set('replicaSet', 'elsewhere')
    await t.throwsAsync(open({ url: url.href }), {
      code: 'STORAGE_UNAVAILABLE',
      message: /cannot reach .*\n.*its replica set is called "elsewhere"/,
    })
  })

  test('the store says where it is and how safe, and what it is on', async (t) => {
    const url = await scratchUrl(server, t)
    const name = new URL(url).pathname.slice(1)
    const store = await openUrl(url, setting)
    t.teardown(() => store.close())
    t.true(store.durable)
    t.is(store.description, `${name} at ${new URL(url).host} (MongoDB ${server.version}, majority and journal)`)
    const { db, prefix } = store.native('mongo')!
    t.deepEqual([db.databaseName, prefix], [name, 'natter_'])
    t.is(store.native('sql' as never), undefined)
  })

  test('a name that the server does not know is refused without telling the password', async (t) => {
    const url = (await scratchUrl(server, t)).replace('//', '//natter:secret@')
    const error = await t.throwsAsync(open({ url }), { code: 'STORAGE_MONGO_LOGIN_REFUSED' })
    t.false(error?.message.includes('secret'))
  })

  test("the host's own client is used and left open", async (t) => {
    const url = await scratchUrl(server, t)
    const client = new MongoClient(url, { ignoreUndefined: true, promoteLongs: false })
    t.teardown(() => client.close())
    const database = new URL(url).pathname.slice(1)
    const store = await open({ client, database, prefix: 'chat_' })
    await store.prepare([], [])
    await store.kv('suite').set('k', 'v')
    await store.close()
    t.is(await client.db(database).collection('chat_kv').countDocuments(), 1)
  })

  test('a database of a newer version is refused and left alone', async (t) => {
    const url = await scratchUrl(server, t)
    const store = await openUrl(url, setting)
    await store
      .native('mongo')!
      .db.collection('natter_meta')
      .updateOne({ _id: 'schema' as never }, { $set: { value: 99 } })
    await store.close()
    await t.throwsAsync(openUrl(url, setting), { code: 'STORAGE_MONGO_SCHEMA_NEWER' })
  })

  test('models that would share a collection are refused', async (t) => {
    const one = model('b-c', { fields: { id: field.id() }, key: ['id'] })
    const two = model('c', { fields: { id: field.id() }, key: ['id'] })
    const store = await openUrl(await scratchUrl(server, t), setting)
    t.teardown(() => store.close())
    await store.prepare([{ plugin: 'a', model: one }], [])
    await t.throwsAsync(store.prepare([{ plugin: 'a-b', model: two }], []), {
      code: 'STORAGE_MODEL_INVALID',
      message: /a-b\.c and a\.b-c would share/,
    })
  })

  test('two prefixes in one database do not see each other', async (t) => {
    const url = await scratchUrl(server, t)
    const stores = await Promise.all(['a_', 'b_'].map((prefix) => open({ url, prefix })))
    t.teardown(async () => void (await Promise.all(stores.map((store) => store.close()))))
    await Promise.all(stores.map((store) => store.prepare([], [])))
    await stores[0]!.log.append(message('c', 'a', '1', { open: { kind: 'group', members: ['a'] } }))
    await stores[0]!.kv('suite').set('k', 'v')
    t.is(await stores[1]!.log.head('c'), undefined)
    t.is(await stores[1]!.kv('suite').get('k'), undefined)
  })

  test('expired values are swept away at the second look, not the first', async (t) => {
    const turned = new FakeClock()
    const store = await openUrl(await scratchUrl(server, t), { models: [], clock: turned })
    t.teardown(() => store.close())
    const kept = async () => {
      const values = await store.native('mongo')!.db.collection('natter_kv').find().sort({ _id: 1 }).toArray()
      return values.map(({ _id }) => (_id as unknown as { k: string }).k)
    }
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

  if (missing === undefined) weakAndAlone(server.url)
}

function weakAndAlone(beside: string): void {
  test('a set whose majority does not wait for the journal does not start, unless that was accepted by name', async (t) => {
    const own = await startServer('mongo')
    t.teardown(() => own.stop())
    const client = new MongoClient(own.url)
    const admin = client.db('admin')
    const { config } = (await admin.command({ replSetGetConfig: 1 })) as { config: { version: number } }
    await admin.command({
      replSetReconfig: { ...config, version: config.version + 1, writeConcernMajorityJournalDefault: false },
      force: true,
    })
    await client.close()
    await t.throwsAsync(open({ url: own.url }), {
      code: 'STORAGE_MONGO_DURABILITY_WEAK',
      message: /writeConcernMajorityJournalDefault is false/,
    })
    const store = await open({ url: own.url, durability: 'unsafe' })
    t.false(store.durable)
    t.regex(store.description, /not durable: a power cut can lose messages/)
    await store.close()
  })

  test('a standalone server is refused, with the way to a replica set', async (t) => {
    const url = await standalone(t, beside)
    await t.throwsAsync(open({ url }), {
      code: 'STORAGE_MONGO_REPLICA_SET_REQUIRED',
      message: /--replSet .*rs\.initiate/,
    })
  })
}

/** A server of the same programs that belongs to no set. */
async function standalone(t: { teardown(run: () => Promise<void>): void }, beside: string): Promise<string> {
  const asking = new MongoClient(beside)
  const { argv } = (await asking.db('admin').command({ getCmdLineOpts: 1 })) as { argv: string[] }
  await asking.close()
  const folder = mkdtempSync(join(tmpdir(), 'natter-mongo-alone-'))
  const port = await freePort()
  const args = ['--dbpath', folder, '--port', String(port), '--bind_ip', '127.0.0.1', '--nounixsocket']
  const process = spawn(argv[0]!, args, { stdio: 'ignore' })
  const ended = once(process, 'exit')
  t.teardown(async () => {
    process.kill('SIGKILL')
    await ended
    rmSync(folder, { recursive: true, force: true })
  })
  const url = `mongodb://127.0.0.1:${port}/chat`
  for (;;) {
    const client = new MongoClient(url, { serverSelectionTimeoutMS: 200 })
    const there = await client.connect().then(
      () => true,
      () => false,
    )
    await client.close()
    if (there) return url
    await pause(50)
  }
}
