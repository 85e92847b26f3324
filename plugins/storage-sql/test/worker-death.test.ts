import { once } from 'node:events'
import { join } from 'node:path'
import type { Worker } from 'node:worker_threads'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { message } from './message.js'
import { openFile, tempFolder } from './temp-store.js'

const setting = { models: [], clock: new FakeClock() }

test.serial('when the worker dies, what waits is refused and what follows is served by another', async (t) => {
  const workers: Worker[] = []
  const note = (worker: Worker) => void workers.push(worker)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  const store = await openFile(join(tempFolder(t), 'chat.db'), setting)
  t.teardown(() => store.close())
  await store.log.append(message('c', 'a', 'm0', { open: { kind: 'group', members: ['a'] } }))

  const sends = Array.from({ length: 50 }, (_, i) => store.log.append(message('c', 'a', `m${i}`)))
  const settled = Promise.allSettled(sends)
  await workers.at(-1)!.terminate()
  const refused = (await settled).filter((result) => result.status === 'rejected')
  for (const { reason } of refused) {
    const { code, retryable } = reason as { code: string; retryable: boolean }
    t.deepEqual([code, retryable], ['STORAGE_UNAVAILABLE', true])
  }
  t.true(refused.length > 0)

  for (let i = 0; i < 50; i++) await store.log.append(message('c', 'a', `m${i}`))
  t.is((await store.log.head('c'))?.seq, 50)
  t.is(workers.length, 2)
})

test.serial('a worker that keeps dying is started less and less often, and the refusal says when', async (t) => {
  const workers: Worker[] = []
  const note = (worker: Worker) => void workers.push(worker)
  process.on('worker', note)
  t.teardown(() => process.off('worker', note))
  const clock = new FakeClock()
  const store = await openFile(join(tempFolder(t), 'chat.db'), { models: [], clock })
  t.teardown(() => store.close())
  const die = async () => {
    const exited = once(workers.at(-1)!, 'exit')
    const waiting = t.throwsAsync(store.log.head('c'), { code: 'STORAGE_UNAVAILABLE' })
    await workers.at(-1)!.terminate()
    await Promise.all([exited, waiting])
  }
  await die()
  t.is(workers.length, 1)
  await store.log.head('c')
  t.is(workers.length, 2)
  await die()
  const refused = await t.throwsAsync<Error & { retryAfterMs?: number }>(store.log.head('c'), {
    code: 'STORAGE_UNAVAILABLE',
  })
  t.is(refused?.retryAfterMs, 100)
  t.is(workers.length, 2)
  await clock.advance(100)
  await store.log.head('c')
  await die()
  const longer = await t.throwsAsync<Error & { retryAfterMs?: number }>(store.log.head('c'), {
    code: 'STORAGE_UNAVAILABLE',
  })
  t.is(longer?.retryAfterMs, 200)
  await clock.advance(200)
  t.is((await store.log.append(message('c', 'a', '1', { open: { kind: 'group', members: [] } }))).status, 'appended')
  await die()
  t.is((await store.log.head('c'))?.seq, 1, 'after a commit the next start does not wait')
})

test.serial('more than the queue holds is refused, and the rest is stored', async (t) => {
  const store = await openFile(join(tempFolder(t), 'chat.db'), setting, { queue: 20 })
  t.teardown(() => store.close())
  const open = { kind: 'group', members: [] }
  const sends = Array.from({ length: 50 }, (_, i) => store.log.append(message('c', 'a', `m${i}`, { open })))
  const results = await Promise.allSettled(sends)
  const refused = results.filter((result) => result.status === 'rejected')
  t.is(refused.length, 30)
  t.true(refused.every(({ reason }) => (reason as { code: string }).code === 'STORAGE_BUSY'))
  t.is((await store.log.head('c'))?.seq, 20)
  t.is((await store.log.append(message('c', 'a', 'm49'))).status, 'appended')
})
