import test from 'ava'
import { lackingOf } from '#src/databases/open-databases.js'
import { lackingDisk } from '#src/disks/lacking-disk.js'
import { storeKind, storeNames } from '#src/process/stores.js'
import { runFaults } from './faults-program.js'

const title = (store: string) => `${store}: a full disk refuses for the moment, and loses nothing`
const noDisk = await lackingDisk()

for (const store of storeNames) {
  const lacking = noDisk ?? lackingOf(storeKind(store).databases)
  if (lacking !== undefined) {
    test.skip(`MISSING: ${title(store)} (needs ${lacking})`, (t) => t.fail())
    continue
  }
  test.serial(title(store), async (t) => {
    t.timeout(300_000)
    const { code, stdout, stderr, json } = await runFaults(['--store', store, '--full-disk', '1'])
    t.is(code, 0, stdout + stderr)
    t.like(json, { store, lost: 0, duplicated: 0, gaps: 0, ok: true, violations: [], notRun: {} })
    t.regex(String(json!.sections['full disk']?.['refused']), /the host: STORAGE_/)
    t.log(stdout.trim().split('\n').at(-2))
  })
}
