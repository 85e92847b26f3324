import test from 'ava'
import { MongoClient } from 'mongodb'
import { exclusive } from '#src/store-lock.js'
import type { MetaDocument } from '#src/store-lock.js'
import { foundServer, scratchUrl } from './found-server.js'
import { numbers } from './message.js'

const server = await foundServer(test)
if (server) {
  const open = async (t: { teardown(run: () => Promise<void>): void }) => {
    const client = new MongoClient(await scratchUrl(server, t))
    t.teardown(() => client.close())
    return client.db().collection<MetaDocument>('meta')
  }

  test('of many who want the lock one has it, and the next when it is done or has failed', async (t) => {
    const meta = await open(t)
    let inside = 0
    const ended = await Promise.allSettled(
      numbers(1, 8).map((i) =>
        exclusive(meta, async () => {
          t.is(++inside, 1)
          await meta.findOne()
          inside--
          if (i % 2) throw new Error('broken off')
          return i
        }),
      ),
    )
    t.deepEqual(
      ended.map(({ status }) => status),
      numbers(1, 8).map((i) => (i % 2 ? 'rejected' : 'fulfilled')),
    )
    t.is(await meta.countDocuments(), 0)
  })

  test('a lock whose holder is gone is free when its time is over, by the clock of the database', async (t) => {
    const meta = await open(t)
    const now = async () => ((await meta.db.admin().command({ hello: 1 })) as { localTime: Date }).localTime.getTime()
    const until = (await now()) + 700
    await meta.insertOne({ _id: 'lock', owner: 'gone', until: new Date(until) })
    t.true((await exclusive(meta, now)) >= until)
  })
}
