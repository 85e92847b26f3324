import test from 'ava'
import type { ExecutionContext } from 'ava'
import type { Append, Appended } from '@natter/core/contract'
import { FaultyLink, hasPrograms, startServer } from '@natter/servers'
import type { LinkDirection } from '@natter/servers'
import type { SqlStore } from '@natter/storage-sql'
import { FakeClock } from '@natter/testkit'
import { message } from './message.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const open = { kind: 'group', members: ['a', 'b'] }
type Refusal = Error & { readonly code: string; readonly retryable: boolean; readonly retryAfterMs?: number }

/** Sends messages again until they are stored, as clients do, and notes what was acknowledged. */
class Sender {
  readonly acked = new Map<string, Appended>()
  readonly refusals: Refusal[] = []
  readonly #store: SqlStore
  readonly #clock: FakeClock

  constructor(store: SqlStore, clock: FakeClock) {
    this.#store = store
    this.#clock = clock
  }

  /** The answer to the first try that was answered. */
  async send(append: Append): Promise<Appended> {
    for (;;) {
      try {
        const answer = await this.#store.log.append(append)
        this.acked.set(`${append.conversation} ${append.clientId}`, answer)
        return answer
      } catch (error) {
        const refusal = error as Refusal
        this.refusals.push(refusal)
        if (!refusal.retryable) throw error
        await this.#clock.advance(refusal.retryAfterMs ?? 0)
        await new Promise((resolve) => setImmediate(resolve))
      }
    }
  }
}

/** Each place once, each message once, each acknowledgement true. */
async function holds(t: ExecutionContext, url: string, { acked }: Sender, conversations: readonly string[]) {
  const store = await openUrl(url, { models: [], clock: new FakeClock() })
  let stored = 0
  for (const conversation of conversations) {
    const head = (await store.log.head(conversation))?.seq ?? 0
    for (let from = 1; from <= head; from += 500) {
      const page = await store.log.range(conversation, { from, to: from + 499, limit: 500, bytes: 1e9 })
      for (const [i, { seq, n, clientId }] of page.entries()) {
        t.deepEqual([seq, n], [from + i, from + i])
        const answer = acked.get(`${conversation} ${clientId}`)
        if (answer) t.is('seq' in answer && answer.seq, seq, clientId)
        stored++
      }
    }
  }
  t.is(stored, acked.size)
  await store.close()
}

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  for (const direction of ['replies', 'requests'] as const satisfies readonly LinkDirection[]) {
    test.serial(
      `${kind}: a connection that is cut anywhere in its ${direction} loses nothing and stores nothing twice`,
      async (t) => {
        const url = await server.database()
        const link = await FaultyLink.open(url)
        t.teardown(() => link.close())
        const clock = new FakeClock()
        const store = await openUrl(link.url, { models: [], clock })
        t.teardown(() => store.close())
        const sender = new Sender(store, clock)
        await Promise.all(['c', 'd'].map((c) => sender.send(message(c, 'a', 'first', { open }))))
        let cuts = 0
        for (let bytes = 1; bytes < 3_000; bytes += direction === 'replies' ? 29 : 97) {
          const cut = link.cutAfter(bytes, direction).then(() => cuts++)
          const sends = ['c', 'd', `new${bytes}`].flatMap((c) =>
            ['1', '2', '3'].map((i) => sender.send(message(c, 'a', `m${bytes}.${i}`, { open }))),
          )
          for (const answer of await Promise.all(sends)) t.is(answer.status, 'appended', `cut after ${bytes} bytes`)
          await Promise.race([cut, Promise.resolve()])
        }
        t.true(cuts > 20, String(cuts))
        t.deepEqual(
          sender.refusals.map(({ code }) => code).filter((code) => code !== 'STORAGE_UNAVAILABLE'),
          [],
        )
        const conversations = [...new Set([...sender.acked.keys()].map((key) => key.split(' ')[0]!))]
        await holds(t, url, sender, conversations)
      },
    )
  }

  test.serial(
    `${kind}: while the server cannot be reached it is refused at once, and all goes on when it can`,
    async (t) => {
      const link = await FaultyLink.open(await server.database())
      t.teardown(() => link.close())
      const clock = new FakeClock()
      const store = await openUrl(link.url, { models: [], clock })
      t.teardown(() => store.close())
      await store.log.append(message('c', 'a', '1', { open }))
      link.refuse()
      for (let i = 0; i < 3; i++) {
        const ask = [
          store.log.append(message('c', 'a', '2')),
          store.log.head('c'),
          store.kv('suite').get('k'),
          store.probe(),
        ]
        for (const settled of await Promise.allSettled(ask)) {
          const refusal = settled.status === 'rejected' ? (settled.reason as Refusal) : undefined
          t.deepEqual([refusal?.code, refusal?.retryable], ['STORAGE_UNAVAILABLE', true])
        }
      }
      const refusal = await t.throwsAsync<Refusal>(store.log.head('c'))
      t.true((refusal?.retryAfterMs ?? 0) > 0)
      link.pass()
      await clock.advance(refusal?.retryAfterMs ?? 0)
      t.is((await store.log.head('c'))?.seq, 1)
      t.is((await store.log.append(message('c', 'a', '2'))).status, 'appended')
    },
  )

  const killed = `${kind}: a server that is killed under load has all that was acknowledged, once, and serves on`
  if (!hasPrograms(kind)) {
    test.skip(`MISSING: programs of ${kind} on this machine: ${killed}`, (t) => t.fail())
    return
  }
  test.serial(killed, async (t) => {
    const own = await startServer(kind)
    t.teardown(() => own.stop())
    const { url } = await own.scratch()
    const clock = new FakeClock()
    const store = await openUrl(url, { models: [], clock })
    t.teardown(() => store.close())
    const sender = new Sender(store, clock)
    const conversations = ['c0', 'c1', 'c2']
    let kills = 0
    const writing = Promise.all(
      Array.from({ length: 30 }, async (_, i) => {
        for (let n = 0; kills < 3 || n < 50; n++)
          await sender.send(message(`c${i % 3}`, `u${i}`, `u${i}.${n}`, { open }))
      }),
    )
    for (; kills < 3; kills++) {
      const before = sender.acked.size
      while (sender.acked.size < before + 300) await new Promise((resolve) => setImmediate(resolve))
      await own.kill('SIGKILL')
      await own.restart()
    }
    await writing
    t.true(sender.refusals.length > 0)
    await holds(t, url, sender, conversations)
  })
})
