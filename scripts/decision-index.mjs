// Writes the list of decisions in docs/decisions/README.md: run it after a decision was added or renamed.
//   node scripts/decision-index.mjs
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fill } from './generated-pages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const folder = 'docs/decisions'
const page = `${folder}/README.md`

/** Who a number belongs to, by its tens. */
const parts = [
  [0, 'The whole, and the protocol'],
  [10, 'Kernel'],
  [20, 'Storage'],
  [30, 'Client'],
  [40, 'Accounts'],
  [50, 'The web app'],
  [60, 'Measuring and breaking'],
  [70, 'Security'],
  [80, 'Embedding and plugins'],
  [90, 'Others'],
]

/** The generated files, by path below the root. */
export function decisionIndex(text = readFileSync(join(root, page), 'utf8')) {
  const decisions = readdirSync(join(root, folder))
    .filter((name) => /^\d{4}-.*\.md$/.test(name))
    .sort()
    .map((name) => {
      const [, title] = /^# (?:\d+\.?|\d{4}) (.+)$/m.exec(readFileSync(join(root, folder, name), 'utf8')) ?? []
      if (!title) throw new Error(`${folder}/${name} does not begin with "# ${name.slice(0, 4)} <title>"`)
      return { number: Number(name.slice(0, 4)), line: `- [${name.slice(0, 4)}](${name}) ${title}` }
    })
  const sections = parts.flatMap(([from, title], i) => {
    const to = parts[i + 1]?.[0] ?? Infinity
    const lines = decisions.filter(({ number }) => number >= from && number < to).map(({ line }) => line)
    return lines.length === 0 ? [] : [`### ${title}\n\n${lines.join('\n')}`]
  })
  return { [page]: fill(text, 'decisions', sections.join('\n\n')) }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of Object.entries(decisionIndex())) {
    writeFileSync(join(root, path), content)
    console.log(`Wrote ${path}`)
  }
}
