import { readdirSync, statSync } from 'node:fs'
import test from 'ava'
import { copyDatabase, configSchema, openStore } from '@natter/storage-sql'
import { message } from './message.js'
import { tempFolder } from './temp-store.js'

const clock = { now: () => 1, monotonic: () => performance.now() }
const open = (url: string) => openStore(configSchema.parse({ url }), clock)

test('a copy has what was committed when it was made, and is a database by itself', async (t) => {
  const data = tempFolder(t)
  const store = await open(`sqlite:${data}/chat.db`)
  await store.prepare([], [])
  const first = await store.log.append(
    message('c', 'alice', '1', { open: { kind: 'direct', members: ['alice', 'bob'] } }),
  )
  t.is(first.status, 'appended')
  copyDatabase(`sqlite:${data}/chat.db`, `${data}/copies/monday's/chat.db`)
  await store.log.append(message('c', 'alice', '2'))
  await store.close()

  t.deepEqual(readdirSync(`${data}/copies/monday's`), ['chat.db'])
  t.is(statSync(`${data}/copies/monday's/chat.db`).mode & 0o077, 0, 'for this user only')
  const copy = await open(`sqlite:${data}/copies/monday's/chat.db`)
  await copy.prepare([], [])
  t.is((await copy.log.head('c'))?.seq, 1)
  t.is((await copy.log.append(message('c', 'alice', '2'))).status, 'appended', 'and takes the next')
  await copy.close()
})

test('nothing is overwritten, and nothing half done is left', async (t) => {
  const data = tempFolder(t)
  const store = await open(`sqlite:${data}/chat.db`)
  await store.prepare([], [])
  copyDatabase(`sqlite:${data}/chat.db`, `${data}/copy.db`)
  const before = statSync(`${data}/copy.db`).mtimeMs
  t.throws(() => copyDatabase(`sqlite:${data}/chat.db`, `${data}/copy.db`), {
    code: 'STORAGE_SQL_COPY_FAILED',
    message: /copy\.db is there already; choose another name/,
  })
  t.is(statSync(`${data}/copy.db`).mtimeMs, before)
  t.throws(() => copyDatabase(`sqlite:${data}/none.db`, `${data}/other.db`), {
    code: 'STORAGE_SQL_COPY_FAILED',
    message: /there is no .*none\.db/,
  })
  t.throws(() => copyDatabase('oracle:x', `${data}/other.db`), {
    code: 'STORAGE_SQL_URL_UNKNOWN',
    message: /SQLite file/,
  })
  await store.close()
  t.deepEqual(
    readdirSync(data).filter((name) => !name.startsWith('chat.db')),
    ['copy.db'],
  )
})
