import test from 'ava'
import { FaultyLink } from '@natter/servers'
import { foundServer, scratchUrl } from './found-server.js'
import { Follower } from './follower.js'
import { direct, group, message, numbers } from './message.js'
import { openUrl, realClock } from './temp-store.js'

const setting = { models: [], clock: realClock }
const server = await foundServer(test)

if (server) {
  for (const direction of ['replies', 'requests'] as const) {
    test.serial(`connections that break in the middle of ${direction} lose, repeat and skip nothing`, async (t) => {
      t.timeout(180_000)
      const url = await scratchUrl(server, t)
      const link = await FaultyLink.open(url)
      t.teardown(() => link.close())
      const store = await openUrl(link.url, setting)
      t.teardown(() => store.close())
      const beside = await openUrl(url, setting)
      t.teardown(() => beside.close())
      const follower = new Follower(beside.log, 'reader')
      await store.log.append(message('c', 'a', 'open', { open: group('a', 'reader') }))
      let cuts = 0
      let sending = true
      const cut = async (sent: Promise<unknown>) => {
        const most = direction === 'replies' ? 12_000 : 40_000
        for (let bytes = 4_000; sending; bytes = 2_000 + ((bytes * 7_919) % most)) {
          await Promise.race([link.cutAfter(bytes, direction), sent])
          cuts++
        }
      }
      const answers: string[] = []
      const send = async (n: number) => {
        for (const i of numbers(1, 30)) {
          const conversation = i % 4 === 0 ? `new${n % 5}` : 'c'
          const more = i % 5 === 0 ? { members: { join: [{ user: `u${n}-${i}` }] } } : {}
          const append = message(conversation, `u${n}`, `m${i}`, { open: group('reader'), ...more })
          for (let left = 20; ; left--) {
            try {
              const answer = await store.log.append(append)
              answers.push(`${conversation} u${n} m${i} ${'seq' in answer ? answer.seq : answer.status}`)
              break
            } catch (error) {
              const { retryable } = error as { retryable?: boolean }
              if (!retryable || left === 0) throw error
            }
          }
          if (i % 3 === 0) await store.log.mark('c', 'reader', { received: i }).catch(() => undefined)
        }
      }
      const sent = Promise.all(numbers(1, 20).map(send)).finally(() => (sending = false))
      await Promise.all([sent, cut(sent)])
      t.true(cuts > 5, String(cuts))
      t.is(answers.length, 600)
      await beside.sweep()
      await beside.sweep()
      await follower.catchUp()
      const expected = new Map<string, string>()
      for (const conversation of ['c', ...numbers(0, 4).map((n) => `new${n}`)]) {
        const entries = await beside.log.range(conversation, { from: 1, to: 500, limit: 500, bytes: 1e9 })
        t.deepEqual(
          entries.map(({ seq, n }) => [seq, n]),
          entries.map((_, i) => [i + 1, i + 1]),
        )
        for (const { from, clientId, seq } of entries) expected.set(`${conversation} ${from} ${clientId}`, String(seq))
        t.is(follower.seen.get(conversation), entries.length)
      }
      t.is(expected.size, 601)
      for (const answer of answers) {
        const [, key, seq] = /^(.*) (\S+)$/.exec(answer)!
        t.is(expected.get(key!), seq)
      }
      t.log(`${cuts} connections cut`)
    })
  }

  test.serial('a commit whose reply is lost is told as what it is: stored, and not as a retry', async (t) => {
    const url = await scratchUrl(server, t)
    const link = await FaultyLink.open(url)
    t.teardown(() => link.close())
    const store = await openUrl(link.url, setting)
    t.teardown(() => store.close())
    await store.log.append(message('c', 'a', 'open', { open: direct('a', 'b') }))
    for (const i of numbers(1, 6)) {
      await store.log.latest()
      const cut = link.cutAfter(1)
      const answer = await store.log.append(message('c', 'a', `m${i}`))
      await cut
      t.deepEqual(answer, { status: 'appended', seq: i + 1, n: i + 1, at: 1_000 })
    }
    await store.log.latest()
    const cut = link.cutAfter(1)
    await store.log.mark('c', 'b', { read: 4 })
    await cut
    t.is((await store.log.state('b', 'c'))?.me.read, 4)
  })

  test.serial('a database that does not answer is told as such, and service resumes by itself', async (t) => {
    t.timeout(120_000)
    const url = await scratchUrl(server, t)
    const link = await FaultyLink.open(url)
    t.teardown(() => link.close())
    const store = await openUrl(link.url, setting)
    t.teardown(() => store.close())
    await store.log.append(message('c', 'a', '1', { open: group('a') }))
    link.refuse()
    const unavailable = { code: 'STORAGE_UNAVAILABLE' }
    const failed = await Promise.all([
      t.throwsAsync(store.log.append(message('c', 'a', '2')), unavailable),
      t.throwsAsync(store.log.mark('c', 'a', { read: 1 }), unavailable),
      t.throwsAsync(store.log.head('c'), unavailable),
      t.throwsAsync(store.kv('suite').set('k', 'v'), unavailable),
      t.throwsAsync(store.probe(), unavailable),
    ])
    t.true(failed.every((error) => (error as { retryable?: boolean } | undefined)?.retryable))
    link.pass()
    const again = await store.log.append(message('c', 'a', '2'))
    t.true(again.status === 'appended' || again.status === 'duplicate')
    t.is('seq' in again && again.seq, 2)
    await store.probe()
  })
}
