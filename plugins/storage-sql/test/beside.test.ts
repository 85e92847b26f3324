import { once } from 'node:events'
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { openSqlite } from '#src/sqlite/sqlite-database.js'
import { tempFolder } from './temp-store.js'

type Teardown = Parameters<typeof tempFolder>[0]
const all = { sql: 'select a from numbers order by a', bindings: [], rows: true }
const beside = { ...all, long: true }
/** Takes a second or so. */
const slow = {
  sql: `with recursive n (i) as (select 1 union all select i + 1 from n where i < 5000000)
    select count(*) + (select count(*) from numbers) from n`,
  bindings: [],
  rows: true,
  long: true,
}
const insert = (a: number) => ({ sql: 'insert into numbers values (?)', bindings: [a], rows: false })

/** A database with a table of numbers, in a file of its own unless told otherwise, and the workers that it starts. */
async function numbers(t: Teardown, file = join(tempFolder(t), 'chat.db')) {
  const workers: Worker[] = []
  const note = (worker: Worker) => void workers.push(worker)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  const clock = new FakeClock()
  const database = await openSqlite({
    file,
    durability: 'full',
    queue: 100,
    batch: 100,
    monotonic: () => clock.monotonic(),
  })
  t.teardown(() => database.close())
  await database.write({ sql: 'create table numbers (a integer)', bindings: [], rows: false })
  return { database, workers, file }
}

test.serial('a read that may take long goes on beside a transaction, and sees nothing of it', async (t) => {
  const { database } = await numbers(t)
  await database.write(insert(1))
  await database.exclusive(async (inside) => {
    await inside.write(insert(2))
    t.deepEqual((await inside.read(beside)).rows, [[1], [2]], 'within it there is one way')
    t.deepEqual((await database.read(beside)).rows, [[1]])
  })
  t.deepEqual((await database.read(beside)).rows, [[1], [2]])
})

test.serial('what was written is read beside, from the answer on', async (t) => {
  const { database } = await numbers(t)
  for (let a = 1; a <= 200; a++) {
    await database.write(insert(a))
    t.is((await database.read(beside)).rows.length, a)
  }
})

test.serial('it writes nothing', async (t) => {
  const { database } = await numbers(t)
  const sql = 'insert into numbers values (1) returning a'
  await t.throwsAsync(database.read({ sql, bindings: [], rows: true, long: true }))
  t.deepEqual((await database.read(all)).rows, [])
})

test.serial('it is started when it is needed, and again when it died', async (t) => {
  const { database, workers } = await numbers(t)
  t.is(workers.length, 1)
  await database.read(beside)
  t.is(workers.length, 2)
  const exited = once(workers[1]!, 'exit')
  const waiting = t.throwsAsync(database.read(beside), { code: 'STORAGE_UNAVAILABLE' })
  await workers[1]!.terminate()
  await Promise.all([exited, waiting])
  await database.write(insert(1))
  t.deepEqual((await database.read(beside)).rows, [[1]])
  t.is(workers.length, 3)
})

test.serial('the log is emptied behind the reads that are under way, and holds up nobody else', async (t) => {
  const { database, file } = await numbers(t)
  await database.write(insert(1))
  await database.read(beside)
  const order: string[] = []
  const note = async (what: string, done: Promise<unknown>) =>
    void (order.push(what), await done, order.push(`${what}!`))
  const first = note('slow', database.read(slow))
  const purge = note('purge', database.purge!()).then(() => order.push(`${statSync(`${file}-wal`).size} bytes`))
  const next = note('next', database.read(beside))
  await note('other', database.read(all))
  await Promise.all([first, purge, next])
  t.deepEqual(order, ['slow', 'purge', 'next', 'other', 'other!', 'slow!', 'purge!', '0 bytes', 'next!'])
})

test.serial('at the end the file is all there is, and nothing is asked any more', async (t) => {
  const { database, file } = await numbers(t)
  await database.write(insert(1))
  const read = database.read(beside)
  await database.close()
  t.deepEqual((await read).rows, [[1]])
  t.deepEqual(readdirSync(join(file, '..')), ['chat.db'])
  for (const each of [beside, all]) await t.throwsAsync(database.read(each), { code: 'STORAGE_CLOSED' })
})

test.serial('in memory there is one way to it', async (t) => {
  const { database, workers } = await numbers(t, ':memory:')
  await database.write(insert(1))
  t.deepEqual((await database.read(beside)).rows, [[1]])
  t.is(workers.length, 1)
})
