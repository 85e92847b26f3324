import test from 'ava'
import { body, command, event, field, model, route, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { setupOf } from './harness.js'
import { refused } from './refused.js'
import { anything } from './schemas.js'

const Storage: Token<object, 'storage'> = token('storage').of()
const idle = () => undefined
const provider = (name: string, service: Token) =>
  setupOf(name, (api) => api.provide(service, () => ({})), { provides: [service] })
const row = model('row', { fields: { id: field.id() }, key: ['id'] })
const say = command('echo.say', { input: anything, output: anything })

test(
  'a command answered twice is named',
  refused,
  () => [
    setupOf('echo', (api) => {
      api.command(say as never, idle as never)
      api.command(say as never, idle as never)
    }),
  ],
  'NATTER_REGISTERED_TWICE',
  'echo registers the command "echo.say" twice.\n  Take one of them away.',
)
test(
  'a command of another plugin is refused',
  refused,
  () => [setupOf('parrot', (api) => api.command(say as never, idle as never))],
  'NATTER_PLUGIN_INVALID',
  'parrot: the command "echo.say" is not its own.\n  Name it "parrot.…".',
)
test(
  'what is no command is refused',
  refused,
  () => [setupOf('echo', (api) => api.command({} as never, idle as never))],
  'NATTER_PLUGIN_INVALID',
  'echo answers something that is not a command.\n  Declare it with command(…) in its contract.',
)
test(
  'a command without a handler is refused',
  refused,
  () => [setupOf('echo', (api) => api.command(say as never, undefined as never))],
  'NATTER_PLUGIN_INVALID',
  'echo: the command "echo.say" was given no function.\n  Give the function that answers it.',
)
test(
  'a route mounted twice is named, whatever its parameters are called',
  refused,
  () => [
    setupOf('files', (api) => {
      api.route(route('files.get', { method: 'GET', path: '/:file', summary: '' }), idle as never)
      api.route(route('files.read', { method: 'GET', path: '/:id', summary: '' }), idle as never)
    }),
  ],
  'NATTER_REGISTERED_TWICE',
  'files registers the route GET /:id twice.\n  Take one of them away.',
)
test(
  'what is no route is refused',
  refused,
  () => [setupOf('files', (api) => api.route({} as never, idle as never))],
  'NATTER_PLUGIN_INVALID',
  'files mounts something that is not a route.\n  Declare it with route(…) in its contract.',
)
test(
  'a kind of message that two plugins declare names both',
  refused,
  () => [
    setupOf('poll', idle, { contract: { pollBody: body('poll', anything as never) } }),
    setupOf('survey', idle, { contract: { surveyBody: body('poll', anything as never) } }),
  ],
  'NATTER_REGISTERED_TWICE',
  'survey registers the kind of message "poll", which poll registered before.\n  Give it another name.',
)
test(
  'a slot named twice is refused',
  refused,
  () => [
    setupOf('a', (api) => {
      api.slot('seen')
      api.slot('seen')
    }),
  ],
  'NATTER_REGISTERED_TWICE',
  'a registers the slot "seen" twice.\n  Take one of them away.',
)
test(
  'a model listed twice is refused',
  refused,
  () => [provider('sql', Storage), setupOf('a', idle, { models: [row, row] })],
  'NATTER_REGISTERED_TWICE',
  'a registers the model "row" twice.\n  Take one of them away.',
)
test(
  'records of a model that is not listed are refused',
  refused,
  () => [setupOf('a', (api) => void api.records(row))],
  'NATTER_PLUGIN_INVALID',
  'a uses the model "row" and does not list it.\n  Add it to its "models".',
)

test(
  'an event that two plugins declare names both',
  refused,
  () => [
    setupOf('a', () => undefined, { contract: { said: event('door.opened', anything) } }),
    setupOf('b', () => undefined, { contract: { said: event('door.opened', anything) } }),
  ],
  'NATTER_REGISTERED_TWICE',
  'b registers the event "door.opened", which a registered before.\n  Give it another name.',
)
