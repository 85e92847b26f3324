import test from 'ava'
import type { ExecutionContext } from 'ava'
import { MongoClient } from 'mongodb'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message } from './message.js'
import { openUrl, realClock } from './temp-store.js'

const setting = { models: [], clock: realClock }
const server = await foundServer(test)

/** A transaction as a server leaves it that dies in the middle of one: it has the place of the next change record. */
async function leaveOpen(t: ExecutionContext, url: string): Promise<{ commit(): Promise<void> }> {
  const client = new MongoClient(url)
  t.teardown(() => client.close())
  const log = client.db().collection<{ _id: unknown; k: string[] }>('natter_log')
  const session = client.startSession()
  await client
    .db()
    .collection<{ _id: unknown; at: Date }>('natter_sessions')
    .insertOne({ _id: session.id!.id, at: new Date() })
  const [last] = await log.find({ '_id.c': '!' }).sort({ _id: -1 }).limit(1).toArray()
  const f = (last!._id as { f: number }).f + 1
  session.startTransaction()
  await log.insertOne({ _id: { c: '!', f }, k: [String(f)] }, { session })
  return { commit: () => session.commitTransaction() }
}

if (server) {
  test('a server that died within a transaction does not hold up one that lives', async (t) => {
    t.timeout(120_000)
    const url = await scratchUrl(server, t)
    const store = await openUrl(url, setting)
    t.teardown(() => store.close())
    await store.log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    const dead = await leaveOpen(t, url)
    t.like(await store.log.append(message('c', 'a', '2')), { status: 'appended', seq: 2 })
    t.like(await store.log.append(message('d', 'a', '1', { open: group('a', 'b') })), { status: 'appended', seq: 1 })
    await t.throwsAsync(dead.commit())
  })

  test('a server that died within a transaction does not hold up the next start', async (t) => {
    t.timeout(120_000)
    const url = await scratchUrl(server, t)
    const first = await openUrl(url, setting)
    await first.log.append(message('c', 'a', '1', { open: group('a', 'b') }))
    await first.close()
    const dead = await leaveOpen(t, url)
    const store = await openUrl(url, setting)
    t.teardown(() => store.close())
    await t.throwsAsync(dead.commit())
    t.like(await store.log.append(message('c', 'a', '2')), { status: 'appended', seq: 2 })
  })

  test('one whose transaction was ended does it again', async (t) => {
    t.timeout(120_000)
    const url = await scratchUrl(server, t)
    const one = await openUrl(url, setting)
    t.teardown(() => one.close())
    const opened: Promise<unknown>[] = []
    for (let i = 0; i < 40; i++) opened.push(one.log.append(message(`c${i}`, 'a', '1', { open: group('a', 'b') })))
    for (let i = 0; i < 4; i++) await openUrl(url, setting).then((other) => other.close())
    for (const each of await Promise.all(opened)) t.like(each, { status: 'appended', seq: 1 })
  })
}
