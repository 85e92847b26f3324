// Writes what can be generated of docs/protocol.md and docs/protocol/: run it after a change of the protocol.
//   node scripts/protocol-docs.mjs
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { fill, table } from './generated-pages.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const load = (path) => import(pathToFileURL(join(root, path)).href)

/** The generated files, by path below the root. */
export async function protocolDocs() {
  const { asyncApi } = await load('core/dist/protocol/asyncapi.js')
  const { clientFrames, serverFrames } = await load('core/dist/protocol/frames.js')
  const { jsonSchemaOf } = await load('core/dist/json-schema.js')
  const { closeCodes } = await load('core/dist/protocol/close-codes.js')
  const { defaultLimits } = await load('core/dist/protocol/limits.js')
  const { NatterErrors } = await load('core/dist/errors.js')
  const { directId } = await load('core/dist/pipeline/direct-id.js')
  const { opaqueBody } = await load('core/dist/opaque-body.js')
  const { erasedBody } = await load('core/dist/erased-body.js')
  const contracts = await Promise.all(
    ['offline', 'auth', 'friends', 'groups', 'actions', 'presence', 'search'].map((plugin) =>
      load(`plugins/${plugin}/dist/contract.js`),
    ),
  )
  const declared = contracts.flatMap((contract) => Object.values(contract))
  const of = (kind) => declared.filter((each) => each?.kind === kind)

  const schemas = (frames, side) =>
    Object.fromEntries(Object.entries(frames).map(([kind, schema]) => [kind, jsonSchemaOf(schema, side)]))
  const text = readFileSync(join(root, 'docs/protocol.md'), 'utf8')

  // A client never meets those that end a boot, or that only a host can make.
  const outward = Object.values(NatterErrors).filter(({ code }) => !bootOnly.has(code))
  let page = text
  page = fill(
    page,
    'errors',
    table(
      ['code', 'HTTP', 'retryable', 'meaning'],
      outward.map(({ code, spec }) => [`\`${code}\``, spec.status, spec.retryable ? 'yes' : '', spec.message]),
    ),
  )
  page = fill(
    page,
    'close codes',
    table(
      ['code', 'name', 'meaning', 'reconnect'],
      Object.entries(closeCodes).map(([code, { name, meaning, retry }]) => [code, name, meaning, retry]),
    ),
  )
  page = fill(
    page,
    'limits',
    table(
      ['limit', 'default', ''],
      Object.entries(defaultLimits).map(([name, value]) => [
        `\`${name}\``,
        value.toLocaleString('en'),
        limitText[name],
      ]),
    ),
  )
  page = fill(
    page,
    'direct ids',
    table(
      ['users', 'conversation'],
      [
        ['alice', 'bob'],
        ['bob', 'alice'],
        ['alice', 'alice'],
        ['Z', 'a'],
      ].map(([a, b]) => [`\`${a}\`, \`${b}\``, `\`${directId(a, b)}\``]),
    ),
  )
  const json = (value) => `${JSON.stringify(value, null, 2)}\n`
  return {
    'docs/protocol.md': page,
    'docs/protocol/frames.schema.json': json({
      $schema: 'https://json-schema.org/draft/2020-12/schema',
      title: 'Frames of natter.1',
      $defs: { client: schemas(clientFrames, 'input'), server: schemas(serverFrames, 'output') },
    }),
    'docs/protocol/asyncapi.json': json(
      asyncApi('/chat', '1.0.0', of('command'), of('event'), [opaqueBody, erasedBody, ...of('body')]),
    ),
  }
}

const bootOnly = new Set(
  [
    'CONFIG_INVALID',
    'NEED_MISSING',
    'PROVIDED_TWICE',
    'NOT_PROVIDED',
    'PLUGIN_TWICE',
    'PLUGIN_INVALID',
    'PLUGIN_CYCLE',
    'WITHIN_UNAVAILABLE',
  ]
    .concat(['HOOK_CYCLE', 'HOOK_UNKNOWN', 'HOOK_FAILED', 'HOOK_TIMEOUT', 'REGISTERED_LATE', 'REGISTERED_TWICE'])
    .concat(['STEP_FAILED', 'STEP_TIMEOUT', 'STORAGE_MISSING', 'SERVICE_UNREADY', 'STOPPED'])
    .concat(['SECRET_WEAK', 'SECRET_EXPOSED', 'SECRET_UNREADABLE'])
    .map((name) => `NATTER_${name}`),
)

export const limitText = {
  frameBytes: 'bytes of a frame; beyond it the socket is closed (1009)',
  helloBytes: 'bytes of the hello',
  helloMs: 'ms until the hello must be there (4408)',
  textLength: 'UTF-16 units of a text message',
  bodyBytes: 'bytes of a body as JSON',
  jsonDepth: 'depth of JSON (4400)',
  jsonKeys: 'keys of all objects in a frame (4400)',
  jsonItems: 'items of an array (4400)',
  pendingPerAddress: 'unfinished connections of one address at a time',
  failuresPerMinute: 'failed authentications of one address per minute',
  pendingTotal: 'unfinished connections in all',
  socketsPerUser: 'connections of one user; beyond it the oldest is closed (4409)',
  messageBurst: 'messages of one user at once',
  messagesPerSecond: 'and then per second',
  frameBurst: 'frames of one connection at once; at twice as many beyond what is allowed it is closed (4429)',
  framesPerSecond: 'and then per second',
  requestsInFlight: 'requests of one connection under way',
  opensPerHour: 'new direct conversations of one user per hour',
  pingMs: 'ms of silence after which the server pings',
  deadMs: 'ms of silence after which it closes (4410)',
  softBufferBytes: 'bytes waiting for a peer above which events are dropped',
  hardBufferBytes: 'bytes waiting for a peer above which it is closed (4413)',
  lateMs: 'ms by which timers are late on average, above which momentary events are not sent',
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  for (const [path, content] of Object.entries(await protocolDocs())) {
    writeFileSync(join(root, path), content)
    console.log(`Wrote ${path}`)
  }
}
