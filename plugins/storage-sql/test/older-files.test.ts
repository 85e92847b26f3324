import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { FakeClock, furnish, furnishedModels } from '@natter/testkit'
import { olderFile } from './older-file.js'
import { dump, schemaOf } from './sqlite-dump.js'
import { openFile, tempFolder } from './temp-store.js'

// When tables get a new version, take its number here, and run this test once with NATTER_KEEP_STORE=1: it writes the file
// that later releases are tried on.
const version = 1

test('what a new store looks like is what the kept file of its version looks like', async (t) => {
  const file = join(tempFolder(t), 'chat.db')
  const store = await openFile(file, { models: furnishedModels, clock: new FakeClock() })
  await furnish(store)
  await store.close()
  const kept = olderFile(version)
  if (process.env['NATTER_KEEP_STORE'] && !existsSync(kept)) writeFileSync(kept, dump(file))
  // The table of the store's own model came later, and is widened as those of all models are.
  const lists = schemaOf(file).filter((line) => !line.includes('natter_storage_sql_intent'))
  const schema = lists.map((line) => `${line};\n`)
  const sql = readFileSync(kept, 'utf8')
  t.is(sql.slice(0, schema.join('').length), schema.join(''), 'the lists of an earlier version never change')
  t.regex(sql, new RegExp(`insert into natter_meta values \\('schema', ${version}\\);`))
})
