import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { FakeClock } from '@natter/testkit'
import { breakableDisk, canMakeDisks, canMount, smallDisk } from './mounted-disks.js'
import { message } from './message.js'
import { openFile, tempFolder } from './temp-store.js'

const scratch = mkdtempSync(join(tmpdir(), 'natter-mount-'))
const mounts = canMount(scratch)
rmSync(scratch, { recursive: true })

/** Runs where the machine allows it. Elsewhere `broken-disk.test.ts` stands for it, so that nothing is missing. */
function where(possible: boolean, needs: string, title: string, run: (t: ExecutionContext) => Promise<void>): void {
  if (possible) test.serial(title, run)
  else test.serial.skip(`needs ${needs}, so only a disk that is broken by a library was tried: ${title}`, run)
}
const open = { kind: 'group', members: ['a'] }

where(
  mounts,
  'the right to mount',
  'a full disk refuses with STORAGE_FULL, reads go on, and writes do when there is room',
  async (t) => {
    const disk = smallDisk(t, tempFolder(t), '1500k')
    const store = await openFile(join(disk.folder, 'chat.db'), { models: [], clock: new FakeClock() })
    t.teardown(() => store.close())
    const body = JSON.stringify({ text: 'x'.repeat(5_000) })
    const send = (i: number) => store.log.append(message('c', 'a', `m${i}`, { body, open }))
    let stored = 0
    let refusal: unknown
    while (refusal === undefined && stored < 1_000) {
      await send(stored + 1).then(
        () => stored++,
        (error: unknown) => (refusal = error),
      )
    }
    const { code, retryable } = refusal as { code: string; retryable: boolean }
    t.deepEqual([code, retryable], ['STORAGE_FULL', true])
    const more = await Promise.allSettled([1, 2, 3].map((i) => send(stored + i)))
    t.true(
      more.every((each) => each.status === 'rejected' && (each.reason as { code: string }).code === 'STORAGE_FULL'),
    )
    t.is((await store.log.head('c'))?.seq, stored)
    t.is((await store.log.range('c', { from: 1, to: 2, limit: 2, bytes: 100_000 })).length, 2)

    disk.resize('16m')
    t.deepEqual(await send(stored + 1), { status: 'appended', seq: stored + 1, n: stored + 1, at: 1_000 })
    await store.probe()
  },
)

where(
  mounts || process.getuid?.() !== 0,
  'the right to mount, or not to be root',
  'a place that cannot be written to is refused at boot, and taken when it can',
  async (t) => {
    const parent = tempFolder(t)
    const setting = { models: [], clock: new FakeClock() }
    const disk = mounts ? smallDisk(t, parent, '8m') : undefined
    const folder = disk?.folder ?? parent
    const file = join(folder, 'chat.db')
    const writable = (yes: boolean) => {
      if (disk) disk.set(yes ? 'rw' : 'ro')
      else for (const path of [folder, file]) chmodSync(path, yes ? 0o700 : 0o500)
    }
    const first = await openFile(file, setting)
    await first.log.append(message('c', 'a', '1', { open }))
    await first.close()
    writable(false)
    await t.throwsAsync(openFile(file, setting), { code: 'STORAGE_READ_ONLY', message: /cannot open .*chat\.db/ })
    await t.throwsAsync(openFile(join(folder, 'new.db'), setting), { code: 'STORAGE_READ_ONLY', message: /new\.db/ })
    writable(true)
    const second = await openFile(file, setting)
    t.is((await second.log.append(message('c', 'a', '2'))).status, 'appended')
    await second.close()
  },
)

where(
  mounts && canMakeDisks(),
  'the right to mount, and mkfs.ext4',
  'a disk that turns read-only refuses, and the store goes on when it is back',
  async (t) => {
    const clock = new FakeClock()
    const disk = breakableDisk(t, tempFolder(t))
    const store = await openFile(join(disk.folder, 'chat.db'), { models: [], clock })
    t.teardown(() => store.close())
    const send = (i: number) => store.log.append(message('c', 'a', `m${i}`, { open }))
    await send(1)
    disk.fail()
    const codes: string[] = []
    for (let i = 2; i <= 6; i++) {
      const error = await t.throwsAsync<Error & { code: string; retryable: boolean }>(send(i))
      codes.push(error!.code)
      t.true(error?.retryable)
      await clock.advance(10_000)
    }
    for (const code of codes) t.true(['STORAGE_READ_ONLY', 'STORAGE_UNAVAILABLE'].includes(code), code)
    disk.repair()
    t.is((await send(1)).status, 'duplicate')
    const seqs: unknown[] = []
    for (let i = 2; i <= 6; i++) seqs.push(await send(i).then((answer) => 'seq' in answer && answer.seq))
    t.deepEqual(seqs, [2, 3, 4, 5, 6])
  },
)
