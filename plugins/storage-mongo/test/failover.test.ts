import test from 'ava'
import { startReplicaSet } from '@natter/servers'
import { Follower } from './follower.js'
import { missingPrograms } from './found-server.js'
import { group, message, numbers } from './message.js'
import { openUrl, realClock } from './temp-store.js'

const missing = await missingPrograms()
if (missing) test.skip(`MISSING: ${missing}`, (t) => t.fail())
else {
  test('a primary that steps down, and one that is killed, lose, repeat and skip nothing', async (t) => {
    t.timeout(300_000)
    const set = await startReplicaSet()
    t.teardown(() => set.stop())
    const { url } = await set.scratch()
    const stores = await Promise.all([1, 2].map(() => openUrl(url, { models: [], clock: realClock })))
    t.teardown(async () => void (await Promise.all(stores.map((store) => store.close()))))
    const [one, two] = stores as [(typeof stores)[0], (typeof stores)[0]]
    await one.log.append(message('c', 'a', 'open', { open: group('a', 'reader') }))
    const acked: { readonly key: string; readonly seq: number }[] = []
    let sending = true
    let refused = 0
    const send = async (n: number) => {
      const { log } = n % 2 ? one : two
      for (let i = 1; sending; i++) {
        const append = message(i % 3 === 0 ? `d${n}` : 'c', `u${n}`, `m${i}`, { open: group('reader') })
        for (;;) {
          try {
            const answer = await log.append(append)
            if (!('seq' in answer)) throw new Error(answer.status)
            acked.push({ key: `${append.conversation} u${n} m${i}`, seq: answer.seq })
            break
          } catch (error) {
            if ((error as { retryable?: boolean }).retryable !== true) throw error
            refused++
          }
        }
      }
    }
    const sends = Promise.all(numbers(1, 12).map(send))
    const more = async () => {
      const enough = acked.length + 150
      while (acked.length < enough) await new Promise((resolve) => setImmediate(resolve))
    }
    const fence = one.native('mongo')!.db.collection<{ _id: string; value: number }>('natter_meta')
    const fenced = async () => (await fence.findOne({ _id: 'fence' }))!.value
    await more()
    const before = await fenced()
    await set.stepDown()
    await more()
    t.true((await fenced()) > before, 'a new primary is written to before it is read')
    const killed = await set.primary()
    await killed.kill('SIGKILL')
    await set.primary()
    await more()
    await killed.restart()
    await more()
    sending = false
    await sends

    const followers = [new Follower(one.log), new Follower(two.log, 'reader')]
    for (const follower of followers) await follower.catchUp()
    const stored = new Map<string, number>()
    for (const conversation of ['c', ...numbers(1, 12).map((n) => `d${n}`)]) {
      const head = await one.log.head(conversation)
      if (!head) continue
      let count = 0
      for (let from = 1; from <= head.seq; from += 500) {
        for (const entry of await one.log.range(conversation, { from, to: head.seq, limit: 500, bytes: 1e9 })) {
          t.is(entry.seq, ++count)
          t.false(stored.has(`${conversation} ${entry.from} ${entry.clientId}`))
          stored.set(`${conversation} ${entry.from} ${entry.clientId}`, entry.seq)
        }
      }
      for (const { seen } of followers) t.is(seen.get(conversation), head.seq)
    }
    for (const { key, seq } of acked) t.is(stored.get(key), seq, key)
    t.is(stored.size, acked.length + 1)
    t.log(`${acked.length} acknowledged, ${refused} told to try again`)
  })
}
