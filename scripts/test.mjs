// Runs the tests and ends with one line: `N passed, N failed`, and `, N skipped` if there were any.
//
// A suite that needs a server or a browser which is not there says so with a skipped test whose title begins with
// `MISSING: `. Such suites are named before the last line, and where CI=true they count as failed.
import './bootstrap.mjs'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const strict = process.env.CI === 'true'
const failed = []
const missing = []
let passed = 0
let skipped = 0

const ava = spawn(process.execPath, ['node_modules/ava/entrypoints/cli.mjs', '--tap', ...process.argv.slice(2)], {
  cwd: root,
  stdio: ['ignore', 'pipe', 'inherit'],
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => ava.kill(signal))
const ended = new Promise((resolve) => ava.once('close', (code, signal) => resolve(signal ?? code)))

for await (const line of createInterface({ input: ava.stdout })) {
  const [, not, text] = /^(not )?ok \d+ - (.*)$/.exec(line) ?? []
  if (text === undefined) {
    if (!/^(TAP version \d+|\d+\.\.\d+|# (tests|pass|skip|fail|todo) \d+)$/.test(line)) console.log(line)
    continue
  }
  const [, name, directive] = /^(.*?)(?: # (SKIP|TODO)\b.*)?$/.exec(text)
  const title = name.replaceAll(' › build › test › ', ' › ')
  if (directive) skipped++
  else if (not) failed.push(title)
  else passed++
  if (title.includes('MISSING: ')) missing.push(title)
  console.log(`${directive ? '-' : not ? '✗' : '✓'} ${title}`)
}

const outcome = await ended
if (outcome !== 0 && failed.length === 0) failed.push(`the test runner ended with ${outcome}`)
if (passed + failed.length === 0) failed.push('there were no tests')

if (failed.length) console.log(`\nFailed:\n${failed.map((title) => `  ✗ ${title}`).join('\n')}`)
if (missing.length) {
  console.log(`\nNOT RUN, because something they need is missing${strict ? ' (a failure where CI=true)' : ''}:`)
  for (const title of missing) console.log(`  ! ${title}`)
}
const unmet = strict ? missing.length : 0
const left = skipped - unmet
console.log(`\n${passed} passed, ${failed.length + unmet} failed${left ? `, ${left} skipped` : ''}`)
process.exitCode = failed.length + unmet === 0 ? 0 : 1
