import { readFileSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import test from 'ava'
import { root } from './doc-samples.js'
import { configTables } from './generators.js'

const page = readFileSync(`${root}/docs/configuration.md`, 'utf8')
const { configDocs } = await configTables()

test('the tables of docs/configuration.md are those of the schemas', async (t) => {
  for (const [path, content] of Object.entries(await configDocs())) {
    t.true(readFileSync(`${root}/${path}`, 'utf8') === content, `${path} is old: run node scripts/config-docs.mjs`)
  }
  const stale = page.replace(
    '| `batch` | whole number, 1 to 10,000 | 256 |',
    '| `batch` | whole number, 1 to 10,000 | 255 |',
  )
  t.not(stale, page)
  t.is(Object.values(await configDocs(stale))[0], page)
})

test('every environment variable that the servers read is on the page', (t) => {
  const sources = ['core/src', 'starter/src', ...readdirSync(`${root}/plugins`).map((name) => `plugins/${name}/src`)]
  const read = new Set<string>()
  for (const folder of sources) {
    for (const file of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })) {
      if (!file.endsWith('.ts')) continue
      const text = readFileSync(join(root, folder, file), 'utf8')
      for (const [, name] of text.matchAll(/\benv\.([A-Z][A-Z_]+)\b/g)) read.add(name!)
      for (const [, names] of text.matchAll(/\{([^{}]*)\} = (?:process\.)?env\b/g))
        for (const [name] of names!.matchAll(/\b[A-Z][A-Z_]+\b/g)) read.add(name)
    }
  }
  t.true(read.has('PORT') && read.has('NATTER_SECRETS'), 'they are found at all')
  t.deepEqual(
    [...read].filter((name) => !page.includes(`| \`${name}\` |`)),
    [],
  )
})
