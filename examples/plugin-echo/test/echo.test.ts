import { once } from 'node:events'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import Koa from 'koa'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { createTestServer, memoryStorage } from '@natter/testkit'
import { echo } from 'natter-plugin-echo'

async function sqlite(t: ExecutionContext) {
  const folder = await mkdtemp(join(tmpdir(), 'natter-echo-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  return storageSql({ url: `sqlite:${join(folder, 'chat.db')}` })
}

for (const [name, storage] of [
  ['memory', async () => memoryStorage()],
  ['SQLite', sqlite],
] as const) {
  const serve = async (t: ExecutionContext, config = {}) =>
    createTestServer(t, { storage: await storage(t), plugins: [offline(), echo(config)] })

  test(`${name}: the echo answers, and counts its answers per person`, async (t) => {
    const server = await serve(t)
    const [alice, bob] = await server.friends('alice', 'bob')
    t.deepEqual(await alice.echo.say({ text: 'hello' }), { text: 'hello', times: 1 })
    t.deepEqual(await alice.echo.say({ text: 'again' }), { text: 'again', times: 2 })
    t.deepEqual(await bob.echo.say({ text: 'hello' }), { text: 'hello', times: 1 })
  })

  test(`${name}: answers that race are counted once each`, async (t) => {
    const server = await serve(t)
    const [alice] = await server.friends('alice')
    const answers = await Promise.all(Array.from({ length: 10 }, () => alice.echo.say({ text: 'hello' })))
    t.deepEqual(
      answers.map(({ times }) => times).toSorted((a, b) => a - b),
      [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
    )
  })

  test(`${name}: all devices of the person hear the answer, and nobody else`, async (t) => {
    const server = await serve(t)
    const [alice, bob] = await server.friends('alice', 'bob')
    const phone = await server.client('alice:phone')
    const heard = new Promise((resolve) => phone.on('echo.answered', resolve))
    bob.on('echo.answered', () => t.fail('bob heard what was for alice'))
    await alice.echo.say({ text: 'hello' })
    t.deepEqual(await heard, { text: 'hello', times: 1 })
    // Answered after whatever bob was sent before.
    await bob.direct('alice').send({ text: 'hi' }).sent
  })

  test(`${name}: a message in capitals is refused with the plugin's own error, and nothing is stored`, async (t) => {
    const server = await serve(t, { quietFrom: 5 })
    const [alice, bob] = await server.friends('alice', 'bob')
    await t.throwsAsync(alice.direct(bob.id).send({ text: 'HELLO!' }).sent, { code: 'ECHO_SHOUTING' })
    t.like(await alice.direct(bob.id).send({ text: 'HEY' }).sent, { durability: 'committed', seq: 1 })
    t.deepEqual(
      (await bob.direct(alice.id).history()).messages.map((each) => 'text' in each && each.text),
      ['HEY'],
    )
  })

  test(`${name}: the route tells one's own count, and nobody without a log-in`, async (t) => {
    const server = await serve(t)
    const [alice] = await server.friends('alice')
    await alice.echo.say({ text: 'hello' })
    const http = createServer(new Koa().use(server.chat.middleware()).callback()).listen(0, '127.0.0.1')
    await once(http, 'listening')
    t.teardown(() => http.close())
    const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}/chat/echo/count`
    const ask = async (token?: string) => {
      const response = await fetch(url, token ? { headers: { authorization: `Bearer ${token}` } } : {})
      return { status: response.status, body: await response.json() }
    }
    t.deepEqual(await ask('alice'), { status: 200, body: { times: 1 } })
    t.deepEqual(await ask('bob'), { status: 200, body: { times: 0 } })
    t.like(await ask(), { status: 401, body: { error: { code: 'NATTER_UNAUTHENTICATED' } } })
  })

  test(`${name}: what cannot be said is refused before the plugin sees it`, async (t) => {
    const server = await serve(t)
    const [alice] = await server.friends('alice')
    await t.throwsAsync(alice.echo.say({ text: '' }), { code: 'NATTER_INVALID' })
    t.deepEqual(await alice.echo.say({ text: 'x' }), { text: 'x', times: 1 })
  })
}

test('on SQLite the count outlives the server', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'natter-echo-'))
  t.teardown(() => rm(folder, { recursive: true, force: true }))
  const serve = () =>
    createTestServer(t, {
      storage: storageSql({ url: `sqlite:${join(folder, 'chat.db')}` }),
      plugins: [offline(), echo()],
    })
  const first = await serve()
  await (await first.client('alice')).echo.say({ text: 'hello' })
  await first.chat.stop()
  const second = await serve()
  t.is((await (await second.client('alice')).echo.say({ text: 'hello' })).times, 2)
})
