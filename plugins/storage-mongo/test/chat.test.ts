import test from 'ava'
import { FakeClock, createTestServer } from '@natter/testkit'
import { offline } from '@natter/offline'
import { storageMongo } from '@natter/storage-mongo'
import { foundServer, scratchUrl } from './found-server.js'

const server = await foundServer(test)
if (server) {
  test('two people talk over a store on MongoDB, and what they said is there after a restart', async (t) => {
    const url = await scratchUrl(server, t)
    const clock = new FakeClock()
    const stops: (() => unknown)[] = []
    const context = { teardown: (run: () => unknown) => void stops.unshift(run) }
    const stop = async () => {
      for (const run of stops.splice(0)) await run()
    }
    t.teardown(stop)
    const start = () => createTestServer(context, { plugins: [offline()], storage: storageMongo({ url }), clock })
    const first = await start()
    const [alice, bob] = await first.friends('alice', 'bob')
    const heard = new Promise((resolve) => bob.on('message', resolve))
    const sending = alice.direct('bob').send({ text: 'hello' })
    t.like(await sending.sent, { durability: 'committed', seq: 1 })
    t.like(await heard, { text: 'hello' })
    await stop()

    const second = await start()
    const [, again] = await second.friends('alice', 'bob')
    const answer = await again.direct('alice').send({ text: 'still here' }).sent
    t.like(answer, { durability: 'committed', seq: 2 })
  })
}
