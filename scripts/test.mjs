// Runs the tests and ends with one line: `N passed, N failed`, and `, N skipped` if there were any.
//
// A suite that needs a server or a browser which is not there says so with a skipped test whose title begins with
// `MISSING: `. Such suites are named before the last line, and where CI=true they count as failed.
//
// For a run of all tests, the database servers are found or started once, and each test gets their addresses by its
// environment. When test files are named, those that need a server start one of their own.
import './bootstrap.mjs'
import { spawn } from 'node:child_process'
import { createInterface } from 'node:readline'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const { findServer, serverNames } = await import('../servers/dist/index.js')

const root = fileURLToPath(new URL('..', import.meta.url))
const strict = process.env.CI === 'true'
const failed = []
const skipped = []
/** Test files in which something went wrong besides their tests, and how many of their tests never ended. */
const broken = new Map()
let passed = 0
let claimed
let pending = false
let details = false

const namesFiles = process.argv.slice(2).some((argument) => /^[^-].*(\/|\.js$)/.test(argument))
let ava
// Servers that have been started see our end, and end too.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'])
  process.on(signal, () => (ava ? ava.kill(signal) : process.exit(1)))
const servers = namesFiles ? [] : await Promise.all(Object.keys(serverNames).map(serve))

// AVA's report goes to stdout, and what tests print goes to stderr. Its TAP output is no alternative: it breaks off
// when a test times out or ends the process.
const colour = process.stdout.isTTY && !process.env.NO_COLOR ? ['--color'] : []
ava = spawn(process.execPath, ['node_modules/ava/entrypoints/cli.mjs', ...colour, ...process.argv.slice(2)], {
  cwd: root,
  env: {
    ...process.env,
    ...Object.fromEntries(servers.map(({ kind, address }) => [serverNames[kind].variable, address])),
  },
  stdio: ['ignore', 'pipe', 'inherit'],
})
const ended = new Promise((resolve) => ava.once('close', (code, signal) => resolve(signal ?? code)))

for await (const raw of createInterface({ input: ava.stdout })) {
  const line = raw.replaceAll(/ (\S*)›(\S*) build \1›\2 test \1›\2 /g, ' $1›$2 ')
  console.log(line)
  read(stripVTControlCharacters(line).trim())
}

const outcome = await ended
await Promise.all(servers.map(({ stop }) => stop()))
for (const { reason, tests } of broken.values())
  for (let i = 1; i <= Math.max(1, tests); i++) failed.push(tests > 1 ? `${reason} (${i} of ${tests})` : reason)
if (outcome !== 0 && failed.length === 0) failed.push(`the test runner ended with ${outcome}`)
if (passed + failed.length === 0) failed.push('there were no tests')
if (outcome === 0 && claimed !== passed) failed.push(`the test runner says that ${claimed} tests passed, not ${passed}`)

const missing = skipped.filter((title) => title.includes('MISSING: '))
const others = skipped.filter((title) => !missing.includes(title))
if (failed.length) console.log(`\nFailed:\n${failed.map((title) => `  ✘ ${title}`).join('\n')}`)
if (others.length) console.log(`\nSkipped:\n${others.map((title) => `  - ${title}`).join('\n')}`)
if (missing.length) {
  console.log(`\nNOT RUN, because something they need is missing${strict ? ' (a failure where CI=true)' : ''}:`)
  for (const title of missing) console.log(`  ! ${title}`)
}
const failures = failed.length + (strict ? missing.length : 0)
const left = skipped.length - (strict ? missing.length : 0)
console.log(`\n${passed} passed, ${failures} failed${left ? `, ${left} skipped` : ''}`)
process.exitCode = failures === 0 ? 0 : 1

async function serve(kind) {
  const { title, variable } = serverNames[kind]
  const start = performance.now()
  const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`
  const progress = setInterval(() => console.log(`${title}: still starting (${seconds()}) …`), 5000)
  const server = await findServer(kind)
  clearInterval(progress)
  if ('missing' in server) {
    console.log(`Without ${server.missing}`)
    return { kind, address: `missing:${encodeURIComponent(server.missing)}`, stop: async () => undefined }
  }
  console.log(`${title} ${server.version}: ${server.from === 'address' ? `at ${variable}` : 'started'} in ${seconds()}`)
  return { kind, address: server.url, stop: () => server.stop() }
}

function read(line) {
  if (line === '─') details = true
  if (details) {
    const [, known] = /^(\d+) known failures?$/.exec(line) ?? []
    const [, count] = /^(\d+) tests? passed$/.exec(line) ?? []
    if (known ?? count) claimed = (claimed ?? 0) + Number(known ?? count)
    return
  }
  if (/^[✔√] /.test(line)) passed++
  else if (/^[✘×] \[(fail|unexpected pass)\]: /.test(line)) failed.push(line.replace(/^.*?\]: /, ''))
  else if (/^- \[(skip|todo)\] /.test(line)) skipped.push(line.replace(/^.*?\] /, ''))
  else if (/^[✘×] (Timed out|Exiting due to SIGINT)/.test(line)) pending = line.slice(2)
  else if (pending && /^(◌|\( \)) /.test(line)) failed.push(`${line.replace(/^(◌|\( \)) /, '')}: ${pending}`)
  else {
    const [, tests] = /^[✘×] (\d+) tests? remaining in /.exec(line) ?? []
    const wrong = /^[✘×] /.test(line) || /^(Uncaught exception|Unhandled rejection) in /.test(line)
    const [file] = /[^\s:]+\.test\.js/.exec(line) ?? (wrong ? ['the test runner'] : [])
    if (!wrong || !file) return
    const { reason = line.replace(/^[✘×] /, ''), tests: before = 0 } = broken.get(file) ?? {}
    broken.set(file, { reason, tests: before + Number(tests ?? 0) })
  }
}
