import { existsSync, readdirSync, readFileSync } from 'node:fs'
import test from 'ava'

const root = new URL('../../../', import.meta.url)
const { budgets, bundle } = (await import(new URL('client/scripts/size.mjs', root).href)) as {
  budgets: Record<string, { readonly source: string; readonly bytes: number }>
  bundle(
    source: string,
  ): Promise<{ readonly code: string; readonly modules: readonly string[]; readonly bytes: number }>
}

for (const [name, budget] of Object.entries(budgets)) {
  test(`${name} stays within ${budget.bytes} bytes, minified and compressed`, async (t) => {
    const { bytes, modules } = await bundle(budget.source)
    t.log(`${name}: ${bytes} bytes`)
    t.true(bytes > 100 && bytes <= budget.bytes, `${bytes} bytes`)
    t.true(modules.every((id) => id.includes('/client/dist/')))
  })
}

const plugins = readdirSync(new URL('plugins/', root))
  .map((name) => new URL(`plugins/${name}/package.json`, root))
  .filter((file) => existsSync(file))
  .map((file) => JSON.parse(readFileSync(file, 'utf8')) as { name: string; exports: Record<string, unknown> })
  .filter((manifest) => './client' in manifest.exports)

test('there are plugins with a client half', (t) => {
  t.true(plugins.length > 0)
})

for (const { name } of plugins) {
  test(`${name}/client brings no contract and no schema library into the browser`, async (t) => {
    const { modules, code } = await bundle(`export * from '${name}/client'`)
    const strangers = modules.filter(
      (id) => !/\/(client|plugins\/[^/]+)\/dist\//.test(id) || id.endsWith('/contract.js'),
    )
    t.deepEqual(strangers, [])
    t.false(code.includes('~standard'))
  })
}

test('the guard sees a contract that is imported as a value', async (t) => {
  const { code } = await bundle("export * from '@natter/auth/contract'")
  t.true(code.includes('~standard'))
})

test('the published code is ES2020: nothing newer than the oldest React Native engine reads', async (t) => {
  const dist = new URL('client/dist/', root)
  const files = readdirSync(dist, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.js'))
  t.true(files.length > 20)
  for (const file of files) {
    const code = readFileSync(new URL(file, dist), 'utf8')
    for (const newer of [
      /\?\?=|\|\|=|&&=/,
      /^\s+static \{/m,
      /\bthis\.#/,
      /\bfor await\b/,
      /\bimport\(/,
      /\.at\(-/,
      /\.replaceAll\(/,
    ]) {
      t.notRegex(code, newer, file)
    }
  }
})

test('nothing of the runtime is touched at import', async (t) => {
  const { runInNewContext } = await import('node:vm')
  const { code } = await bundle(
    "import * as client from '@natter/client'\nglobalThis.loaded = Object.keys(client).sort()",
  )
  const bare: { loaded?: string[] } = {}
  runInNewContext(code, bare)
  t.deepEqual([...bare.loaded!], ['ClientError', 'clientPlugin', 'createClient', 'follow', 'indexedDb', 'memory'])
})
