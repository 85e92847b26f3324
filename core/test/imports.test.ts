import { readdirSync, readFileSync } from 'node:fs'
import { dirname, join, relative, resolve, sep } from 'node:path'
import test from 'ava'

/** One import of one source file. */
interface Import {
  readonly file: string
  readonly from: string
  /** Leaves no trace in JavaScript. */
  readonly typesOnly: boolean
}

const root = resolve(import.meta.dirname, '../../..')
const isSource = (name: string) => /\.tsx?$/.test(name) && !name.endsWith('.d.ts')

function sources(folder: string): readonly string[] {
  return readdirSync(join(root, folder), { recursive: true, encoding: 'utf8', withFileTypes: false })
    .filter(isSource)
    .map((name) => join(folder, name).split(sep).join('/'))
    .filter((name) => !name.includes('/dist/') && !name.includes('/build/'))
}

const statement = /^(?:import|export)\s+(type\s+)?(?:[^'"`;()]*?\sfrom\s+)?['"]([^'"]+)['"]/gm
/** `import('x').Name` names a type; anything else after `import('x')` loads a module. */
const call = /\bimport\(\s*['"]([^'"]+)['"]\s*\)(\.[A-Z])?/g

function importsOf(file: string): readonly Import[] {
  const text = withoutComments(readFileSync(join(root, file), 'utf8'))
  const statements = [...text.matchAll(statement)].map(([, type, from]) => ({
    file,
    from,
    typesOnly: type !== undefined,
  }))
  const calls = [...text.matchAll(call)].map(([, from, name]) => ({ file, from, typesOnly: name !== undefined }))
  return [...statements, ...calls] as Import[]
}

/** Comments stand on lines of their own in this code. */
const withoutComments = (text: string) => text.replaceAll(/^\s*\/\*[\s\S]*?\*\//gm, '').replaceAll(/^\s*\/\/.*$/gm, '')

const allOf = (folder: string) => sources(folder).flatMap(importsOf)
const said = ({ file, from, typesOnly }: Import) => `${file}: ${typesOnly ? 'type ' : ''}${from}`
const isRelative = ({ from }: Import) => from.startsWith('.')
/** Where a relative import leads, from the root. */
const target = ({ file, from }: Import) =>
  relative(root, join(root, dirname(file), from))
    .split(sep)
    .join('/')
const within =
  (...folders: readonly string[]) =>
  (one: Import) =>
    isRelative(one) && folders.some((folder) => target(one).startsWith(folder))

const plugins = readdirSync(join(root, 'plugins'))
const packages = (one: Import) => /^@natter\/[a-z-]+/.exec(one.from)?.[0]

test('the reader of imports sees all of their forms', (t) => {
  const lines = [
    "import a from 'a'",
    "import type { B } from 'b'",
    "import {\n  c,\n  d,\n} from 'c'",
    "export * from 'd'",
    "export type { E } from 'e'",
    "import 'f'",
    "const g = await import('g')",
    "let h: import('h').H",
    "// import i from 'i'",
    "/*\nimport j from 'j'\n*/",
  ]
  const seen = [...withoutComments(lines.join('\n')).matchAll(statement)].map(([, type, from]) => [
    from,
    type !== undefined,
  ])
  t.deepEqual(seen, [
    ['a', false],
    ['b', true],
    ['c', false],
    ['d', false],
    ['e', true],
    ['f', false],
  ])
  const called = [...withoutComments(lines.join('\n')).matchAll(call)].map(([, from, name]) => [
    from,
    name !== undefined,
  ])
  t.deepEqual(called, [
    ['g', false],
    ['h', true],
  ])
})

test('the contract depends on nothing', (t) => {
  const imports = allOf('core/src/contract')
  t.true(imports.length > 10)
  t.deepEqual(imports.filter((one) => !within('core/src/contract/')(one)).map(said), [])
})

test('the kernel knows neither WebSocket nor HTTP, nor anything built on it', (t) => {
  const imports = allOf('core/src/kernel')
  t.true(imports.length > 50)
  const inside = within('core/src/kernel/', 'core/src/contract/', 'core/src/services/', 'core/src/errors.js')
  const packagesOfIts = ['inversify', 'pino', 'node:diagnostics_channel', 'node:util']
  // What plugins are given names requests; the kernel itself does nothing with them.
  const named = (one: Import) =>
    one.typesOnly && one.file.endsWith('/context.ts') && ['koa', 'node:http'].includes(one.from)
  const allowed = (one: Import) => inside(one) || packagesOfIts.includes(one.from) || named(one)
  t.deepEqual(imports.filter((one) => !allowed(one)).map(said), [])
})

test('the core imports no other package of ours, and names no plugin’s package', (t) => {
  t.deepEqual(allOf('core/src').filter(packages).map(said), [])
  const named = sources('core/src').filter((file) =>
    /@natter\/(?!core\b)/.test(withoutComments(readFileSync(join(root, file), 'utf8'))),
  )
  t.deepEqual(named, [])
})

test('the client takes types from contracts and loads nothing', (t) => {
  const imports = allOf('client/src')
  t.true(imports.length > 10)
  const allowed = (one: Import) =>
    within('client/src/')(one) || (one.typesOnly && /^@natter\/core\/(?:contract|protocol)$/.test(one.from))
  t.deepEqual(imports.filter((one) => !allowed(one)).map(said), [])
})

for (const plugin of plugins) {
  const folder = `plugins/${plugin}/src`
  const own = `@natter/${plugin}`

  test(`${plugin} reaches other plugins by their contracts only, and the core by its entries`, (t) => {
    const imports = allOf(folder).filter((one) => packages(one) !== undefined)
    const entry = /^@natter\/core(?:\/(?:contract|picture|schema|storage|protocol))?$|^@natter\/client$/
    const contract = /^@natter\/[a-z-]+\/contract$/
    t.deepEqual(imports.filter(({ from }) => !entry.test(from) && !contract.test(from)).map(said), [])
    t.deepEqual(imports.filter((one) => packages(one) === own).map(said), [])
    t.deepEqual(
      allOf(folder)
        .filter((one) => isRelative(one) && !within(`${folder}/`)(one))
        .map(said),
      [],
    )
  })

  const files = sources(folder)
  if (files.includes(`${folder}/contract.ts`)) {
    test(`the contract of ${plugin} loads only contracts and schemas`, (t) => {
      const allowed = /^@natter\/core\/(?:contract|schema)$|^@natter\/[a-z-]+\/contract$|^zod$/
      const reached = reach(`${folder}/contract.ts`)
      t.deepEqual(reached.filter((one) => !isRelative(one) && !one.typesOnly && !allowed.test(one.from)).map(said), [])
    })
  }
  if (files.includes(`${folder}/client.ts`)) {
    test(`the client side of ${plugin} loads the client and nothing of the server`, (t) => {
      const loads = reach(`${folder}/client.ts`).filter((one) => !one.typesOnly && !isRelative(one))
      t.deepEqual(loads.filter(({ from }) => from !== '@natter/client').map(said), [])
      const contracts = reach(`${folder}/client.ts`).filter(({ from }) => /(?:^|\/)contract(?:\.js)?$/.test(from))
      t.deepEqual(contracts.filter(({ typesOnly }) => !typesOnly).map(said), [])
    })
  }
}

/** All imports that loading a file leads to within its package. */
function reach(file: string, seen = new Set<string>()): readonly Import[] {
  if (seen.has(file)) return []
  seen.add(file)
  const imports = importsOf(file)
  const next = imports
    .filter((one) => isRelative(one) && !one.typesOnly)
    .map((one) => target(one).replace(/\.js$/, '.ts'))
  return [...imports, ...next.flatMap((path) => reach(path, seen))]
}

test('the testkit stands on core and client, and knows no plugin', (t) => {
  const known = ['@natter/core', '@natter/client']
  t.deepEqual(
    allOf('testkit/src')
      .filter((one) => packages(one) !== undefined && !known.includes(packages(one) ?? ''))
      .map(said),
    [],
  )
})

test('nothing that ships imports the testkit or a test runner', (t) => {
  const ships = ['core/src', 'client/src', 'starter/src', ...plugins.map((plugin) => `plugins/${plugin}/src`)]
  const forTests = (one: Import) => packages(one) === '@natter/testkit' || one.from === 'ava'
  t.deepEqual(ships.flatMap(allOf).filter(forTests).map(said), [])
})

test('nothing imports the starter', (t) => {
  const others = ['core/src', 'client/src', 'testkit/src', ...plugins.map((plugin) => `plugins/${plugin}/src`)]
  t.deepEqual(
    others
      .flatMap(allOf)
      .filter((one) => within('starter/')(one) || packages(one) === '@natter/starter')
      .map(said),
    [],
  )
})
