// Runs the suites of the plugins again, each time with one of the others left out, and prints what of each passes without it:
//   npm run independence -- [plugin [left out]]
// A test that asks for what only the plugin that is left out does is counted as such; every other one must pass. A suite that
// never has the other plugin passes without it in every `npm test`.
import './bootstrap.mjs'
import { spawn } from 'node:child_process'
import { readFileSync, readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = new URL('..', import.meta.url)
const suites = ['auth', 'offline', 'friends', 'presence', 'groups', 'actions', 'search']
const removable = ['friends', 'presence', 'groups', 'actions', 'search']
/** Tests whose failure does not show by itself that the plugin is what they are about. */
const about = {
  'presence without friends': ['with friends it is they who see each other, from the friendship to its end'],
  'search without actions': ['who read a message before it was deleted brings nothing of it back'],
}

const [onlySuite, onlyOut] = process.argv.slice(2)
let broken = 0
const rows = [['suite', 'without', 'pass', 'ask for it', 'broken']]
for (const suite of suites.filter((name) => onlySuite === undefined || name === onlySuite)) {
  for (const out of removable.filter((name) => name !== suite && (onlyOut === undefined || name === onlyOut))) {
    rows.push(has(suite, out) ? await run(suite, out) : [suite, out, 'never has it', '', ''])
    console.log(rows.at(-1).join('\t'))
  }
}
const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)))
console.log(`\n${rows.map((row) => row.map((cell, i) => cell.padEnd(widths[i])).join('  ')).join('\n')}`)
process.exitCode = broken === 0 ? 0 : 1

/** Whether a test of this suite has the plugin itself, beside its contract. */
function has(suite, out) {
  const folder = new URL(`plugins/${suite}/test/`, root)
  return readdirSync(folder)
    .filter((name) => name.endsWith('.ts'))
    .some((name) => readFileSync(new URL(name, folder), 'utf8').includes(`from '@natter/${out}'`))
}

async function run(suite, out) {
  const title = `${suite} without ${out}`
  const leaveOut = new URL(`scripts/independence/leave-out.mjs?plugin=${out}`, root).href
  const cli = fileURLToPath(new URL('node_modules/ava/entrypoints/cli.mjs', root))
  const ava = spawn(process.execPath, [cli, `plugins/${suite}/build/test/*.test.js`], {
    cwd: fileURLToPath(root),
    env: { ...process.env, NODE_OPTIONS: `--import ${leaveOut}` },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  let said = ''
  for await (const chunk of ava.stdout.setEncoding('utf8')) said += stripVTControlCharacters(chunk)
  const [list, details = ''] = said.split(/^ *─$/m)
  const passed = (list.match(/^ *✔ /gm) ?? []).length
  const failed = (list.match(/^ *✘ \[fail\]: /gm) ?? []).length
  const asks = await asksFor(out)
  const reports = details.split(/^ {2}(?=\S+ › )/m).slice(1)
  const unlike = reports.filter(
    (report) => !asks(report) && !(about[title] ?? []).some((name) => report.includes(name)),
  )
  const others = (list.match(/^ *✘ (?!\[fail\]: ).*$/gm) ?? []).concat(passed === 0 ? ['no test passed'] : [])
  for (const report of [...unlike, ...others]) console.log(`${title}:\n  ${report}`)
  const wrong = unlike.length + others.length + Math.abs(failed - reports.length)
  broken += wrong
  return [suite, out, `${passed}`, `${failed - unlike.length}`, `${wrong}`]
}

/** Whether a failure is that of a test which itself asks the plugin that is not there. */
async function asksFor(out) {
  const declared = Object.values(await import(new URL(`plugins/${out}/dist/contract.js`, root).href))
  const verbs = declared.flatMap((each) => (each?.kind === 'command' ? [each.name.slice(out.length + 1)] : []))
  const missing = new RegExp(
    `TypeError: Cannot read properties of undefined \\(reading '(?:${verbs.join('|')})'\\)\\n.*/test/`,
  )
  const absent = `The server runs without the plugin "${out}"`
  const kinds = declared.some((each) => each?.kind === 'body') ? 'NATTER_UNKNOWN_BODY' : absent
  return (report) => missing.test(report) || report.includes(absent) || report.includes(kinds)
}
