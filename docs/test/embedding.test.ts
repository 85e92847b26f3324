import { execFile, spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { RequestListener, Server } from 'node:http'
import { createServer as createTlsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import { SignJWT, exportJWK, generateKeyPair } from 'jose'
import Koa from 'koa'
import { WebSocket } from 'ws'
import type { createClient } from '@natter/client'
import type { Chat, Plugin } from '@natter/core'
import { offline } from '@natter/offline'
import { createTestChat, memoryStorage, testIdentity } from '@natter/testkit'
import { compile } from './doc-samples.js'

process.env['NATTER_SECRET'] = 'a secret for tests that is long enough to be one'
const { folder, said, remove } = await compile('docs/embedding.md')
test.after.always(remove)
const sample = async <T>(file: string) => (await import(pathToFileURL(join(folder, file)).href)) as T

test('the samples compile', (t) => t.is(said, ''))

async function listening(t: ExecutionContext, server: Server): Promise<string> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => new Promise((resolve) => server.close(() => resolve(undefined))))
  t.teardown(() => server.closeAllConnections())
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`
}

/** Says hello, and gives the answer, or how the socket was closed or refused. */
async function hello(t: ExecutionContext, url: string, credentials: object, headers = {}): Promise<unknown> {
  const socket = new WebSocket(url.replace('http', 'ws'), 'natter.1', { headers, rejectUnauthorized: false })
  t.teardown(() => socket.terminate())
  const answer = Promise.race([
    once(socket, 'message').then(([data]) => (JSON.parse(String(data)) as unknown[])[0]),
    once(socket, 'close').then(([code]) => code as unknown),
    once(socket, 'unexpected-response').then(([, response]) => (response as { statusCode: number }).statusCode),
  ])
  socket.on('error', () => undefined)
  socket.once('open', () => socket.send(JSON.stringify(['hello', credentials])))
  return answer
}

test("a JWT of the host connects by the host's key set, and not without its log-in", async (t) => {
  const { privateKey, publicKey } = await generateKeyPair('EdDSA')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'one' }
  const app = new Koa().use((ctx) => {
    if (ctx.path === '/.well-known/jwks.json') ctx.body = { keys: [jwk] }
  })
  const server = createServer(app.callback())
  const site = await listening(t, server)
  const token = (user: string, audience = 'chat') =>
    new SignJWT({ sid: `session-of-${user}` })
      .setProtectedHeader({ alg: 'EdDSA', kid: 'one' })
      .setSubject(user)
      .setIssuer(site)
      .setAudience(audience)
      .setExpirationTime('5m')
      .sign(privateKey)
  const { byToken } = await sample<{ byToken(site: string, people: object): Plugin }>('jwt.js')
  const people = { byIds: async () => [], isLoggedIn: async (user: { id: string }) => user.id !== 'gone' }
  const { chat } = await createTestChat(t, { identity: byToken(site, people), storage: null, plugins: [] })
  chat.attach(server)
  const url = `${site}/chat/ws`
  t.is(await hello(t, url, { token: await token('alice') }), 'welcome')
  t.is(await hello(t, url, { token: await token('alice', 'another site') }), 4401)
  t.is(await hello(t, url, { token: await token('gone') }), 4401)

  const { connect } = await sample<{
    connect(site: string, token: () => Promise<string>): ReturnType<typeof createClient>
  }>('token-client.js')
  Object.assign(globalThis, { WebSocket })
  const client = connect(site, () => token('alice'))
  t.teardown(() => client.close())
  t.like(await client.connect(), { id: 'alice', session: 'session-of-alice' })
})

test('behind a proxy each address has its own limits', async (t) => {
  const { open } = await sample<{ open(plugins: readonly Plugin[]): Promise<Server> }>('behind-proxy.js')
  const server = await open([testIdentity()])
  const url = `${await listening(t, server)}/chat/ws`
  const from = (ip: string, token: string) => hello(t, url, { token }, { 'x-forwarded-for': `6.6.6.6, ${ip}` })
  let refused: unknown
  for (let tries = 0; tries < 60 && refused !== 429; tries++) refused = await from('10.0.0.1', 'no such user !')
  t.is(refused, 429)
  t.is(await from('10.0.0.2', 'alice'), 'welcome')
})

const hasOpenssl = spawnSync('openssl', ['version']).status === 0
const withTls = 'a server with TLS takes the chat as well'
const tls = hasOpenssl ? test : test.skip
tls(hasOpenssl ? withTls : `MISSING: openssl, for "${withTls}"`, async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'natter-tls-'))
  t.teardown(() => rm(place, { recursive: true, force: true }))
  const [key, cert] = [join(place, 'key.pem'), join(place, 'cert.pem')]
  const subject = [
    '-subj',
    '/CN=localhost',
    '-days',
    '2',
    '-nodes',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
  ]
  await promisify(execFile)('openssl', ['req', '-x509', ...subject, '-keyout', key, '-out', cert])
  const { chat } = await createTestChat(t, { storage: null, plugins: [] })
  const server = createTlsServer({ key: await readFile(key), cert: await readFile(cert) }, new Koa().callback())
  chat.attach(server)
  const url = (await listening(t, server)).replace('http', 'https')
  t.is(await hello(t, `${url}/chat/ws`, { token: 'alice' }), 'welcome')
})

test('an app without Koa keeps its own answers, and its cookie connects', async (t) => {
  const { open } = await sample<{ open(app: RequestListener, sessions: object): Promise<Server> }>('without-koa.js')
  const userOf = async (cookie: string) => (cookie === 'login=alice' ? { id: 'alice', session: 'one' } : undefined)
  const server = await open((_request, response) => response.end('the app'), { userOf })
  const url = await listening(t, server)
  t.is(await (await fetch(`${url}/anything`)).text(), 'the app')
  t.is((await fetch(`${url}/chat/readyz`)).status, 200)
  t.is(await hello(t, `${url}/chat/ws`, {}, { cookie: 'login=alice', origin: url }), 'welcome')
  t.is(await hello(t, `${url}/chat/ws`, {}, { cookie: 'login=eve', origin: url }), 4401)
  t.is(await hello(t, `${url}/chat/ws`, {}, { cookie: 'login=alice', origin: 'https://elsewhere.example' }), 4401)
})

test('tenants have chats of their own', async (t) => {
  const { open } = await sample<{ open(server: Server, tenants: object): Promise<Chat[]> }>('tenants.js')
  const server = createServer()
  const chats = await open(server, {
    north: {
      plugins: [memoryStorage(), testIdentity(), offline()],
      secrets: 'for north, and long enough to be a secret',
    },
    south: {
      plugins: [memoryStorage(), testIdentity(), offline()],
      secrets: 'for south, and long enough to be a secret',
    },
  })
  t.teardown(() => Promise.all(chats.map((chat) => chat.stop())))
  const url = await listening(t, server)
  for (const path of ['north', 'south']) t.is(await hello(t, `${url}/${path}/chat/ws`, { token: 'alice' }), 'welcome')
  const [north, south] = chats as [Chat, Chat]
  const ack = await north.as('alice').send({ user: 'bob' }, { text: 'only here' })
  t.like(await north.conversations.entry('bob', `${ack.conversation}/1`), { text: 'only here' })
  await t.throwsAsync(south.conversations.entry('bob', `${ack.conversation}/1`), { code: 'NATTER_NOT_FOUND' })
})

test('a process of its own serves, and ends with 0', async (t) => {
  const place = await mkdtemp(join(tmpdir(), 'natter-own-process-'))
  const child = spawn(process.execPath, [join(folder, 'own-process.js')], {
    env: { PATH: process.env['PATH'], DATA_DIR: place, PORT: '0' },
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  t.teardown(async () => {
    child.kill('SIGKILL')
    await rm(place, { recursive: true, force: true })
  })
  const port = await new Promise<string>((resolve) => {
    let seen = ''
    child.stdout.on('data', (data) => {
      seen += String(data)
      const found = /port: (\d+)/.exec(seen)?.[1]
      if (found) resolve(found)
    })
  })
  const answer = await fetch(`http://localhost:${port}/chat/readyz`)
  t.deepEqual(await answer.json(), { status: 'ok' })
  child.kill('SIGTERM')
  t.deepEqual(await once(child, 'exit'), [0, null])
})
