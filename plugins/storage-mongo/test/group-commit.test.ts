import test from 'ava'
import type { Document } from 'mongodb'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { direct, group, message, numbers } from './message.js'
import { openNoting } from './noting-client.js'

const setting = { models: [], clock: new FakeClock() }
const server = await foundServer(test)
if (server) {
  test('what came together is one command: intent, blocks, record, on a majority and in the journal', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    for (const i of numbers(0, 8)) await log.append(message(`c${i}`, 'a', 'open', { open: group('a') }))
    await log.latest()
    noted()
    await Promise.all(numbers(1, 100).map((i) => log.append(message(`c${i % 9}`, 'a', `m${i}`))))
    const inserts = noted().filter((command) => 'insert' in command)
    t.is(inserts.length, 1)
    const [insert] = inserts
    t.is(insert?.['ordered'], true)
    t.deepEqual(insert?.['writeConcern'], { w: 'majority', j: true, wtimeout: 10_000 })
    t.false('startTransaction' in insert!)
    const places = (insert!['documents'] as { _id: { c: string } }[]).map(({ _id }) => _id.c)
    t.deepEqual(places, ['~', 'c1', 'c2', 'c3', 'c4', 'c5', 'c6', 'c7', 'c8', 'c0', '!'])
  })

  test('two hundred senders are a command for each time that all of them wait, and what they move is written together', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await Promise.all(numbers(1, 200).map((i) => log.append(message(`c${i}`, 'a', '1', { open: group('a', 'b') }))))
    await log.latest()
    noted()
    for (const round of numbers(2, 6)) {
      const sent = await Promise.all(numbers(1, 200).map((i) => log.append(message(`c${i}`, 'a', String(round)))))
      for (const each of sent) t.like(each, { status: 'appended', seq: round })
    }
    const names = () => noted().map((command) => Object.keys(command)[0])
    t.deepEqual(names(), ['insert', 'insert', 'insert', 'insert', 'insert'])
    const states = await log.states('a', { after: 0, limit: 500 })
    t.is(names().filter((name) => name === 'update').length, 2)
    t.is(states.length, 200)
    for (const { seq, me } of states) t.deepEqual([seq, me.read], [6, 6])
  })

  test('every write asks for a majority and the journal, every read for what a majority has', async (t) => {
    const { store, noted } = await openNoting(await scratchUrl(server, t), setting, t)
    const { log } = store
    await log.append(message('c', 'a', '1', { open: direct('a', 'b') }))
    await log.append(message('c', 'a', '2'))
    await log.append(message('c', 'a', '2'))
    await log.mark('c', 'b', { read: 1 })
    await log.rewrite('c', 1, { body: 'x', by: 2 })
    await log.find('c', 'a', '1')
    await log.range('c', { from: 1, to: 9, limit: 9, bytes: 999 })
    await log.states('b', { after: 0, limit: 9 })
    await log.changed(0, 9)
    await log.begin()
    const kv = store.kv('suite')
    await kv.set('k', 'v')
    await kv.add('k', 'w')
    await kv.take('k')
    await store.sweep()
    await store.probe()
    const commands = noted()
    const writes = ['insert', 'update', 'delete', 'findAndModify', 'commitTransaction', 'createIndexes', 'create']
    for (const command of commands) {
      const [name] = Object.keys(command)
      if (name === 'abortTransaction' || name === 'listIndexes') continue
      // a transaction has its concern at the end
      if (writes.includes(name!) && command['autocommit'] === false && name !== 'commitTransaction') continue
      const asked = JSON.stringify(command)
      if (writes.includes(name!)) t.like(command['writeConcern'], { w: 'majority', j: true }, asked)
      else t.is((command['readConcern'] as Document | undefined)?.['level'], 'majority', asked)
    }
    t.true(commands.length > 25, String(commands.length))
  })

  test('a unique index of the database stands behind each of the three promises', async (t) => {
    const { store, client } = await openNoting(await scratchUrl(server, t), setting, t)
    await store.log.append(message('c', 'a', '1', { open: group('a') }))
    const log = store.native('mongo')!.db.collection<{ _id: { c: string; f: number }; k: string[] }>('natter_log')
    const keyOf = (clientId: string) => `a\0${clientId}`
    const refusal = (c: string, f: number, key: string) =>
      log.insertOne({ _id: { c, f }, k: [key] }).then(
        () => 'stored',
        (error: { keyPattern: object }) => Object.keys(error.keyPattern).join(),
      )
    t.is(await refusal('c', 1, keyOf('2')), '_id')
    t.is(await refusal('c', 2, keyOf('1')), '_id.c,k')
    t.is(await refusal('!', 1, 'other'), '_id')
    t.is(await refusal('d', 2, keyOf('1')), 'stored')
    t.truthy(client)
  })

  test('the queue is bounded', async (t) => {
    const { store, client } = await openNoting(await scratchUrl(server, t), setting, t)
    await store.log.append(message('c', 'a', '1', { open: group('a') }))
    t.truthy(client)
    const sends = await Promise.allSettled(numbers(1, 10_050).map((i) => store.log.append(message('c', 'a', `m${i}`))))
    const refused = sends.flatMap((send) =>
      send.status === 'rejected' ? [send.reason as { code: string; retryable: boolean }] : [],
    )
    t.is(refused.length, 50)
    t.true(refused.every(({ code, retryable }) => code === 'STORAGE_BUSY' && retryable))
    t.is((await store.log.head('c'))?.seq, 10_001)
  })
}
