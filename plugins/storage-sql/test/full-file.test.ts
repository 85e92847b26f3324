import { join } from 'node:path'
import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { message } from './message.js'
import { openFile, tempFolder } from './temp-store.js'

// On every system, without a disk: SQLite itself refuses to make the file longer, with the code of a full disk.
test('a file that may not grow refuses all that came together, and takes it again when it may', async (t) => {
  const store = await openFile(join(tempFolder(t), 'chat.db'), { models: [], clock: new FakeClock() })
  t.teardown(() => store.close())
  const pages = (most: number) =>
    store.native('sql')!.read({ sql: `pragma max_page_count = ${most}`, bindings: [], rows: true })
  const open = { kind: 'group', members: ['a', 'b'] }
  const body = JSON.stringify({ text: 'x'.repeat(20_000) })
  const send = (id: string) => store.log.append(message('c', 'a', id, { body, open }))
  await send('m1')
  const before = [await store.log.state('a', 'c'), await store.log.changed(0, 9)]

  await pages(1)
  const ids = ['m2', 'm3', 'm4']
  const refused = await Promise.allSettled([...ids.map(send), store.log.mark('c', 'b', { read: 1 })])
  for (const each of refused) {
    t.is(each.status, 'rejected')
    if (each.status === 'rejected') t.like(each.reason, { code: 'STORAGE_FULL', retryable: true })
  }
  t.deepEqual([await store.log.state('a', 'c'), await store.log.changed(0, 9)], before, 'nothing of it is there')

  await pages(1_000_000)
  const answers = await Promise.all(['m1', ...ids].map(send))
  t.deepEqual(
    answers.map((answer) => [answer.status, 'seq' in answer && answer.seq]),
    [
      ['duplicate', 1],
      ['appended', 2],
      ['appended', 3],
      ['appended', 4],
    ],
  )
})
