import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { marksFor } from '#src/log/changes.js'
import { foundServer, scratchUrl } from './found-server.js'
import { group, message, numbers } from './message.js'
import { openUrl } from './temp-store.js'

const server = await foundServer(test)
const settled = { latest: 5_003, bound: 5_119 }

test('what is beyond the bound is told under marks that are nobody’s, behind all others', (t) => {
  t.deepEqual(marksFor([4_000, 5_003, 6_144, 7_168], 3_999, settled), [4_000, 5_003, 5_004, 5_005])
  t.deepEqual(marksFor([6_144], 5_010, settled), [5_011])
  t.deepEqual(marksFor([6_144, 6_145], 5_118, settled), [5_119])
  t.deepEqual(marksFor([6_144], 5_119, settled), [])
})

if (server) {
  test('a conversation that another server has moved on already is told at once', async (t) => {
    const store = await openUrl(await scratchUrl(server, t), { models: [], clock: new FakeClock() })
    t.teardown(() => store.close())
    const { log } = store
    for (const c of ['c', 'd', 'e']) await log.append(message(c, 'a', '1', { open: group('a') }))
    const before = await log.latest()
    for (const i of numbers(2, 4)) for (const c of ['c', 'd']) await log.append(message(c, 'a', String(i)))
    const latest = await log.latest()
    // as after the records that follow, which we have not read when we look
    const conversations = store.native('mongo')!.db.collection<{ _id: string }>('natter_conversations')
    await conversations.updateOne({ _id: 'c' }, { $max: { m: latest + 50_000 } })
    const changed = await log.changed(before, 10)
    t.deepEqual(
      changed.map(({ conversation, seq }) => [conversation, seq]),
      [
        ['d', 4],
        ['c', 4],
      ],
    )
    t.true(changed[1]!.mark > latest && changed[1]!.mark < latest + 1_024)
    const states = await log.states('a', { after: before, limit: 10 })
    t.deepEqual(
      states.map(({ conversation, mark }) => [conversation, mark]),
      changed.map(({ conversation, mark }) => [conversation, mark]),
    )
  })
}
