import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import Driver from 'libsql'
import { FakeClock } from '@natter/testkit'
import { brokenDisk, canBreakDisks } from './broken-disk.js'
import type { BrokenDisk } from './broken-disk.js'
import { OtherProcess } from './other-process.js'
import { openFile, tempFolder } from './temp-store.js'

type Run = (t: ExecutionContext, writer: OtherProcess, disk: BrokenDisk, file: string) => Promise<void>

/** With a process on a disk that can break: everything through one store object of it, which never ends. */
function onBrokenDisk(title: string, run: Run): void {
  if (!canBreakDisks) {
    test.skip(`MISSING: a C compiler on Linux, for a disk that breaks: ${title}`, (t) => t.fail())
    return
  }
  test.serial(title, async (t) => {
    const disk = brokenDisk(tempFolder(t))
    await run(t, new OtherProcess(t, disk.env), disk, join(disk.folder, 'chat.db'))
  })
}

/** Time passes, in which the store may try again. */
const pass = (writer: OtherProcess) => writer.order({ do: 'pass', ms: 10_000 })

/** What is in the file: each acknowledged entry at its place, once, nothing else, and nothing broken. */
async function stored(t: ExecutionContext, writer: OtherProcess, file: string, clientIds: readonly string[]) {
  await writer.order({ do: 'close' })
  const store = await openFile(file, { models: [], clock: new FakeClock() })
  const entries = await store.log.range('c0', { from: 1, to: 500, limit: 500, bytes: 1e9 })
  await store.close()
  t.deepEqual(
    entries.map(({ seq, n, clientId }) => [seq, n, clientId]),
    clientIds.map((clientId, i) => [i + 1, i + 1, clientId]),
  )
  t.deepEqual(
    writer.acked.filter(({ conversation }) => conversation === 'c0').map(({ clientId, seq }) => [clientId, seq]),
    clientIds.map((clientId, i) => [clientId, i + 1]),
  )
  t.deepEqual(new Driver(file).pragma('integrity_check'), [{ integrity_check: 'ok' }])
}

onBrokenDisk('a full disk acknowledges nothing and can be read; with room again all goes on', async (t, ...parts) => {
  const [writer, disk, file] = parts
  t.is(await writer.open(file), 'open')
  t.is(await writer.append('m1'), 'acked')
  disk.break('full')
  for (const id of ['m2', 'm3', 'm2']) t.is(await writer.append(id), 'STORAGE_FULL, retryable')
  t.is(await writer.head(), 1)
  disk.repair('full')
  for (const id of ['m2', 'm3']) t.is(await writer.append(id), 'acked')
  await stored(t, writer, file, ['m1', 'm2', 'm3'])
})

onBrokenDisk('a start on a full disk is refused, and works when there is room', async (t, writer, disk, file) => {
  disk.break('full')
  t.is(await writer.open(file), 'STORAGE_FULL, retryable')
  disk.repair('full')
  t.is(await writer.open(file), 'open')
  t.is(await writer.append('m1'), 'acked')
  await stored(t, writer, file, ['m1'])
})

onBrokenDisk('a start where nothing can be written is refused, and works when it can', async (t, ...parts) => {
  const [writer, disk, file] = parts
  const first = new OtherProcess(t, disk.env)
  await first.open(file)
  await first.append('m1')
  await first.order({ do: 'close' })
  disk.break('read-only')
  t.is(await writer.open(file), 'STORAGE_READ_ONLY, retryable')
  t.is(await writer.open(file.replace('chat', 'new')), 'STORAGE_READ_ONLY, retryable')
  disk.repair('read-only')
  t.is(await writer.open(file), 'open')
  t.is(await writer.append('m2'), 'acked')
})

onBrokenDisk('a disk that the system made read-only refuses; writable again all goes on', async (t, ...parts) => {
  const [writer, disk, file] = parts
  await writer.open(file)
  t.is(await writer.append('m1'), 'acked')
  disk.break('read-only')
  const refusals: string[] = []
  for (let i = 0; i < 5; i++) {
    refusals.push(await writer.append('m2'))
    await pass(writer)
  }
  // SQLite calls the first failed write an input/output error; opening again shows what it is
  t.deepEqual([...new Set(refusals)], ['STORAGE_UNAVAILABLE, retryable', 'STORAGE_READ_ONLY, retryable'])
  t.is(refusals.at(-1), 'STORAGE_READ_ONLY, retryable')
  disk.repair('read-only')
  for (const id of ['m2', 'm3']) t.is(await writer.append(id), 'acked')
  await stored(t, writer, file, ['m1', 'm2', 'm3'])
})

onBrokenDisk('while syncing fails nothing is acknowledged, and afterwards all goes on', async (t, ...parts) => {
  const [writer, disk, file] = parts
  await writer.open(file)
  t.is(await writer.append('m0'), 'acked')
  disk.break('sync-fails')
  for (let i = 1; i <= 6; i++) t.is(await writer.append(`m${i}`), 'STORAGE_UNAVAILABLE, retryable')
  disk.repair('sync-fails')
  // what reached the log without a sync is synced before anything is said about it
  const before = disk.syncs().length
  await pass(writer)
  t.is(await writer.append('m1'), 'acked')
  t.true(disk.syncs().length > before)
  for (let i = 2; i <= 6; i++) t.is(await writer.append(`m${i}`), 'acked')
  await stored(t, writer, file, ['m0', 'm1', 'm2', 'm3', 'm4', 'm5', 'm6'])
})

onBrokenDisk('an acknowledgement waits for its sync', async (t, writer, disk, file) => {
  await writer.open(file)
  disk.break('sync-waits')
  writer.start({ do: 'append', clientId: 'm1' })
  const acked = writer.acks(1)
  await Promise.race([disk.waiting(), acked])
  await writer.order({ do: 'pass', ms: 0 })
  t.deepEqual(writer.acked, [], 'the process runs, and has acknowledged nothing')
  disk.repair('sync-waits')
  await acked
  t.is(writer.acked[0]?.clientId, 'm1')
})

onBrokenDisk('the folders made for the file are synced before anything is acknowledged', async (t, ...parts) => {
  const [writer, disk] = parts
  const folders = [disk.folder, join(disk.folder, 'deep'), join(disk.folder, 'deep', 'data')]
  await writer.open(join(folders[2]!, 'chat.db'))
  for (const folder of folders) t.true(disk.syncs().includes(folder), folder)
})

onBrokenDisk(
  'each acknowledgement alone costs a sync, and a hundred that come together share one',
  async (t, ...parts) => {
    const [writer, disk, file] = parts
    await writer.open(file)
    await writer.append('first')
    for (let i = 0; i < 5; i++) {
      const before = disk.syncs().length
      t.is(await writer.append(`m${i}`), 'acked')
      t.is(disk.syncs().length - before, 1)
    }
    const before = disk.syncs().length
    await writer.order({ do: 'send', from: 'crowd', conversations: 3, count: 100 })
    t.is(writer.acked.length, 106)
    t.is(disk.syncs().length - before, 1)
  },
)
