// Writes the tables of docs/errors.md: run it after an error was added, renamed or removed.
//   node scripts/error-docs.mjs
// Codes, statuses and meanings come from the code. The last column, what to do, is written in the page by hand and kept.
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join, relative } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fill, rowsOf, table } from './generated-pages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
// TypeScript 7 has no API to read a syntax tree; the documentation's own copy has.
const ts = createRequire(join(root, 'docs/package.json'))('typescript')
const page = 'docs/errors.md'

/** The catalogues of errors that the packages export, by prefix: each a list of `{ code, spec }`. */
export async function catalogues() {
  const found = new Map()
  for (const entry of packages().flatMap(entriesOf)) {
    for (const group of Object.values(await import(pathToFileURL(entry).href))) {
      const errors = typeof group === 'object' && group !== null ? Object.entries(group) : []
      const [first] = errors
      if (!first || !errors.every(([key, error]) => error?.spec?.status && error.code?.endsWith(`_${key}`))) continue
      const prefix = first[1].code.slice(0, -first[0].length - 1)
      found.set(
        prefix,
        errors.map(([, { code, spec }]) => ({ code, spec })),
      )
    }
  }
  return found
}

/** The client's own codes with what their docstrings say, from the union `LocalCode`. */
export function clientCodes() {
  const source = parse(join(root, 'client/src/errors.ts'))
  const { type: union } = source.statements.find((each) => each.name?.text === 'LocalCode')
  // A member's comment stands before its bar, which is not a part of it.
  const from = [union.pos, ...union.types.map(({ end }) => end)]
  return union.types.map((member, i) => {
    const [, comment = ''] = /\/\*\*([^]*?)\*\//.exec(source.text.slice(from[i], member.getStart())) ?? []
    return { code: member.literal.text, meaning: oneLine(comment.replaceAll(/^\s*\* ?/gm, '').trim()) }
  })
}

/** Every string in the sources that is a code by its form: `{ code, file }`. */
export function codesInSources(prefixes) {
  const form = new RegExp(`^(?:${prefixes.join('|')})_[A-Z][A-Z_]*$`)
  const anywhere = new RegExp(`(?:${prefixes.join('|')})_[A-Z]`)
  return sources().flatMap((file) => {
    const found = []
    if (!anywhere.test(readFileSync(file, 'utf8'))) return found
    const visit = (node) => {
      const text = ts.isStringLiteralLike(node) ? node.text : undefined
      if (text && form.test(text)) found.push({ code: text, file: relative(root, file) })
      ts.forEachChild(node, visit)
    }
    visit(parse(file))
    return found
  })
}

/** The generated files, by path below the root. */
export async function errorDocs(text = readFileSync(join(root, page), 'utf8')) {
  const groups = await catalogues()
  const { closeCodes } = await import(pathToFileURL(join(root, 'core/dist/protocol/close-codes.js')).href)
  const own = clientCodes()
  const known = new Set([...groups.values()].flat().map(({ code }) => code))
  const extra = [
    ...new Set(
      codesInSources([...groups.keys(), 'CLIENT'])
        .map(({ code }) => code)
        .filter(
          (code) =>
            !known.has(code) && !own.some((each) => each.code === code) && !groups.has(code) && !variables.has(code),
        ),
    ),
  ].sort()

  let filled = text
  const write = (name, head, rows) => {
    const before = rowsOf(text, name)
    const kept = (first) => before.get(first)?.at(-1) ?? ''
    filled = fill(
      filled,
      name,
      table(
        head,
        rows.map((cells) => [...cells, kept(cells[0])]),
      ),
    )
  }
  const tick = (code) => `\`${code}\``
  const facts = ({ code, spec }) => [tick(code), spec.status, spec.retryable ? 'yes' : '', oneLine(spec.message)]
  const head = ['code', 'HTTP', 'retryable', 'meaning', 'what to do']
  const natter = groups.get('NATTER')
  const boot = natter.findIndex(({ code }) => code === 'NATTER_CONFIG_INVALID')
  write('core', head, natter.slice(0, boot).map(facts))
  write('boot', head, natter.slice(boot).map(facts))
  write('storage', head, groups.get('STORAGE').map(facts))
  write('storage-sql', head, groups.get('STORAGE_SQL').map(facts))
  write('storage-mongo', head, groups.get('STORAGE_MONGO').map(facts))
  write('storage-routed', head, groups.get('STORAGE_ROUTED').map(facts))
  write('auth', head, groups.get('AUTH').map(facts))
  write('friends', head, groups.get('FRIENDS').map(facts))
  write('offline', head, groups.get('OFFLINE').map(facts))
  write('groups', head, groups.get('GROUPS').map(facts))
  write('actions', head, groups.get('ACTIONS').map(facts))
  write('search', head, groups.get('SEARCH').map(facts))
  write(
    'client',
    ['code', 'meaning', 'what to do'],
    own.filter(({ code }) => code.startsWith('CLIENT_')).map(({ code, meaning }) => [tick(code), meaning]),
  )
  write(
    'client halves',
    ['code', 'meaning, and what to do'],
    extra.map((code) => [tick(code)]),
  )
  write(
    'close codes',
    ['code', 'name', 'meaning', 'reconnect', 'what to do'],
    Object.entries(closeCodes).map(([code, { name, meaning, retry }]) => [code, name, meaning, retry]),
  )
  return { [page]: filled }
}

/** Named like codes, but environment variables. */
const variables = new Set(['NATTER_SECRET', 'NATTER_SECRETS', 'NATTER_SCREENSHOTS'])

const oneLine = (message) => message.replaceAll(/\s*\n\s*/g, ' ')

function packages() {
  const plugins = readdirSync(join(root, 'plugins')).map((name) => `plugins/${name}`)
  return ['core', 'client', 'testkit', ...plugins].map((path) => join(root, path))
}

function entriesOf(folder) {
  const { exports } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'))
  return Object.values(exports)
    .map((entry) => entry.default)
    .filter((path) => path?.endsWith('.js'))
    .map((path) => join(folder, path))
    .filter((path) => existsSync(path))
}

function sources() {
  const below = (folder) =>
    readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
      .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
  const folders = [...packages().map((path) => join(path, 'src')), join(root, 'starter/src'), join(root, 'starter/web')]
  return folders.filter((path) => existsSync(path)).flatMap(below)
}

const parse = (file) => ts.createSourceFile(file, readFileSync(file, 'utf8'), ts.ScriptTarget.Latest, true)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of Object.entries(await errorDocs())) {
    writeFileSync(join(root, path), content)
    console.log(`Wrote ${path}`)
  }
}
