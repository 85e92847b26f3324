import { request } from 'node:http'
import type { IncomingMessage, OutgoingHttpHeaders } from 'node:http'
import anyTest from 'ava'
import type { TestFn } from 'ava'
import { startServer } from './support/server-process.js'
import type { ServerProcess } from './support/server-process.js'

const test = anyTest as TestFn<{ server: ServerProcess }>

const undo: (() => unknown)[] = []
test.before(async (t) => {
  t.context.server = await startServer({ teardown: (last) => void undo.unshift(last) })
})
test.after.always(async () => {
  for (const step of undo) await step()
})

/** Asks without what `fetch` adds and tidies up by itself. */
const ask = (port: number, path: string, headers: OutgoingHttpHeaders = {}) =>
  new Promise<IncomingMessage>((resolve, reject) => {
    request({ port, host: '127.0.0.1', path, headers }, (response) => resolve(response.resume()))
      .on('error', reject)
      .end()
  })

test('the page is asked for anew each time, and its parts are kept for good', async (t) => {
  const { url, port } = t.context.server
  const page = await fetch(`${url}/`)
  t.is(page.headers.get('cache-control'), 'no-cache')
  t.is(page.headers.get('content-type'), 'text/html; charset=utf-8')
  const assets = [...(await page.text()).matchAll(/"(\/assets\/[^"]+)"/g)].map(([, path]) => path ?? '')
  t.true(assets.length >= 2)
  for (const asset of assets) {
    const { statusCode, headers } = await ask(port, asset, { 'accept-encoding': 'br' })
    t.is(statusCode, 200)
    t.is(headers['cache-control'], 'public, max-age=31536000, immutable')
    t.is(headers['content-encoding'], 'br')
    t.is(headers['x-content-type-options'], 'nosniff')
  }
})

test('what did not change is not sent again', async (t) => {
  const { port } = t.context.server
  const { headers } = await ask(port, '/')
  const again = await ask(port, '/', { 'if-modified-since': headers['last-modified'] })
  t.is(again.statusCode, 304)
})

test('the policy allows what this server serves, and nothing written into the page', async (t) => {
  const { headers } = await fetch(`${t.context.server.url}/`)
  const policy = headers.get('content-security-policy') ?? ''
  t.notRegex(policy, /unsafe|\*|data:|blob:|https?:/)
  for (const directive of [
    "default-src 'none'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
    "form-action 'self'",
    "require-trusted-types-for 'script'",
  ]) {
    t.true(policy.split('; ').includes(directive), directive)
  }
  t.is(headers.get('referrer-policy'), 'no-referrer')
  t.is(headers.get('cross-origin-opener-policy'), 'same-origin')
})

test('whatever else is asked for is an answer, and the server goes on', async (t) => {
  const { url, port } = t.context.server
  for (const path of [
    '/nothing',
    '/assets/',
    '/%ff',
    '/%00',
    '/..%2f..%2fpackage.json',
    '/.env',
    '//assets',
    '/index.html/x',
  ]) {
    t.is((await fetch(url + path)).status, 404, path)
  }
  t.is((await ask(port, '/../../package.json')).statusCode, 404)
  t.is((await fetch(`${url}/`, { method: 'POST', body: 'x' })).status, 405)
  const healthy = await fetch(`${url}/healthz`)
  t.is(healthy.status, 200)
  for (const { headers } of [healthy, await fetch(`${url}/nothing`)]) {
    t.is(headers.get('x-content-type-options'), 'nosniff')
    t.truthy(headers.get('content-type'))
  }
})
