import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message, numbers } from './message.js'
import { openNoting } from './noting-client.js'
import { openUrl } from './temp-store.js'

const server = await foundServer(test)
if (server) {
  test('who was away for long reads what others have committed in pieces, and misses none', async (t) => {
    const url = await scratchUrl(server, t)
    const setting = { models: [], clock: new FakeClock() }
    const writing = await openUrl(url, setting)
    t.teardown(() => writing.close())
    await writing.log.append(message('c', 'a', '1', { open: group('a') }))
    const late = await openNoting(url, setting, t)
    const before = await late.store.log.latest()
    const records = writing.native('mongo')!.db.collection<{ _id: { c: string; f: number } }>('natter_log')
    const newest = await records.findOne({ '_id.c': '!' }, { sort: { _id: -1 } })
    const places = numbers(1, 2_500).map((i) => newest!._id.f + i)
    await records.insertMany(places.map((f) => ({ _id: { c: '!', f }, k: [String(f)], e: [], b: 'another' }) as never))
    await writing.log.append(message('c', 'a', '2'))
    late.noted()
    t.deepEqual(
      (await late.store.log.changed(before, 10)).map(({ conversation, seq }) => [conversation, seq]),
      [['c', 2]],
    )
    const looks = late.noted().filter(({ find, limit }) => find === 'natter_log' && limit === 1_000)
    t.is(looks.length, 3)
  })
}
