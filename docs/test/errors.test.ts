import { readFileSync } from 'node:fs'
import test from 'ava'
import { errorTables } from './generators.js'
import { root } from './doc-samples.js'

const page = readFileSync(`${root}/docs/errors.md`, 'utf8')
const { catalogues, clientCodes, codesInSources, errorDocs } = await errorTables()
const documented = [...page.matchAll(/^\| `([A-Z_]+)` \|/gm)].map(([, code]) => code!)

test('every code of the source is documented, and every documented code exists', async (t) => {
  const groups = await catalogues()
  t.deepEqual(
    [...groups.keys()].sort(),
    [
      'ACTIONS',
      'AUTH',
      'FRIENDS',
      'GROUPS',
      'NATTER',
      'OFFLINE',
      'SEARCH',
      'STORAGE',
      'STORAGE_MONGO',
      'STORAGE_ROUTED',
      'STORAGE_SQL',
    ],
    'a catalogue has no table',
  )
  const declared = [...groups.values()].flat().map(({ code }) => code)
  const own = clientCodes().map(({ code }) => code)
  const used = codesInSources([...groups.keys(), 'CLIENT']).filter(({ code }) => code.includes('_'))
  t.true(declared.length > 60 && own.length > 12 && used.length > 100, 'they are found at all')

  const variables = ['NATTER_SECRET', 'NATTER_SECRETS', 'NATTER_SCREENSHOTS']
  const exists = new Set([...declared, ...own, ...used.map(({ code }) => code)])
  for (const name of [...groups.keys(), ...variables]) exists.delete(name)
  t.deepEqual(documented.toSorted(), [...exists].sort(), 'run node scripts/error-docs.mjs')
})

test('the tables of docs/errors.md are those of the code', async (t) => {
  for (const [path, content] of Object.entries(await errorDocs())) {
    t.true(readFileSync(`${root}/${path}`, 'utf8') === content, `${path} is old: run node scripts/error-docs.mjs`)
  }
})

test('of every code it is said what it means and what to do', (t) => {
  const rows = page.split('\n').filter((line) => /^\| (?:`[A-Z_]+`|\d{4}) \|/.test(line))
  t.true(rows.length > 80)
  t.deepEqual(
    rows.filter((line) => /\| *\|$/.test(line)).map((line) => line.split(' | ')[0]),
    [],
  )
})

test('a code that is new gets a row, what was said of others is kept, and one that is gone loses its row', async (t) => {
  const [row] = /^\| `NATTER_BUSY` .*\n/m.exec(page) ?? []
  t.truthy(row)
  const without = page.replace(row!, '').replace('| `NATTER_TIMEOUT` |', '| `NATTER_GONE` |')
  const [text] = Object.values(await errorDocs(without))
  t.regex(text!, /^\| `NATTER_BUSY` .* \|  \|$/m)
  t.notRegex(text!, /NATTER_GONE/)
  t.true(text!.includes(/^\| `NATTER_INTERNAL` .*$/m.exec(page)![0]))
})
