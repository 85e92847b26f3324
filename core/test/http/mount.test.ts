import { once } from 'node:events'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import test from 'ava'
import type { ExecutionContext } from 'ava'
import Koa from 'koa'
import { z } from 'zod'
import { definePlugin, NatterErrors } from '@natter/core'
import { defineErrors, route } from '@natter/core/contract'
import { createTestChat } from '@natter/testkit'

const routes = {
  add: route('sums.add', {
    method: 'POST',
    path: '/add/:a',
    summary: 'Adds',
    public: true,
    status: 201,
    input: z.object({ a: z.coerce.number(), b: z.int() }),
    output: z.object({ sum: z.number() }),
    errors: ['NATTER_CONFLICT', 'SUMS_TOO_HIGH', 'SUMS_OF_ANOTHER_PLUGIN'],
  }),
  mine: route('sums.mine', { method: 'GET', path: '/mine', summary: 'Who am I', output: z.object({ id: z.string() }) }),
  query: route('sums.query', {
    method: 'GET',
    path: '/query',
    summary: 'Echoes',
    public: true,
    input: z.object({ q: z.string().max(5) }),
    output: z.object({ q: z.string() }),
  }),
  nothing: route('sums.nothing', { method: 'DELETE', path: '/nothing', summary: 'Nothing', public: true }),
  fails: route('sums.fails', { method: 'GET', path: '/fails', summary: 'Fails', public: true }),
  large: route('sums.large', {
    method: 'PUT',
    path: '/large',
    summary: 'Takes much',
    public: true,
    bodyBytes: 100_000,
    input: z.object({ text: z.string() }),
    output: z.object({ length: z.int() }),
  }),
  closed: route('sums.closed', { method: 'GET', path: '/closed', summary: 'For users', output: z.object({}) }),
  refuses: route('sums.refuses', { method: 'GET', path: '/refuses', summary: 'Refuses', public: true }),
}
const sums = definePlugin({
  name: 'sums',
  contract: { routes, SumsErrors: defineErrors('SUMS', { TOO_HIGH: { status: 418, message: 'Too high.' } }) },
  setup(api) {
    api.route(routes.add, ({ a, b }) => ({ sum: a + b }))
    api.route(routes.mine, (_, { user }) => ({ id: user.id }))
    api.route(routes.query, ({ q }) => ({ q }))
    api.route(routes.nothing, () => undefined)
    api.route(routes.fails, () => {
      throw new Error('SELECT secret FROM /srv/data')
    })
    api.route(routes.large, ({ text }) => ({ length: text.length }))
    api.route(routes.closed, () => ({}))
    api.route(routes.refuses, () => {
      throw NatterErrors.RATE_LIMITED({ retryAfterMs: 1_500 })
    })
  },
})

async function host(t: ExecutionContext, options: object = {}) {
  const { chat } = await createTestChat(t, { storage: null, plugins: [sums()], ...options })
  const app = new Koa()
  app.silent = true
  app.use(chat.middleware())
  const server = createServer(app.callback()).listen(0, '127.0.0.1')
  await once(server, 'listening')
  t.teardown(() => server.close())
  const { port } = server.address() as AddressInfo
  const call = async (method: string, path: string, body?: unknown, headers: Record<string, string> = {}) => {
    const response = await fetch(`http://127.0.0.1:${port}/chat/sums${path}`, {
      method,
      headers: { ...(body === undefined ? {} : { 'Content-Type': 'application/json' }), ...headers },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const text = await response.text()
    return { status: response.status, headers: response.headers, body: text === '' ? undefined : JSON.parse(text) }
  }
  return { call, port, chat }
}

test('a route is validated, answered and mounted below its plugin', async (t) => {
  const { call } = await host(t)
  const { status, body, headers } = await call('POST', '/add/2', { b: 3 })
  t.deepEqual([status, body], [201, { sum: 5 }])
  t.is(headers.get('cache-control'), 'no-store')
  t.is(headers.get('x-content-type-options'), 'nosniff')
  t.deepEqual((await call('GET', '/query?q=tea')).body, { q: 'tea' })
  t.deepEqual([(await call('DELETE', '/nothing')).status], [204])
})

test('who is not logged in gets 401, and who is gets an answer', async (t) => {
  const { call } = await host(t)
  const refused = await call('GET', '/mine')
  t.is(refused.status, 401)
  t.is(refused.body.error.code, 'NATTER_UNAUTHENTICATED')
  t.is(refused.headers.get('www-authenticate'), 'Bearer')
  t.is((await call('GET', '/closed')).status, 401)
  t.is((await call('GET', '/mine', undefined, { Authorization: 'Bearer nobody' })).status, 401)
  t.deepEqual((await call('GET', '/mine', undefined, { Authorization: 'Bearer alice' })).body, { id: 'alice' })
})

test('whatever is answered is data: with its type, not to be guessed, and inert where it is opened as a page', async (t) => {
  const { call, port } = await host(t)
  for (const { headers } of [
    await call('GET', '/query?q=tea'),
    await call('GET', '/fails'),
    await call('GET', '/mine'),
    await call('GET', '/absent'),
    await call('PATCH', '/nothing'),
    await fetch(`http://127.0.0.1:${port}/chat/openapi.json`),
    await fetch(`http://127.0.0.1:${port}/chat/healthz`),
  ]) {
    t.is(headers.get('content-type'), 'application/json; charset=utf-8')
    t.is(headers.get('x-content-type-options'), 'nosniff')
    t.is(headers.get('content-security-policy'), "default-src 'none'; frame-ancestors 'none'")
  }
})

test('a parameter counts once, and only where it belongs', async (t) => {
  const { call } = await host(t)
  t.is((await call('GET', '/query?q=a&q=b')).status, 422, 'twice')
  t.is((await call('GET', '/query?q[]=a&q[b]=c')).status, 422, 'as an object')
  t.is((await call('GET', '/query?__proto__[q]=a&constructor=x')).status, 422, 'by the prototype')
  t.deepEqual((await call('POST', '/add/2?a=7&b=7', { a: 5, b: 3 })).body, { sum: 5 }, 'the path wins over the body')
  t.is((await call('POST', '/add/2?b=3', {})).status, 422, 'the query is no body')
  t.deepEqual((await call('GET', '/query?q=tea&more=x')).body, { q: 'tea' }, 'what is not named is not passed on')
})

test('another method is refused with those that are answered', async (t) => {
  const { call } = await host(t)
  const refused = await call('PATCH', '/nothing')
  t.is(refused.status, 405)
  t.is(refused.headers.get('allow'), 'DELETE')
  t.is(refused.body.error.code, 'NATTER_METHOD_NOT_ALLOWED')
  const asked = await call('OPTIONS', '/query')
  t.is(asked.status, 204)
  t.is(asked.headers.get('allow'), 'HEAD, GET')
  const absent = await call('PATCH', '/absent')
  t.is(absent.status, 404)
  t.is(absent.headers.get('allow'), null)
})

test('the document has an answer for every status, with its codes', async (t) => {
  const { chat } = await host(t)
  const { paths } = chat.openApi() as { paths: Record<string, Record<string, { responses: object }>> }
  const responses = paths['/sums/add/{a}']!['post']!.responses as Record<string, { description: string }>
  t.deepEqual(Object.keys(responses), ['201', '409', '413', '415', '418', '422', '429', '500', 'default'])
  t.regex(responses['418']!.description, /^SUMS_TOO_HIGH: Too high\.$/)
  t.regex(responses['409']!.description, /NATTER_CONFLICT/)
  t.true('401' in paths['/sums/mine']!['get']!.responses)
})

test('errors have one shape, and faults say nothing of what broke', async (t) => {
  const { call } = await host(t)
  const fault = await call('GET', '/fails')
  t.is(fault.status, 500)
  t.deepEqual(Object.keys(fault.body.error).toSorted(), ['code', 'message', 'requestId', 'retryable'])
  t.notRegex(JSON.stringify(fault.body), /SELECT|srv/)
  const refusal = await call('GET', '/refuses')
  t.deepEqual([refusal.status, refusal.headers.get('retry-after'), refusal.body.error.retryAfterMs], [429, '2', 1_500])
})

for (const [what, body, headers, status, code] of [
  ['a missing field', {}, {}, 422, 'NATTER_INVALID'],
  ['a wrong type', { b: 'x' }, {}, 422, 'NATTER_INVALID'],
  ['no JSON', '{"b":', {}, 422, 'NATTER_INVALID'],
  ['a list', '[1]', {}, 422, 'NATTER_INVALID'],
  ['a prototype key', '{"__proto__":{"b":1},"b":1}', {}, 422, 'NATTER_INVALID'],
  ['a NUL', '{"b":1,"c":"\\u0000"}', {}, 422, 'NATTER_INVALID'],
  ['deep JSON', `{"b":1,"c":${'['.repeat(50)}${']'.repeat(50)}}`, {}, 422, 'NATTER_INVALID'],
  ['too much', `{"b":1,"c":"${'x'.repeat(70_000)}"}`, {}, 413, 'NATTER_TOO_LARGE'],
  ['a form', 'b=1', { 'Content-Type': 'application/x-www-form-urlencoded' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['text', '{"b":1}', { 'Content-Type': 'text/plain' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['JSON by another name', '{"b":1}', { 'Content-Type': 'text/json' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['a type that begins like JSON', '{"b":1}', { 'Content-Type': 'application/jsonp' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['JSON of a vendor', '{"b":1}', { 'Content-Type': 'application/vnd.x+json' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['two types', '{"b":1}', { 'Content-Type': 'text/plain, application/json' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['a list of types', '{"b":1}', { 'Content-Type': 'application/json, text/plain' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  ['no type', '{"b":1}', { 'Content-Type': '' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  [
    'several parts',
    '--x\r\nContent-Disposition: form-data; name="b"\r\n\r\n1\r\n--x--\r\n',
    { 'Content-Type': 'multipart/form-data; boundary=x' },
    415,
    'NATTER_UNSUPPORTED_TYPE',
  ],
  ['XML', '<b>1</b>', { 'Content-Type': 'application/xml' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
  [
    'JSON in UTF-16',
    Buffer.from('{"b":1}', 'utf16le').toString('latin1'),
    { 'Content-Type': 'application/json; charset=utf-16' },
    422,
    'NATTER_INVALID',
  ],
  ['packed JSON', '{"b":1}', { 'Content-Encoding': 'gzip' }, 415, 'NATTER_UNSUPPORTED_TYPE'],
] as const) {
  test(`${what} in a body is answered with ${code}`, async (t) => {
    const { call } = await host(t)
    const answer = await call('POST', '/add/1', body, headers)
    t.is(answer.status, status)
    t.is(answer.body.error.code, code)
    t.is((await call('POST', '/add/1', { b: 1 })).status, 201)
  })
}

test('a body without a length is cut off where it is too large', async (t) => {
  const { port } = await host(t)
  const asked = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/chat/sums/add/1',
    headers: { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' },
  })
  asked.on('error', () => undefined)
  asked.write(`{"b":1,"c":"${'x'.repeat(70_000)}`)
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  response.resume()
  t.is(response.statusCode, 413)
  asked.destroy()
})

test('a route may take larger bodies than others, up to what it says', async (t) => {
  const { call } = await host(t)
  t.deepEqual((await call('PUT', '/large', { text: 'x'.repeat(90_000) })).body, { length: 90_000 })
  t.is((await call('PUT', '/large', { text: 'x'.repeat(100_000) })).status, 413)
})

test('a body that is not UTF-8 is refused', async (t) => {
  const { port } = await host(t)
  const asked = request({
    port,
    host: '127.0.0.1',
    method: 'POST',
    path: '/chat/sums/add/1',
    headers: { 'Content-Type': 'application/json' },
  })
  asked.end(Buffer.from([0x7b, 0x22, 0xff, 0x22, 0x3a, 0x31, 0x7d]))
  const [response] = (await once(asked, 'response')) as [import('node:http').IncomingMessage]
  response.resume()
  t.is(response.statusCode, 422)
})

test('listed origins may read answers, others may not', async (t) => {
  const { call } = await host(t, { origins: ['https://app.example'] })
  const good = await call('GET', '/query?q=x', undefined, { Origin: 'https://app.example' })
  t.is(good.headers.get('access-control-allow-origin'), 'https://app.example')
  t.is(good.headers.get('access-control-allow-credentials'), 'true')
  const preflight = await call('OPTIONS', '/add/1', undefined, {
    Origin: 'https://app.example',
    'Access-Control-Request-Method': 'POST',
  })
  t.is(preflight.status, 204)
  t.is(preflight.headers.get('access-control-allow-headers'), 'Authorization, Content-Type')
  for (const Origin of ['https://evil.example', 'https://app.example.evil.example', 'null']) {
    const bad = await call('GET', '/query?q=x', undefined, { Origin })
    t.is(bad.headers.get('access-control-allow-origin'), null)
  }
})

test('the OpenAPI document describes each route from its schemas', async (t) => {
  const { chat } = await host(t)
  const document = chat.openApi() as {
    paths: Record<
      string,
      Record<string, { parameters: { name: string; in: string }[]; requestBody?: object; responses: object }>
    >
  }
  t.deepEqual(Object.keys(document.paths).toSorted(), [
    '/sums/add/{a}',
    '/sums/closed',
    '/sums/fails',
    '/sums/large',
    '/sums/mine',
    '/sums/nothing',
    '/sums/query',
    '/sums/refuses',
  ])
  const add = document.paths['/sums/add/{a}']!['post']!
  t.like(add.parameters[0], { name: 'a', in: 'path' })
  t.like(add.requestBody, { required: true, content: { 'application/json': { schema: { required: ['b'] } } } })
  t.true('201' in add.responses)
  t.like(document.paths['/sums/query']!['get']!.parameters[0], { name: 'q', in: 'query', required: true })
})
