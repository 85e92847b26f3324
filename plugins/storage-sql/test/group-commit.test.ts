import { join } from 'node:path'
import test from 'ava'
import Driver from 'libsql'
import { FakeClock } from '@natter/testkit'
import { Batches } from '#src/sqlite/batch.js'
import { Connection } from '#src/sqlite/connection.js'
import type { Request } from '#src/sqlite/verbs.js'
import { message } from './message.js'
import { openFile, tempFolder } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }

/** Runs SQL on the file from outside, as a database that refuses rows for reasons of its own. */
function outside(file: string, sql: string): void {
  const driver = new Driver(file)
  driver.pragma('busy_timeout = 5000')
  driver.exec(sql)
}
const refusePoison = `create trigger poison before insert on natter_entry when new.body like '%poison%'
  begin select raise(abort, 'poisoned'); end`

class Counted extends Connection {
  readonly ran: string[] = []
  override exec(sql: string): void {
    this.ran.push(sql)
    super.exec(sql)
  }
}

test('what came together is one transaction', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  await (await openFile(file, setting)).close()
  const connection = new Counted({ file, durability: 'full' })
  t.teardown(() => connection.close())
  const requests = Array.from({ length: 100 }, (_, i): Request => [
    i,
    'append',
    message(`c${i % 9}`, `u${i}`, 'm', { open: { kind: 'group', members: [] } }),
    0,
  ])
  const { answers, failed } = new Batches(connection).writes(requests)
  t.is(failed, undefined)
  t.is(answers.filter(([, fault]) => fault === undefined).length, 100)
  t.deepEqual(connection.ran, ['BEGIN IMMEDIATE', 'COMMIT'])
})

test('a row that the database refuses fails alone, and everybody keeps their order', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  await store.log.append(message('c', 'a', 'open', { open: { kind: 'group', members: ['a', 'b'] } }))
  outside(file, refusePoison)
  const kv = store.kv('suite')
  const sends = Array.from({ length: 40 }, (_, i) => {
    const body = i % 13 === 5 ? '{"text":"poison"}' : `{"text":"${i}"}`
    return store.log.append(
      message(i % 2 ? 'c' : 'd', i % 3 ? 'a' : 'b', `m${i}`, { body, open: { kind: 'group', members: ['a'] } }),
    )
  })
  const [results] = await Promise.all([
    Promise.allSettled(sends),
    kv.set('k', 'v'),
    store.log.mark('c', 'b', { read: 1 }),
  ])
  for (const [i, result] of results.entries()) {
    if (i % 13 === 5) t.is(result.status === 'rejected' && (result.reason as { code: string }).code, 'STORAGE_INVALID')
    else t.is(result.status === 'fulfilled' && result.value.status, 'appended')
  }
  t.is(await kv.get('k'), 'v')
  for (const conversation of ['c', 'd']) {
    const entries = await store.log.range(conversation, { from: 1, to: 100, limit: 500, bytes: 1e9 })
    t.deepEqual(
      entries.map(({ seq, n }) => [seq, n]),
      entries.map((_, i) => [i + 1, i + 1]),
    )
    for (const from of ['a', 'b']) {
      const ids = entries
        .filter((entry) => entry.from === from && entry.clientId !== 'open')
        .map(({ clientId }) => Number(clientId.slice(1)))
      t.deepEqual(
        ids,
        ids.toSorted((a, b) => a - b),
      )
      t.true(ids.length > 3)
    }
  }
  const again = await store.log.append(message('c', 'a', 'm5', { body: '{"text":"clean"}' }))
  t.is(again.status, 'appended', 'the refused key is free')
})

test('when the commit fails all of it fails, retryable, and nothing is remembered', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting)
  t.teardown(() => store.close())
  await store.log.append(message('c', 'a', 'open', { open: { kind: 'group', members: ['a'] } }))
  outside(
    file,
    `create table parent (id integer primary key);
     create table child (id integer references parent (id) deferrable initially deferred);
     create trigger doom after insert on natter_entry when new.body like '%doom%' begin insert into child values (1); end`,
  )
  const sends = await Promise.allSettled(
    ['m1', 'doom', 'm2'].map((id) => store.log.append(message('c', 'a', id, { open: { kind: 'group', members: [] } }))),
  )
  const reasons = sends.map(
    (send) => send.status === 'rejected' && (send.reason as { code: string; retryable: boolean }),
  )
  t.true(reasons.every((reason) => reason && reason.code === 'STORAGE_UNAVAILABLE' && reason.retryable))
  t.is((await store.log.head('c'))?.seq, 1)
  outside(file, 'drop trigger doom')
  const retried = await Promise.all(['m1', 'doom', 'm2'].map((id) => store.log.append(message('c', 'a', id))))
  t.deepEqual(
    retried.map((answer) => 'seq' in answer && answer.seq),
    [2, 3, 4],
  )
})

test('a unique index of the database stands behind each of the two promises', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, setting)
  await store.log.append(message('c', 'a', '1', { open: { kind: 'group', members: ['a'] } }))
  await store.close()
  const insert = (seq: number, client: string) =>
    `insert into natter_entry (conv, seq, n, sender, client, at, body, digest) values (1, ${seq}, 1, 'a', '${client}', 1, '{}', '')`
  const refusal = (sql: string) => {
    try {
      outside(file, sql)
      return 'stored'
    } catch (error) {
      return (error as Error).message
    }
  }
  t.is(refusal(insert(1, '2')), 'UNIQUE constraint failed: natter_entry.conv, natter_entry.seq')
  t.regex(
    refusal(insert(2, '1')),
    /^UNIQUE constraint failed: natter_entry.conv, natter_entry.sender, natter_entry.client$/,
  )
  t.is(refusal(insert(2, '2')), 'stored')
})
