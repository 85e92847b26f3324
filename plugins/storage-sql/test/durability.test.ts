import { join } from 'node:path'
import test from 'ava'
import { OtherProcess } from './other-process.js'
import { tempFolder } from './temp-store.js'

const other = new URL('./fixtures/other-pragma.js', import.meta.url).href

for (const [given, taken] of [
  ['journal_mode = WAL', 'journal_mode = DELETE'],
  ['synchronous = FULL', 'synchronous = NORMAL'],
  ['busy_timeout = 5000', 'busy_timeout = 0'],
  ['foreign_keys = ON', 'foreign_keys = OFF'],
] as const) {
  test.serial(`a driver that takes ${taken} for ${given} is found out, and the store does not open`, async (t) => {
    const env = { NODE_OPTIONS: `--import=${other}`, OTHER_PRAGMA: `${given} -> ${taken}` }
    const opened = await new OtherProcess(t, env).open(join(tempFolder(t), 'chat.db'))
    t.is(opened, 'STORAGE_SQL_DURABILITY_WEAK')
  })
}
