import { createServer } from 'node:http'
import { once } from 'node:events'
import { writeFile } from 'node:fs/promises'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import anyTest from 'ava'
import type { ExecutionContext } from 'ava'
import { auth } from '@natter/auth'
import { passkeys } from '@natter/auth/passkeys'
import { totp } from '@natter/auth/totp'
import { createChat } from '@natter/core'
import type { HostLogger } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import Koa from 'koa'
import { findSchemathesis, fuzz } from '../support/schemathesis.js'
import { dataFolder } from '../support/server-process.js'

const test = anyTest.serial
const install = 'Set SCHEMATHESIS, or install it: pip install schemathesis==4.32.5'
const program = findSchemathesis()

interface Document {
  readonly paths: Record<string, Record<string, { operationId: string; responses: Record<string, unknown> }>>
}

const silent = () => undefined
const quiet: HostLogger = {
  child: () => quiet,
  isLevelEnabled: () => false,
  ...{ debug: silent, info: silent, warn: silent, error: silent },
}

/** The starter's server, with limits that do not answer everything with 429. */
async function target(t: ExecutionContext) {
  const folder = await dataFolder(t)
  const plenty = { points: 1_000_000 }
  const chat = await createChat({
    // Every guess of the fuzzer would be a line.
    logger: quiet,
    secrets: 'a secret of the fuzzed server, long enough to be one',
    plugins: [
      storageSql({ url: `sqlite:${join(folder, 'chat.db')}` }),
      auth({
        authenticators: [totp(), passkeys({ origins: ['http://localhost:3000'] })],
        limits: {
          ...{ login: plenty, loginPerNetwork: plenty, registration: plenty, factor: plenty, password: plenty },
          ...{ recovery: plenty, recoveryPerNetwork: plenty, recoveryMail: plenty, find: plenty, refresh: plenty },
        },
      }),
      offline(),
    ],
  })
  const app = new Koa()
  app.use(chat.middleware())
  const server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await chat.stop()
  })
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/chat`

  // Without `default`, every status that is not written down is a finding.
  const published = (await (await fetch(`${url}/openapi.json`)).json()) as Document
  for (const operations of Object.values(published.paths))
    for (const { responses } of Object.values(operations)) delete responses['default']
  const document = join(folder, 'openapi.json')
  await writeFile(document, JSON.stringify({ ...published, servers: [{ url }] }))
  return { url, document, operations: Object.values(published.paths).flatMap((each) => Object.values(each)) }
}

const post = (url: string, body: object) =>
  fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) })

const person = { handle: 'fuzz', password: 'four candles by the window', mode: 'token' }

if (!program) {
  test.skip(`MISSING: schemathesis, for fuzzing the HTTP API. ${install}`, (t) => t.pass())
} else {
  test('no request that a fuzzer makes of the OpenAPI document, logged in, gets a 5xx or an answer not in it', async (t) => {
    t.timeout(300_000)
    const { url, document, operations } = await target(t)
    const { accessToken } = (await (await post(`${url}/auth/register`, person)).json()) as { accessToken: string }
    const result = await fuzz(program, {
      url,
      document,
      token: accessToken,
      // They end the session that the others need, also by codes that the fuzzer picks up; without one they are called below.
      without: ['logout', 'revokeDevice', 'logoutEverywhere', 'changePassword', 'recover', 'eraseMe'].map(
        (id) => `auth.${id}`,
      ),
      examples: 25,
    })
    t.is(result.code, 0, result.output)
    t.true(result.cases > 20 * operations.length, `only ${result.cases} requests`)
    // It was logged in all the time, and what others have is as it was.
    const me = await fetch(`${url}/auth/me`, { headers: { authorization: `Bearer ${accessToken}` } })
    t.is(me.status, 200)
    t.is((await post(`${url}/auth/login`, person)).status, 200)
    t.log(`${result.cases} requests`)
  })

  test('nor does one without a session', async (t) => {
    t.timeout(300_000)
    const { url, document } = await target(t)
    const result = await fuzz(program, { url, document, examples: 10 })
    t.is(result.code, 0, result.output)
    t.true(result.cases > 300, `only ${result.cases} requests`)
    t.is((await post(`${url}/auth/register`, person)).status, 201)
    t.log(`${result.cases} requests`)
  })
}
