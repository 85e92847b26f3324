import { existsSync, readFileSync } from 'node:fs'
import test from 'ava'
import { root } from './doc-samples.js'
import { testTitles } from './test-titles.js'

const read = (path: string) => readFileSync(`${root}/${path}`, 'utf8')
const pages = ['docs/security.md', 'docs/security/asvs.md']
const levels = (JSON.parse(read('docs/security/asvs-5.0.0.json')) as { levels: Record<string, number> }).levels

const hasTest = testTitles()
/** What stands in code spans as `file › title`, and is no such test. */
const missingTests = (text: string) =>
  [...text.matchAll(/`([^`\n]+?) › ([^`\n]+)`/g)]
    .filter(([, file, title]) => !hasTest(file!, title!))
    .map(([all]) => all)

const states = ['met', 'host', 'open', 'n/a']
interface Row {
  readonly id: string
  readonly level: number
  readonly about: string
  readonly state: string
  readonly how: string
  /** Tests and files. */
  readonly shownBy: readonly string[]
}
function rowsOf(page: string): readonly Row[] {
  return [...page.matchAll(/^\| (\d+\.\d+\.\d+) \|(.*)\|$/gm)].map(([, id, rest]) => {
    const [level, about, state, how, shownBy] = rest!.split('|').map((cell) => cell.trim())
    const spans = [...(shownBy ?? '').matchAll(/`([^`]+)`/g)].map(([, span]) => span!)
    return { id: id!, level: Number(level), about: about!, state: state!, how: how!, shownBy: spans }
  })
}
/** What is wrong with a row, however well its words fit. */
function faultOf({ id, level, about, state, how, shownBy }: Row): string | undefined {
  if (levels[id] !== level) return `${id} is not of level ${level}`
  if (!about) return `${id} does not say what it is about`
  if (!states.includes(state)) return `${id} is "${state}"`
  if (state === 'met' && shownBy.length === 0) return `${id} is met by nothing`
  if (state !== 'met' && !how) return `${id} does not say why it is "${state}"`
  const gone = shownBy.filter((span) => !span.includes(' › ') && !existsSync(`${root}/${span}`))
  return gone.length > 0 ? `${id} names ${gone.join(', ')}, which is not there` : undefined
}

const asvs = read('docs/security/asvs.md')
const rows = rowsOf(asvs)

for (const page of pages) {
  test(`every test that ${page} names exists`, (t) => {
    t.true([...read(page).matchAll(/ › /g)].length > 20)
    t.deepEqual(missingTests(read(page)), [])
  })
}

test('a test that is named wrongly is found', (t) => {
  const [file, title] = ['docs/test/security.test.ts', 'a test that is named wrongly is found']
  const templated = (page: string) => `every test that ${page} names exists`
  t.deepEqual(missingTests(`\`${file} › ${title}\` \`${file} › ${templated('docs/security.md')}\``), [])
  for (const wrong of [
    `${file} › ${title} x`,
    `docs/test/x.test.ts › ${title}`,
    `${file} › ${templated(['no', 'page'].join(' '))}`,
  ]) {
    t.deepEqual(missingTests(`\`${wrong}\``), [`\`${wrong}\``])
  }
})

test('every requirement of ASVS 5.0 of levels 1 and 2 is answered once, and no other', (t) => {
  const known = Object.values(levels)
  t.deepEqual([known.filter((level) => level === 1).length, known.filter((level) => level === 2).length], [70, 183])
  t.deepEqual(
    rows.map(({ id }) => id),
    Object.keys(levels),
  )
})

test('nothing is met without a test or a file that shows it, and the rest says why', (t) => {
  t.deepEqual(
    rows.map(faultOf).filter((fault) => fault !== undefined),
    [],
  )
  const row = { id: '1.1.1', level: 2, about: 'x', state: 'met', how: '', shownBy: ['docs/security.md'] }
  t.is(faultOf(row), undefined)
  for (const wrong of [
    { shownBy: [] },
    { shownBy: ['docs/none.md'] },
    { level: 1 },
    { state: 'open' },
    { state: 'x' },
  ]) {
    t.truthy(faultOf({ ...row, ...wrong }), JSON.stringify(wrong))
  }
})

test('the counts are those of the rows', (t) => {
  const count = (state: string, level?: number) =>
    rows.filter((row) => (state === 'all' || row.state === state) && (level === undefined || row.level === level))
      .length
  for (const state of [...states, 'all']) {
    const line = `| ${state} | ${count(state, 1)} | ${count(state, 2)} | ${count(state)} |`
    t.true(asvs.includes(`\n${line}\n`), `write: ${line}`)
  }
})
