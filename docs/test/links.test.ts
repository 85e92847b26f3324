import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import test from 'ava'
import { root } from './doc-samples.js'
import { decisions } from './generators.js'

const skipped = /^(?:node_modules|dist|build|data|\..*)$/

function* pagesBelow(folder: string): Generator<string> {
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (skipped.test(entry.name)) continue
    const path = join(folder, entry.name)
    if (entry.isDirectory()) yield* pagesBelow(path)
    else if (entry.name.endsWith('.md')) yield path
  }
}
const all = [...pagesBelow(root)]
const read = (file: string) => readFileSync(file, 'utf8')
const withoutCode = (text: string) => text.replaceAll(/^[ \t]*```[^]*?^[ \t]*```$/gm, '').replaceAll(/`[^`\n]*`/g, '')

/** The anchors that GitHub gives the headings of a page. */
function anchors(file: string): ReadonlySet<string> {
  const headings = read(file)
    .replaceAll(/^```[^]*?^```$/gm, '')
    .matchAll(/^#{1,6} (.+)$/gm)
  return new Set(
    [...headings].map(([, text]) =>
      text!
        .toLowerCase()
        .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
        .replaceAll(' ', '-'),
    ),
  )
}

/** Links of a page that lead nowhere. */
function broken(file: string): string[] {
  const links = withoutCode(read(file)).matchAll(/\]\(([^)\s]+)\)|src="([^"]+)"/g)
  return [...links].flatMap(([, link, source]) => {
    const to = link ?? source!
    if (/^[a-z]+:/.test(to)) return []
    const [path = '', anchor] = to.split('#')
    const target = path === '' ? file : join(dirname(file), path)
    const there = existsSync(target)
    const found = there && (!anchor || !statSync(target).isFile() || anchors(target).has(anchor))
    return found ? [] : [`${relative(root, file)}: ${to}`]
  })
}

test('every link between the pages leads somewhere', (t) => {
  t.true(all.length > 40)
  t.deepEqual(all.flatMap(broken), [])
})

test('every page is in docs/README.md', (t) => {
  const index = read(`${root}/docs/README.md`)
  const pages = readdirSync(`${root}/docs`).filter((name) => name.endsWith('.md') && name !== 'README.md')
  t.deepEqual(
    pages.filter((name) => !index.includes(`](${name})`)),
    [],
  )
})

test('every decision is in the list', async (t) => {
  for (const [path, content] of Object.entries((await decisions()).decisionIndex())) {
    t.true(read(`${root}/${path}`) === content, `${path} is old: run node scripts/decision-index.mjs`)
  }
})
