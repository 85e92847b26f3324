// Writes the tables of docs/configuration.md: run it after an option was added, changed or removed.
//   node scripts/config-docs.mjs
// Options of plugins with a schema come from the schema (zod → JSON Schema); those that are functions and objects of the
// host come from their interface and its docstrings; the starter's environment from what its --help says.
import { readFileSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fill, table } from './generated-pages.mjs'
import { limitText } from './protocol-docs.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const load = (path) => import(pathToFileURL(join(root, path)).href)
const requireFor = (folder) => createRequire(join(root, folder, 'package.json'))
// TypeScript 7 has no API to read a syntax tree; the documentation's own copy has.
const ts = requireFor('docs')('typescript')
const page = 'docs/configuration.md'

/** The generated files, by path below the root. */
export async function configDocs(text = readFileSync(join(root, page), 'utf8')) {
  const { z } = await import(pathToFileURL(requireFor('core').resolve('zod')).href)
  const schemaRows = (schema) =>
    rowsOfSchema(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }).properties)
  const { configSchema } = await load('plugins/storage-sql/dist/config.js')
  const { configSchema: mongoConfig } = await load('plugins/storage-mongo/dist/config.js')
  const { presenceConfig } = await load('plugins/presence/dist/config.js')
  const { authConfig } = await load('plugins/auth/dist/config.js')
  const { friendsConfig } = await load('plugins/friends/dist/config.js')
  const { groupsConfig } = await load('plugins/groups/dist/config.js')
  const { actionsConfig } = await load('plugins/actions/dist/config.js')
  const { searchConfig } = await load('plugins/search/dist/config.js')
  const { defaultLimits } = await load('core/dist/protocol/limits.js')
  const { defaultTimeouts } = await load('core/dist/kernel/timeouts.js')
  const { usage } = await load('starter/dist/settings.js')

  let filled = text
  const write = (name, head, rows) => {
    filled = fill(
      filled,
      name,
      table(
        head,
        rows.map((cells) => cells.map((cell) => cell.replaceAll('|', '\\|'))),
      ),
    )
  }
  const schemaHead = ['key', 'type', 'default', 'unit', 'meaning']
  const optionHead = ['option', 'type', 'meaning']
  write('environment', ['variable', 'meaning'], environment(usage))
  write('createChat', optionHead, rowsOfInterface('core/src/chat/create-chat.ts', 'ChatOptions'))
  write(
    'limits',
    ['limit', 'default', 'meaning'],
    Object.entries(defaultLimits).map(([name, value]) => [tick(name), count(value), limitText[name]]),
  )
  write(
    'timeouts',
    ['step', 'default', 'unit'],
    Object.entries(defaultTimeouts).map(([name, value]) => [tick(name), count(value), 'ms']),
  )
  write('storage-sql', schemaHead, schemaRows(configSchema))
  write('storage-mongo', schemaHead, schemaRows(mongoConfig))
  write('storage-routed', optionHead, rowsOfInterface('plugins/storage-routed/src/storage-routed.ts', 'RoutedOptions'))
  write('presence', schemaHead, schemaRows(presenceConfig))
  write('auth', schemaHead, schemaRows(authConfig))
  write('friends', schemaHead, schemaRows(friendsConfig))
  write('groups', schemaHead, schemaRows(groupsConfig))
  write('actions', schemaHead, schemaRows(actionsConfig))
  write('search', schemaHead, schemaRows(searchConfig))
  write('totp', optionHead, rowsOfInterface('plugins/auth/src/totp/totp.ts', 'TotpOptions'))
  write('passkeys', optionHead, rowsOfInterface('plugins/auth/src/passkeys/relying-party.ts', 'PasskeysOptions'))
  write('oidc', optionHead, [
    ...rowsOfInterface('plugins/auth/src/oidc/options.ts', 'OidcOptions'),
    ...rowsOfInterface('plugins/auth/src/oidc/options.ts', 'OidcProvider', 'providers[].'),
  ])
  write('hostIdentity', optionHead, [
    ...rowsOfInterface('plugins/auth/src/host/host-identity.ts', 'HostIdentityOptions'),
    ...rowsOfInterface('plugins/auth/src/host/host-tokens.ts', 'HostJwt', 'jwt.'),
  ])
  write('client', optionHead, rowsOfInterface('client/src/api/client.ts', 'ClientOptions'))
  return { [page]: filled }
}

/** A row for each key, and for each key within: `password.minLength`. */
function rowsOfSchema(properties, path = '') {
  return Object.entries(properties).flatMap(([key, schema]) => {
    const name = `${path}${key}`
    const { points, windowMs } = schema.properties ?? {}
    if (points && windowMs)
      return [
        [
          tick(name),
          allowance,
          `${points.default} per ${time(windowMs.default).replace(/^1 /, '')}`,
          '',
          meaningOf(name, schema),
        ],
      ]
    if (schema.properties) return rowsOfSchema(schema.properties, `${name}.`)
    return [[tick(name), typeOf(schema), defaultOf(name, schema), unitOf(key), meaningOf(name, schema)]]
  })
}

const allowance = '`{ points, windowMs }`'

function typeOf({ type, enum: values, items, minimum, maximum, minLength }) {
  if (values) return values.map((value) => tick(`'${value}'`)).join(' or ')
  if (type === 'array') return items?.type === 'string' ? 'list of texts' : 'list'
  if (type === 'string') return minLength ? 'text, not empty' : 'text'
  if (type !== 'integer') return type ?? 'object of the host'
  return maximum < Number.MAX_SAFE_INTEGER
    ? `whole number, ${count(minimum)} to ${count(maximum)}`
    : `whole number from ${count(minimum)}`
}

const defaultOf = (name, { type, default: value }) => {
  // an object of the host, which JSON Schema has no word for
  if (value === undefined && type === undefined) return ''
  if (value === undefined) throw new Error(`The option ${name} has no default`)
  if (typeof value === 'number')
    return name.endsWith('Ms') && value >= 60_000 ? `${count(value)} (${time(value)})` : count(value)
  return tick(typeof value === 'string' ? value : JSON.stringify(value))
}

const unitOf = (key) => (key.endsWith('Ms') ? 'ms' : key.endsWith('KiB') ? 'KiB' : key.endsWith('Bytes') ? 'bytes' : '')

function meaningOf(name, { description }) {
  if (description) return description
  throw new Error(`The option ${name} has no description: give its schema .describe('…')`)
}

/** A row for each property of an exported interface, from its docstring. */
function rowsOfInterface(file, name, path = '') {
  const text = readFileSync(join(root, file), 'utf8')
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.Latest, true)
  const found = source.statements.find((each) => ts.isInterfaceDeclaration(each) && each.name.text === name)
  if (!found) throw new Error(`${file} has no interface ${name}`)
  return found.members.map((member) => {
    const docs = ts.getJSDocCommentsAndTags(member).map(({ comment }) => ts.getTextOfJSDocComment(comment))
    if (docs.length === 0) throw new Error(`${file}: ${name}.${member.name.text} has no docstring`)
    const type = member.type.getText().replaceAll(/\s+/g, ' ')
    return [
      tick(`${path}${member.name.text}`) + (member.questionToken ? '' : ' (needed)'),
      type === 'P' || type.startsWith('P & ') ? 'list of plugins' : tick(type),
      docs.join(' ').replaceAll(/\s*\n\s*/g, ' '),
    ]
  })
}

/** The lines of `--help` that name a variable. */
function environment(usage) {
  return [...usage.matchAll(/^ {2}([A-Z_]+) +(.+)$/gm)].map(([, name, meaning]) => [
    tick(name),
    meaning.replaceAll('<', '\\<'),
  ])
}

const tick = (text) => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)
const count = (value) => value.toLocaleString('en')
const time = (ms) =>
  ms % 86_400_000 === 0
    ? plural(ms / 86_400_000, 'day')
    : ms % 3_600_000 === 0
      ? plural(ms / 3_600_000, 'hour')
      : plural(ms / 60_000, 'minute')
const plural = (value, unit) => (value === 1 ? `1 ${unit}` : `${value} ${unit}s`)

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of Object.entries(await configDocs())) {
    writeFileSync(join(root, path), content)
    console.log(`Wrote ${path}`)
  }
}
