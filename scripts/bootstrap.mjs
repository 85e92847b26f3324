// Makes a checkout ready to run: checks Node.js, installs what the lockfile names and builds what is missing or stale.
// Every root script begins with it, by importing or by running it, so it needs nothing but Node.js, and it is silent
// and fast when all is in place.
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const at = (...path) => join(root, ...path)
const compiler = at('node_modules/typescript/bin/tsc')
const say = (text) => process.stdout.write(`${text}\n`)
const mtime = (file) => statSync(file, { throwIfNoEntry: false })?.mtimeMs ?? -Infinity
const read = (file) => (existsSync(file) ? readFileSync(file, 'utf8') : '')
const give = (text, code = 1) => {
  console.error(text)
  process.exit(code)
}

checkNode()
if (!installed() || !built() || !bundled()) await underLock(prepare)

function checkNode() {
  const [major, minor] = process.versions.node.split('.').map(Number)
  if (major > 20 || (major === 20 && minor >= 19)) return
  give(`Natter needs Node.js 20.19 or newer, and this is ${process.versions.node}. See https://nodejs.org/en/download`)
}

async function prepare() {
  if (!installed()) await install()
  if (!built()) await build()
  if (!bundled()) await bundle()
}

/** Runs a program to its end; who stops us stops it too, at once: npm would go on to tidy up after a softer signal. */
async function run(command, args, options) {
  const child = spawn(command, args, { cwd: root, ...options })
  const stop = () => {
    child.once('close', () => process.exit(1))
    child.kill('SIGKILL')
  }
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP']
  for (const signal of signals) process.once(signal, stop)
  try {
    const [code] = await once(child, 'close')
    return code
  } catch (error) {
    return give(`${command} could not be started: ${error.message}`)
  } finally {
    for (const signal of signals) process.off(signal, stop)
  }
}

// Installing. npm writes its own copy of the lockfile at the end of every installation. A checkout may touch the
// lockfile without changing it; then the stamp knows that the content was installed already.

function installStamp() {
  return at('node_modules/.natter-installed')
}

function lockHash() {
  return createHash('sha256')
    .update(read(at('package-lock.json')))
    .digest('hex')
}

function installed() {
  const own = mtime(at('node_modules/.package-lock.json'))
  if (own === -Infinity || !existsSync(compiler)) return false
  if (own >= mtime(at('package-lock.json'))) return true
  return mtime(installStamp()) >= own && read(installStamp()) === lockHash()
}

async function install() {
  const { packages } = JSON.parse(read(at('package-lock.json')))
  const fits = (list, value) =>
    !list || (list.includes(`!${value}`) ? false : list.includes(value) || list[0][0] === '!')
  process.report.excludeNetwork = true
  const libc = process.report.getReport().header.glibcVersionRuntime ? 'glibc' : 'musl'
  const count = Object.entries(packages).filter(
    ([path, entry]) =>
      path.includes('node_modules/') &&
      !entry.link &&
      fits(entry.os, process.platform) &&
      fits(entry.cpu, process.arch) &&
      fits(entry.libc, libc),
  ).length
  const start = Date.now()
  say(`Installing ${count} packages …`)
  const args = ['ci', '--include=dev', '--no-audit', '--no-fund', '--loglevel=error']
  const npm = process.env.npm_execpath
  const stdio = ['ignore', 'ignore', 'inherit']
  const status = /npm-cli\.c?js$/.test(npm ?? '')
    ? await run(process.execPath, [npm, ...args], { stdio })
    : await run('npm', args, { stdio, shell: process.platform === 'win32' })
  if (status !== 0) give('Installing failed; what npm said stands above.')
  writeFileSync(installStamp(), lockHash())
  say(`Installed in ${seconds(start)}`)
}

// Building. The compiler's own check for changes costs more than listing the sources, so a stamp is asked first. It is
// a hash over the path, size and time of every file that can matter.

function projects() {
  const { references } = JSON.parse(read(at('tsconfig.json')))
  return references.map(({ path }) => {
    const { compilerOptions: options = {} } = JSON.parse(read(at(path, 'tsconfig.json')))
    const dir = (name) => (options[name] ? at(path, options[name]) : undefined)
    return { path, sources: dir('rootDir') ?? at(path), output: dir('outDir'), info: dir('tsBuildInfoFile') }
  })
}

function* files(dir, skip = /^(node_modules|dist|build|data|\..*)$/) {
  for (const entry of readdirSync(dir, { withFileTypes: true })) {
    if (skip.test(entry.name)) continue
    const path = join(dir, entry.name)
    if (entry.isDirectory()) yield* files(path, skip)
    else if (entry.isFile()) yield path
  }
}

function fingerprint(paths) {
  const hash = createHash('sha256')
  for (const path of [...new Set(paths)].sort()) {
    const { size, mtimeMs } = statSync(path)
    hash.update(`${relative(root, path)}\0${size}\0${mtimeMs}\n`)
  }
  return hash.digest('hex')
}

function folders() {
  return [...new Set(projects().map(({ path }) => path.replace(/\/test$/, '')))]
}

function codeFingerprint() {
  const configs = readdirSync(root).filter((name) => /^tsconfig.*\.json$|^package(-lock)?\.json$/.test(name))
  const code = folders().flatMap((path) => [...files(at(path))].filter((file) => /\.(ts|tsx|mts|js|json)$/.test(file)))
  return fingerprint([...configs.map((name) => at(name)), ...code])
}

function buildStamp() {
  return at('node_modules/.natter-built')
}

function built() {
  return read(buildStamp()) === codeFingerprint() && projects().every(({ info }) => !info || existsSync(info))
}

async function build() {
  const start = Date.now()
  say('Building …')
  const print = codeFingerprint()
  rmSync(buildStamp(), { force: true })
  prune()
  const status = await run(process.execPath, [compiler, '-b'], { stdio: 'inherit' })
  if (status !== 0) give('Building failed; what the compiler said stands above.')
  writeFileSync(buildStamp(), print)
  say(`Built in ${seconds(start)}`)
}

/** The compiler leaves the output of a deleted source behind, and a deleted test would go on running. */
function prune() {
  for (const { sources, output } of projects()) {
    if (!output || !existsSync(output)) continue
    for (const file of files(output, /^\.tsbuildinfo$/)) {
      const stem = relative(output, file).replace(/(\.d)?\.(js|ts)(\.map)?$/, '')
      if (!['.ts', '.tsx', '.js'].some((ending) => existsSync(join(sources, stem + ending)))) rmSync(file)
    }
  }
}

// The web bundle of the starter: whatever starter/vite.config.* makes of starter/web, written to starter/build/web.

function bundleConfig() {
  return ['ts', 'js', 'mjs'].map((ending) => at(`starter/vite.config.${ending}`)).find((file) => existsSync(file))
}

function bundleStamp() {
  return at('node_modules/.natter-bundled')
}

function bundleFingerprint() {
  const parts = [
    'starter/web',
    'client/src',
    'core/src/contract',
    ...folders().filter((path) => path.startsWith('plugins/')),
  ]
  const sources = parts.map((path) => at(path)).filter((path) => existsSync(path))
  return fingerprint([bundleConfig(), at('package-lock.json'), ...sources.flatMap((path) => [...files(path)])])
}

function bundled() {
  if (!bundleConfig()) return true
  return existsSync(at('starter/build/web/index.html')) && read(bundleStamp()) === bundleFingerprint()
}

async function bundle() {
  const start = Date.now()
  say('Bundling the web app …')
  const print = bundleFingerprint()
  const vite = [at('node_modules/vite/bin/vite.js'), 'build', '--logLevel', 'warn']
  const status = await run(process.execPath, vite, { cwd: at('starter'), stdio: 'inherit' })
  if (status !== 0) give('Bundling failed; what the bundler said stands above.')
  writeFileSync(bundleStamp(), print)
  say(`Bundled in ${seconds(start)}`)
}

function seconds(start) {
  return `${((Date.now() - start) / 1000).toFixed(1)} s`
}

/** Two scripts started at once take turns; the second finds everything done. */
async function underLock(work) {
  const lock = at('.natter/bootstrap.lock')
  mkdirSync(dirname(lock), { recursive: true })
  for (let waiting = false; ;) {
    try {
      writeFileSync(lock, String(process.pid), { flag: 'wx' })
      break
    } catch (error) {
      if (error.code !== 'EEXIST') throw error
    }
    const holder = Number(read(lock))
    // An empty file belongs to somebody who has just made it, unless it has been so for a while.
    if (holder ? !alive(holder) : Date.now() - mtime(lock) > 5000) {
      rmSync(lock, { force: true })
      continue
    }
    if (!waiting)
      say(`Waiting for another Natter script (process ${holder || 'unknown'}) to finish installing or building …`)
    waiting = true
    await new Promise((resolve) => setTimeout(resolve, 200))
  }
  const release = () => rmSync(lock, { force: true })
  process.once('exit', release)
  await work()
  process.off('exit', release)
  release()
}

function alive(pid) {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error.code === 'EPERM'
  }
}
