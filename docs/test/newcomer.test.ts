import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, readdir, rm, symlink } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { root, writeProject } from './doc-samples.js'

const run = promisify(execFile)
type Names = Readonly<Record<string, string>>
interface Manifest {
  readonly name: string
  readonly version: string
  readonly dependencies?: Names
  readonly peerDependencies?: Names
  readonly devDependencies?: Names
}
const manifestOf = async (folder: string) =>
  JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Manifest

/** Where the workspace has a package that this folder of it declares. */
function installed(name: string, workspace: string): string {
  const found = [join(root, workspace, 'node_modules', name), join(root, 'node_modules', name)].find(existsSync)
  if (!found) throw new Error(`${workspace} declares ${name}, and it is not installed`)
  return found
}

async function link(name: string, workspace: string, modules: string): Promise<void> {
  const place = join(modules, name)
  if (existsSync(place)) return
  await mkdir(dirname(place), { recursive: true })
  await symlink(installed(name, workspace), place, 'junction')
}

// As npm would install it, without asking a registry: our packages from their archives, each beside only what it declares.
test('"Writing a plugin", followed to the letter in an empty folder, ends with passing tests', async (t) => {
  t.timeout(100_000)
  const place = await mkdtemp(join(tmpdir(), 'natter-newcomer-'))
  t.teardown(() => rm(place, { recursive: true, force: true }))
  const app = join(place, 'natter-plugin-snippets')
  const modules = join(app, 'node_modules')
  writeProject('docs/writing-a-plugin.md', app)
  const wanted = await manifestOf(app)
  const all = { ...wanted.dependencies, ...wanted.devDependencies }
  const ours = Object.keys(all).filter((name) => name.startsWith('@natter/'))
  const workspaces = await Promise.all(
    ours.map(async (name) => {
      const short = name.slice('@natter/'.length)
      const workspace = existsSync(join(root, short, 'package.json')) ? short : `plugins/${short}`
      return { name, workspace, manifest: await manifestOf(join(root, workspace)) }
    }),
  )

  await run(
    'npm',
    ['pack', '--silent', '--pack-destination', place, ...workspaces.flatMap((w) => ['--workspace', w.workspace])],
    {
      cwd: root,
      shell: process.platform === 'win32',
    },
  )
  t.is((await readdir(place)).filter((name) => name.endsWith('.tgz')).length, ours.length)
  for (const { name, workspace, manifest } of workspaces) {
    t.is(all[name], manifest.version, `the page wants another ${name} than there is`)
    const own = join(modules, name)
    await mkdir(own, { recursive: true })
    const archive = `${name.slice(1).replace('/', '-')}-${manifest.version}.tgz`
    await run('tar', ['-xzf', join(place, archive), '-C', own, '--strip-components', '1'])
    for (const each of Object.keys(manifest.dependencies ?? {})) await link(each, workspace, join(own, 'node_modules'))
  }
  for (const [name, version] of Object.entries(all)) {
    if (ours.includes(name)) continue
    await link(name, '', modules)
    t.is((await manifestOf(join(modules, name))).version, version, `the page wants another ${name} than there is`)
  }

  const node = (file: string) =>
    run(process.execPath, [join(modules, file)], { cwd: app, env: { PATH: process.env['PATH'] } })
  await t.notThrowsAsync(node('typescript/bin/tsc'))
  const { stdout } = await node('ava/entrypoints/cli.mjs')
  t.regex(stdout, /\n {2}7 tests passed\n/)
})
