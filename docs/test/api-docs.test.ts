import { execFile } from 'node:child_process'
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import test from 'ava'
import { root } from './doc-samples.js'

test('npm run docs describes every entry by the name that it is imported by', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-api-'))
  t.teardown(() => rm(folder, { recursive: true }))
  await promisify(execFile)(process.execPath, [join(root, 'scripts/api-docs.mjs'), folder])

  const packages = [
    'core',
    'client',
    'testkit',
    ...(await readdir(join(root, 'plugins'))).map((each) => `plugins/${each}`),
  ]
  const entries: string[] = []
  for (const path of packages) {
    const { name, exports } = JSON.parse(await readFile(join(root, path, 'package.json'), 'utf8')) as {
      name: string
      exports: Record<string, { readonly types?: string }>
    }
    for (const [entry, { types }] of Object.entries(exports)) if (types) entries.push(name + entry.slice(1))
  }
  const pages = await readdir(join(folder, 'modules'))
  t.deepEqual(pages.sort(), entries.map((name) => `${name.replaceAll(/[@/]/g, '_')}.html`).sort())
  const createChat = await readFile(join(folder, 'functions/_natter_core.createChat.html'), 'utf8')
  t.true(createChat.includes('leaves nothing behind'), 'with its docstring')
})
