// Packs every package that is published and checks the archives: exports, files and types as a stranger gets them.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('..', import.meta.url))
const out = mkdtempSync(join(tmpdir(), 'natter-pack-'))
process.once('exit', () => rmSync(out, { recursive: true, force: true }))

const node = (...args) => spawnSync(process.execPath, args, { cwd: root, encoding: 'utf8' })
const manifest = (dir) => JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8'))
const folders = manifest('.').workspaces.flatMap((pattern) => {
  if (!pattern.endsWith('/*')) return pattern
  const parent = pattern.slice(0, -2)
  return readdirSync(join(root, parent)).map((name) => `${parent}/${name}`)
})

let failures = 0
for (const folder of folders.filter(
  (name) => existsSync(join(root, name, 'package.json')) && !manifest(name).private,
)) {
  const { name } = manifest(folder)
  const packed = spawnSync('npm', ['pack', '--silent', '--pack-destination', out, '--workspace', folder], {
    cwd: root,
    encoding: 'utf8',
    shell: process.platform === 'win32',
  })
  const archive = join(out, packed.stdout.trim())
  const checks =
    packed.status === 0
      ? [
          node('node_modules/publint/src/cli.js', 'run', archive, '--strict'),
          node(
            'node_modules/@arethetypeswrong/cli/dist/index.js',
            archive,
            '--profile',
            'esm-only',
            '--no-definitely-typed',
          ),
        ]
      : [packed]
  const bad = checks.filter(({ status }) => status !== 0)
  console.log(`${bad.length ? '✗' : '✓'} ${name}`)
  for (const { stdout, stderr } of bad) console.log(stdout + stderr)
  if (bad.length) failures++
}
if (failures) {
  console.error(`${failures} packages are not fit to be published`)
  process.exit(1)
}
