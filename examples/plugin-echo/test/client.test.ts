import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import Koa from 'koa'
import { WebSocket } from 'ws'
import { createClient } from '@natter/client'
import { offline } from '@natter/offline'
import { createTestChat } from '@natter/testkit'
import { echo as echoPlugin } from 'natter-plugin-echo'
import { echo } from 'natter-plugin-echo/client'

test('a client with the plugin has its calls, events and error codes, with their types', async (t) => {
  const { chat } = await createTestChat(t, { plugins: [offline(), echoPlugin()] })
  const http = createServer(new Koa().use(chat.middleware()).callback()).listen(0, '127.0.0.1')
  await once(http, 'listening')
  t.teardown(() => http.close())
  chat.attach(http)

  const client = createClient({
    url: `http://127.0.0.1:${(http.address() as AddressInfo).port}/chat`,
    token: 'alice',
    plugins: [echo()],
    platform: { WebSocket },
  })
  t.teardown(() => client.close())
  const answers: { text: string; times: number }[] = []
  client.on('echo.answered', (answer) => answers.push(answer))

  const { text, times } = await client.echo.say({ text: 'hello' })
  t.deepEqual([text, times], ['hello', 1])
  t.deepEqual(answers, [{ text: 'hello', times: 1 }])
  const error = await t.throwsAsync(client.direct('bob').send({ text: 'WAKE UP, BOB' }).sent)
  t.true(client.isError(error, 'ECHO_SHOUTING'))
})

test('a browser loads nothing of the contract', async (t) => {
  const code = await readFile(new URL(import.meta.resolve('natter-plugin-echo/client')), 'utf8')
  t.deepEqual(
    [...code.matchAll(/from '(.+?)'/g)].map(([, from]) => from),
    ['@natter/client'],
  )
})
