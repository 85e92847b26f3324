import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join, resolve } from 'node:path'
import test from 'ava'

const root = resolve(import.meta.dirname, '../../..')
/** Storage backends are another kind of plugin: no contract and no client half of their own. */
const plugins = readdirSync(join(root, 'plugins')).filter((name) => !name.startsWith('storage-'))

interface Manifest {
  readonly [key: string]: unknown
  readonly exports: Readonly<Record<string, unknown>>
  readonly peerDependencies: Readonly<Record<string, string>>
  readonly peerDependenciesMeta: object
  readonly devDependencies: Readonly<Record<string, string>>
}
interface Build {
  readonly references: readonly { readonly path: string }[]
}
interface Folder {
  readonly name: string
  readonly manifest: Manifest
  /** The plugins whose contracts it loads or names. */
  readonly siblings: readonly string[]
  readonly files: readonly string[]
  read(file: string): string
  has(file: string): boolean
}

function folderOf(name: string): Folder {
  const at = (file: string) => join(root, 'plugins', name, file)
  const read = (file: string) => readFileSync(at(file), 'utf8')
  const files = readdirSync(at('src'), { recursive: true, encoding: 'utf8' })
    .filter((file) => file.endsWith('.ts'))
    .map((file) => `src/${file}`)
  const named = files.flatMap((file) => [...read(file).matchAll(/from '@natter\/([a-z-]+)\/contract'/g)])
  const siblings = [...new Set(named.map(([, sibling]) => sibling!))].filter((each) => each !== 'core').toSorted()
  const manifest = JSON.parse(read('package.json')) as Manifest
  return { name, manifest, siblings, files, read, has: (file) => existsSync(at(file)) }
}

const entry = (file: string) => ({ types: `./dist/${file}.d.ts`, default: `./dist/${file}.js` })
const same = (a: unknown, b: unknown) => JSON.stringify(a) === JSON.stringify(b)
const samples = (text: string) => [...text.matchAll(/^```ts file=(\S+)\n([^]*?)^```$/gm)]
const sampleLines = 18

/** What holds for the folder of each plugin; a rule gives what deviates from it. */
const rules: Readonly<Record<string, (folder: Folder) => readonly string[]>> = {
  'has the same files'({ name, has, files, read }) {
    const wanted = ['LICENSE', 'README.md', 'package.json', 'tsconfig.json', 'test/tsconfig.json', 'test/serve.ts']
    const sources = ['src/index.ts', 'src/plugin.ts', 'src/contract.ts', 'src/client.ts', 'src/person.ts']
    const configured = /^ {2}config: (\w+),$/m.exec(read('src/plugin.ts'))?.[1]
    return [
      ...[...wanted, ...sources].filter((file) => !has(file)),
      ...(has('src/config.ts') === (configured !== undefined) ? [] : ['src/config.ts, or a config in src/plugin.ts']),
      ...(configured === undefined || configured === `${name}Config` ? [] : [`config: ${configured}`]),
      ...(files.some((file) => file.startsWith('src/client/')) && !has('src/client.ts') ? ['src/client.ts'] : []),
    ]
  },
  'has a package.json like the others'({ name, manifest }) {
    const other = folderOf('offline').manifest
    const keys = Object.keys(manifest)
    const common = ['version', 'license', 'type', 'sideEffects', 'engines', 'imports', 'files', 'publishConfig']
    const { peerDependenciesMeta: optional } = manifest
    return [
      ...(manifest['name'] === `@natter/${name}` ? [] : [`its name is ${String(manifest['name'])}`]),
      ...(same(keys, Object.keys(other)) ? [] : [`its fields are ${keys.join(', ')}`]),
      ...common.filter((key) => !same(manifest[key], other[key])),
      ...(same(optional, { '@natter/client': { optional: true } }) ? [] : ['only the client may be missing']),
    ]
  },
  'exports itself, its contract and its client half first'({ manifest, has }) {
    const { exports } = manifest
    const wanted = { '.': entry('index'), './contract': entry('contract'), './client': entry('client') }
    const paths = Object.keys(exports)
    const further = paths.slice(3, -1).filter((path) => {
      const target = (exports[path] as { readonly default: string }).default
      return !has(target.replace('./dist/', 'src/').replace('.js', '.ts'))
    })
    return [
      ...(same(Object.fromEntries(Object.entries(exports).slice(0, 3)), wanted) ? [] : paths.slice(0, 3)),
      ...further,
      ...(paths.at(-1) === './package.json' ? [] : ['./package.json is not the last']),
    ]
  },
  'is one plugin of its name, and says what each entry is'({ name, read }) {
    const says = (file: string, of: string) =>
      read(file).startsWith(`/** \`@natter/${name}${of}\`: `) ? [] : [`${file} does not begin with what it is`]
    const exported = [...read('src/index.ts').matchAll(/^export (?!type)(.*)$/gm)].map(([, what]) => what)
    const plugin = `export const ${name} = definePlugin({\n  name: '${name}',\n  version: `
    return [
      ...says('src/index.ts', ''),
      ...says('src/contract.ts', '/contract'),
      ...says('src/client.ts', '/client'),
      ...(same(exported, [`{ ${name} } from './plugin.js'`]) ? [] : ['src/index.ts exports more than the plugin']),
      ...(read('src/plugin.ts').includes(plugin) ? [] : ['src/plugin.ts does not define it']),
      ...(read('src/client.ts').includes(name) ? [] : ['src/client.ts has no half of its name']),
    ]
  },
  'declares what others name in its contract alone'({ files, read }) {
    const declares = /= (?:command|event|body|model|route|hook\.\w+|token|defineErrors)(?:<[^>]*>)?\(/
    const contract = /^src\/(?:[a-z]+-)?contract\.ts$/
    return files.filter((file) => !contract.test(file) && declares.test(read(file)))
  },
  'names its errors after itself'({ name, read }) {
    const made = [...read('src/contract.ts').matchAll(/export const (\w+) = defineErrors\('(\w+)'/g)]
    const wanted = name[0]!.toUpperCase() + name.slice(1)
    return made.flatMap(([, constant, prefix]) =>
      constant === `${wanted}Errors` && prefix === name.toUpperCase() ? [] : [`${constant} of ${prefix}`],
    )
  },
  'has the packages of the contracts it names, and builds against them'({ manifest, siblings, read, name }) {
    const peers = Object.keys(manifest.peerDependencies).filter((peer) => peer.startsWith('@natter/'))
    const wanted = ['client', 'core', ...siblings].map((sibling) => `@natter/${sibling}`)
    const paths = (file: string) => (JSON.parse(read(file)) as Build).references.map(({ path }) => path)
    const built = ['../../core', '../../client', ...siblings.map((sibling) => `../${sibling}`)]
    const tested = paths('test/tsconfig.json')
    const dev = Object.keys(manifest.devDependencies)
    const all = (JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8')) as Build).references
    const listed = all.map(({ path }) => path)
    return [
      ...(same(peers, wanted) ? [] : [`peers are ${peers.join(', ')}`]),
      ...(same(paths('tsconfig.json'), built) ? [] : [`it builds against ${paths('tsconfig.json').join(', ')}`]),
      ...['..', '../../../testkit', '../../../core'].filter((path) => !tested.includes(path)),
      ...[...peers, '@natter/testkit'].filter((each) => !dev.includes(each) && !siblings.includes(each.slice(8))),
      ...[`plugins/${name}`, `plugins/${name}/test`].filter((path) => !listed.includes(path)),
    ]
  },
  'shows in its README how to use it, in few lines, on the server and in the client'({ name, read }) {
    const text = read('README.md')
    const [[, first, server = ''] = [], [, second, client = ''] = []] = samples(text)
    const lines = (code: string) => code.trim().split('\n').length
    return [
      ...(text.startsWith(`# @natter/${name}\n\n`) ? [] : ['its title']),
      ...(first === 'chat.ts' && server.includes(`from '@natter/${name}'`) ? [] : ['no chat.ts first']),
      ...(second === 'page.ts' && client.includes(`from '@natter/${name}/client'`) ? [] : ['no page.ts second']),
      ...(lines(server) <= sampleLines ? [] : ['its chat.ts is long']),
      ...(lines(client) <= sampleLines ? [] : ['its page.ts is long']),
      ...(/^\| command /m.test(text) || /^\| \w+ .*\|$/m.test(text) ? [] : ['no table of what it offers']),
    ]
  },
}

test('the plugins are found, and of which others each names the contract', (t) => {
  const named = plugins.map((name) => [name, folderOf(name).siblings] as const)
  t.deepEqual(Object.fromEntries(named), {
    actions: ['groups'],
    auth: [],
    friends: [],
    groups: ['friends'],
    offline: [],
    presence: ['friends'],
    search: [],
  })
})

for (const name of plugins) {
  for (const [rule, deviations] of Object.entries(rules)) {
    test(`the folder of ${name} ${rule}`, (t) => {
      t.deepEqual(deviations(folderOf(name)), [])
    })
  }
}
