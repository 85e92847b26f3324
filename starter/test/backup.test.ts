import { execFile } from 'node:child_process'
import { existsSync, readFileSync, statSync, symlinkSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import { WebSocket } from 'ws'
import { createClient } from '@natter/client'
import type { ClientCore, Conversation } from '@natter/client'
import { authSession } from '@natter/auth/client'
import type { AuthSession } from '@natter/auth/client'
import { dataFolder, startServer } from './support/server-process.js'
import type { Cleanup } from './support/server-process.js'

const root = fileURLToPath(new URL('../../../', import.meta.url))
const page = readFileSync(join(root, 'docs/operations.md'), 'utf8')
const run = promisify(execFile)

/** The commands of docs/operations.md under this id, as they stand there. */
function commands(id: string): string {
  const [, text] = new RegExp(`^\`\`\`sh id=${id}\\n([^]*?)^\`\`\`$`, 'm').exec(page) ?? []
  if (!text) throw new Error(`docs/operations.md has no commands ${id}`)
  return text
}

/** Runs them as an operator does, in the folder that has `starter` and `data`. */
async function operate(cwd: string, id: string, env: NodeJS.ProcessEnv = {}): Promise<string> {
  const { DATABASE_URL: _, ...rest } = process.env
  const PATH = `${dirname(process.execPath)}:${process.env['PATH']}`
  return (await run('sh', ['-ec', commands(id)], { cwd, env: { ...rest, PATH, ...env } })).stdout
}

async function installation(t: Cleanup): Promise<{ readonly home: string; readonly dataDir: string }> {
  const home = await dataFolder(t)
  symlinkSync(join(root, 'starter'), join(home, 'starter'))
  return { home, dataDir: join(home, 'data') }
}

async function person(url: string, handle: string): Promise<AuthSession> {
  const session = authSession({ url: `${url}/chat`, mode: 'token' })
  await session.register({ handle, password: `a long phrase of ${handle}` })
  return session
}

function connect(t: Cleanup, url: string, session: AuthSession): ClientCore<[]> {
  const client = createClient({ url: `${url}/chat`, token: session.token, platform: { WebSocket } })
  t.teardown(() => client.close())
  return client
}

async function logIn(url: string, handle: string): Promise<AuthSession> {
  const session = authSession({ url: `${url}/chat`, mode: 'token' })
  await session.login({ handle, password: `a long phrase of ${handle}` })
  return session
}

/** The texts that a device shows, when they are what is waited for. */
function shows(conversation: Conversation, enough: (texts: readonly string[]) => boolean): Promise<readonly string[]> {
  const texts = () => conversation.messages.get().map((message) => (message.type === 'text' ? message.text : ''))
  return new Promise((resolve) => {
    const look = () => {
      if (!enough(texts())) return
      stop()
      resolve(texts())
    }
    const stop = conversation.messages.subscribe(look)
    look()
  })
}

/** All of a conversation that ends with this text. */
async function whole(conversation: Conversation, last: string): Promise<readonly string[]> {
  await shows(conversation, (texts) => texts.at(-1) === last)
  while (await conversation.loadOlder());
  return shows(conversation, (texts) => texts.at(-1) === last)
}

test.serial(
  'a running server is backed up and restored by the documented commands, and devices are told',
  async (t) => {
    const { home, dataDir } = await installation(t)
    const server = await startServer(t, { dataDir })
    const [alice, bob] = [await person(server.url, 'alice'), await person(server.url, 'bob')]
    const [hers, his] = [connect(t, server.url, alice), connect(t, server.url, bob)]
    const me = (await hers.connect()).id
    const talk = hers.direct((await his.connect()).id)
    const watch = his.direct(me)
    let said = 0
    const say = () => talk.send({ text: String(++said) }).sent

    for (let i = 0; i < 20; i++) await say()
    // While the copy is made people go on talking.
    let copying = true
    const talking = (async () => {
      while (copying) await say()
    })()
    const told = await operate(home, 'backup')
    copying = false
    await talking
    t.regex(told, /^Copied to backups\/monday: the database and the secrets\.$/m)
    t.is(statSync(join(home, 'backups/monday/chat.db')).mode & 0o077, 0)
    t.is(statSync(join(home, 'backups/monday/secrets')).mode & 0o077, 0)
    for (let i = 0; i < 5; i++) await say()
    await shows(watch, (texts) => texts.at(-1) === String(said))
    const atTheEnd = said

    t.is(await server.end('SIGKILL'), 'SIGKILL')
    await operate(home, 'restore')
    const dropped = new Promise<{ readonly conversation: string | undefined }>((resolve) => his.on('reset', resolve))
    await startServer(t, { dataDir, port: server.port })

    const { conversation } = await dropped
    t.true(conversation === undefined || conversation === watch.id, 'who was connected since the backup is told')
    const again = await say()
    t.is(again.durability, 'committed', 'the session of before counts, and the chat goes on')
    const restored = await whole(watch, String(said))
    const kept = restored.slice(0, -1).map(Number)
    t.true(kept.length >= 20 && kept.length < atTheEnd - 4, `${kept.length} of ${atTheEnd}`)
    t.deepEqual(
      kept,
      kept.map((_, i) => i + 1),
      'all up to a moment, in order',
    )
    const fresh = connect(t, server.url, await logIn(server.url, 'bob'))
    await fresh.connect()
    t.deepEqual(await whole(fresh.direct(me), String(said)), restored)
  },
)

test.serial('a backup is not written over, and says what is missing', async (t) => {
  const { home, dataDir } = await installation(t)
  const server = await startServer(t, { dataDir })
  await operate(home, 'backup')
  const { stderr } = await t.throwsAsync<Error & { stderr: string }>(operate(home, 'backup'))
  t.regex(stderr, /STORAGE_SQL_COPY_FAILED .*backups\/monday\/chat\.db is there already/)
  await server.end('SIGTERM')
  const { NODE_OPTIONS: _, ...env } = process.env
  const nowhere = await t.throwsAsync<Error & { stderr: string }>(
    run(process.execPath, [join(root, 'starter/dist/backup.js'), join(home, 'x')], {
      env: { ...env, DATA_DIR: join(home, 'none') },
    }),
  )
  t.regex(
    nowhere.stderr,
    /^STORAGE_SQL_COPY_FAILED {2}The database could not be copied: there is no .*none\/chat\.db\.\n$/,
  )
  t.false(existsSync(join(home, 'x')))
})

test.serial('the master secret is rotated by the documented commands, and nobody is logged out', async (t) => {
  const { home, dataDir } = await installation(t)
  const server = await startServer(t, { dataDir })
  const alice = await person(server.url, 'alice')
  const before = await alice.token()
  await server.end('SIGTERM')
  await operate(home, 'rotate')
  const lines = readFileSync(join(dataDir, 'secrets'), 'utf8').trim().split('\n')
  const [newest = '', oldest = '', ...more] = lines.map((line) => line.slice(0, line.indexOf(':')))
  t.is(more.length, 0)
  t.is(statSync(join(dataDir, 'secrets')).mode & 0o077, 0)

  await startServer(t, { dataDir, port: server.port })
  t.is(await statusOfMe(server.url, before), 200, 'signed with the old one')
  t.is(kidOf(await (await logIn(server.url, 'alice')).token()), newest, 'the new one signs')
  t.is(kidOf(before), oldest)
})

test.serial('a single NATTER_SECRET becomes the old one of two under the kid that is told', async (t) => {
  const { home, dataDir } = await installation(t)
  const secret = 'one that is long enough to be a master secret'
  t.teardown(() => {
    delete process.env['NATTER_SECRET']
    delete process.env['NATTER_SECRETS']
  })
  process.env['NATTER_SECRET'] = secret
  const server = await startServer(t, { dataDir })
  const before = await (await person(server.url, 'alice')).token()
  await server.end('SIGTERM')

  const kid = (await operate(home, 'kid')).trim()
  t.is(kidOf(before), kid)
  delete process.env['NATTER_SECRET']
  process.env['NATTER_SECRETS'] = `new:another that is long enough to be a secret,${kid}:${secret}`
  await startServer(t, { dataDir, port: server.port })
  t.is(await statusOfMe(server.url, before), 200)
})

const kidOf = (token: string) =>
  (JSON.parse(Buffer.from(token.split('.', 1)[0] ?? '', 'base64url').toString()) as { readonly kid: string }).kid

async function statusOfMe(url: string, token: string): Promise<number> {
  return (await fetch(`${url}/chat/auth/me`, { headers: { authorization: `Bearer ${token}` } })).status
}
