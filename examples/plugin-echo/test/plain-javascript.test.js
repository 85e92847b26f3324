// What people without a type checker get wrong, and what they are told: a code, what is wrong, and what to do.
import test from 'ava'
import { z } from 'zod'
import { createChat, definePlugin, messageAllow, messageChange } from '@natter/core'
import { command, deny, event, field, model, route, token } from '@natter/core/contract'
import { offline } from '@natter/offline'
import { FakeClock, createTestServer, memoryStorage } from '@natter/testkit'
import { echo } from 'natter-plugin-echo'

const secrets = 'a secret for tests that is long enough to be one'
const start = (plugins, more = {}) => createChat({ plugins, secrets, ...more })
const say = command('mine.say', { input: z.object({ text: z.string() }), output: z.object({ text: z.string() }) })
const heard = event('mine.heard', z.object({ text: z.string() }))
const mine = (setup, more = {}) => definePlugin({ name: 'mine', ...more, setup })()
const nothing = () => undefined

/** @type {[string, () => unknown, string, string][]} */
const atBoot = [
  [
    'a definition without a name',
    () => definePlugin({ setup: nothing }),
    'NATTER_PLUGIN_INVALID',
    "definePlugin was given the name undefined.\n  Give a definition with a name: definePlugin({ name: 'my-plugin', setup(api) { … } }).",
  ],
  [
    'no definition at all',
    () => definePlugin(),
    'NATTER_PLUGIN_INVALID',
    "definePlugin was given undefined.\n  Give a definition with a name: definePlugin({ name: 'my-plugin', setup(api) { … } }).",
  ],
  [
    'a definition without setup',
    () => start([definePlugin({ name: 'mine' })()]),
    'NATTER_PLUGIN_INVALID',
    'mine: "setup" is undefined.\n  Give the function that registers: setup(api, services, config) { … }.',
  ],
  [
    'a misspelt part of the definition',
    () => start([mine(nothing, { model: [] })]),
    'NATTER_PLUGIN_INVALID',
    'mine: "model" is no part of a plugin.\n  Take it out or rename it. Did you mean "models"?',
  ],
  [
    'a factory that was not called',
    () => start([echo]),
    'NATTER_PLUGIN_INVALID',
    'plugins[0] is a function, not a plugin.\n  Call it: echo().',
  ],
  [
    'a class in place of a plugin',
    () => start([FakeClock]),
    'NATTER_PLUGIN_INVALID',
    'plugins[0] is the class FakeClock, not a plugin.\n  Make plugins with definePlugin({ … }), and list what its factory returns.',
  ],
  [
    'a promise in place of a plugin',
    () => start([import('natter-plugin-echo')]),
    'NATTER_PLUGIN_INVALID',
    'plugins[0] is a promise.\n  Write await before it.',
  ],
  [
    'a plugin listed twice',
    () => start([memoryStorage(), offline(), echo(), echo()]),
    'NATTER_PLUGIN_TWICE',
    'echo is listed twice.\n  Take one of them out of createChat({ plugins }).',
  ],
  [
    'a misspelt setting',
    () => start([memoryStorage(), offline(), echo({ quiteFrom: 5 })]),
    'NATTER_CONFIG_INVALID',
    'echo: "quiteFrom" is not a setting. Did you mean "quietFrom"?',
  ],
  [
    'text for a number',
    () => start([memoryStorage(), offline(), echo({ quietFrom: '5' })]),
    'NATTER_CONFIG_INVALID',
    'echo: "quietFrom" is "5"; it must be a whole number from 2 to 200.',
  ],
  [
    'a hook by its name',
    () => start([mine((api) => api.hook('message.allow', nothing))]),
    'NATTER_HOOK_UNKNOWN',
    "mine registers a handler for a string, which is not a hook.\n  Import the hook's constant from the package that owns it, like messageAllow.",
  ],
  [
    'a hook that there is not',
    () => start([mine((api) => api.hook(undefined, nothing))]),
    'NATTER_HOOK_UNKNOWN',
    "mine registers a handler for undefined, which is not a hook.\n  Import the hook's constant from the package that owns it.",
  ],
  [
    'the result of a handler in place of the handler',
    () => start([mine((api) => api.hook(messageAllow, nothing()))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the hook "message.allow" was given no function.\n  Give the function that answers it.',
  ],
  [
    'a command without an input schema',
    () => start([mine((api) => api.command(command('mine.say', { output: z.object({}) }), nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the command "mine.say" has no "input" schema.\n  Give a Standard Schema: input: z.object({ … }).',
  ],
  [
    'a plain object in place of a schema',
    () => start([mine((api) => api.command(command('mine.say', { input: { text: 'string' } }), nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the command "mine.say" has an object as "input", not a schema.\n  Give a Standard Schema: input: z.object({ … }).',
  ],
  [
    'a command by its name',
    () => start([mine((api) => api.command('mine.say', nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine answers something that is not a command.\n  Declare it with command(…) in its contract.',
  ],
  [
    'a command without the name of the plugin before it',
    () => start([mine((api) => api.command(command('say', { input: z.object({}), output: z.void() }), nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the command "say" is not its own.\n  Name it "mine.…".',
  ],
  [
    'an event without a schema',
    () => start([mine(nothing, { contract: { heard: event('mine.heard') } })]),
    'NATTER_PLUGIN_INVALID',
    'mine: the event "mine.heard" has no "payload" schema.\n  Give a Standard Schema: payload: z.object({ … }).',
  ],
  [
    'a method in small letters',
    () => start([mine((api) => api.route(route('mine.all', { method: 'get', path: '/all' }), nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the route "mine.all" has the method "get".\n  Give one of GET, POST, PUT, PATCH, DELETE.',
  ],
  [
    'a path without its slash',
    () => start([mine((api) => api.route(route('mine.all', { method: 'GET', path: 'all' }), nothing))]),
    'NATTER_PLUGIN_INVALID',
    'mine: the route "mine.all" has the path "all".\n  Begin it with a slash: "/count".',
  ],
  [
    'fields in place of a model',
    () => start([memoryStorage(), mine(nothing, { models: [{ user: 'id' }] })]),
    'NATTER_PLUGIN_INVALID',
    'mine: models[0] is an object, not a model.\n  Declare it with model(…) in its contract.',
  ],
  [
    'a model that is not listed',
    () => start([mine((api) => api.records(model('row', { fields: { id: field.id() }, key: ['id'] })))]),
    'NATTER_PLUGIN_INVALID',
    'mine uses the model "row" and does not list it.\n  Add it to its "models".',
  ],
  [
    'stored data without a store',
    () => start([echo()]),
    'NATTER_STORAGE_MISSING',
    "echo keeps data, and no plugin provides storage.\n  Add storageSql({ url: 'sqlite:data/chat.db' }) to createChat({ plugins }).",
  ],
  [
    'a service by its name',
    () => start([mine(nothing, { needs: { users: 'users' } })]),
    'NATTER_PLUGIN_INVALID',
    'mine: "users" is a string, not a token.\n  Import the service\'s token from its contract; was it imported as a type only?',
  ],
  [
    'a class in place of a service',
    () => {
      const Timer = token('timer').of()
      return start([mine((api) => api.provide(Timer, () => FakeClock), { provides: [Timer] })])
    },
    'NATTER_NOT_PROVIDED',
    'mine provided the class FakeClock as the service "timer".\n  Return an instance: new FakeClock(…).',
  ],
  [
    'an asynchronous setup',
    () => start([mine(async () => undefined)]),
    'NATTER_PLUGIN_INVALID',
    'mine: setup returned a promise.\n  Register in setup, and do what takes time in init.',
  ],
  [
    'a step of life that there is not',
    () => start([mine(() => ({ shutdown: nothing }))]),
    'NATTER_PLUGIN_INVALID',
    'mine: setup returned "shutdown", which is no step of a life.\n  The steps are the functions init, start, ready, drain, stop.',
  ],
  [
    'a plugin in place of the options',
    () => createChat(echo),
    'NATTER_CONFIG_INVALID',
    'createChat: was given a function.\n  Write createChat({ plugins: [ … ] }).',
  ],
  [
    'a misspelt option',
    () => start([], { orgins: [] }),
    'NATTER_CONFIG_INVALID',
    'createChat: "orgins" is no option.\n  Take it out or rename it. Did you mean "origins"?',
  ],
  [
    'a limit that is text',
    () => start([], { limits: { frameBytes: '1 MB' } }),
    'NATTER_CONFIG_INVALID',
    'createChat: "limits.frameBytes" is a string.\n  A limit is a number.',
  ],
  [
    'a class in place of a port',
    () => start([], { clock: FakeClock }),
    'NATTER_CONFIG_INVALID',
    'createChat: "clock" is the class FakeClock.\n  Give an instance: new FakeClock(…).',
  ],
]
for (const [what, run, code, message] of atBoot) {
  test(`told at boot: ${what}`, async (t) => {
    await t.throwsAsync(async () => run(), { name: 'NatterError', code, message })
  })
}

test('told at the first use: a chat that was not awaited', async (t) => {
  const chat = start([])
  t.throws(() => chat.middleware(), {
    code: 'NATTER_SERVICE_UNREADY',
    message:
      'The chat was used (.middleware) before it was there: createChat returns a promise.\n' +
      '  Write const chat = await createChat({ … }).',
  })
  await (await chat).stop()
})

/** A logger that keeps the errors it is told, as `code: message`. */
function listening(errors) {
  const logger = {
    child: () => logger,
    isLevelEnabled: () => true,
    debug: nothing,
    info: nothing,
    warn: nothing,
    error: ({ err }) => errors.push(`${err.code}: ${err.message}`),
  }
  return logger
}

/** What the log says after one thing that a client does; the client is told no more than that something is wrong. */
async function logged(t, setup, act) {
  const errors = []
  const server = await createTestServer(t, {
    plugins: [offline(), mine(setup, { contract: { say, heard } })],
    logger: listening(errors),
  })
  const alice = await server.client('alice')
  const error = await t.throwsAsync(act(alice))
  t.is(error.code, 'NATTER_INTERNAL')
  return errors
}
const asks = (alice) => alice.mine.say({ text: 'hello' })
const sends = (alice) => {
  const sending = alice.direct('bob').send({ text: 'hello' })
  // A fault may pass, so the client keeps trying; here its first answer is what matters.
  return new Promise((_, reject) => sending.subscribe(() => sending.error && reject(sending.error)))
}

/** @type {[string, (api: object) => unknown, (alice: object) => Promise<unknown>, string][]} */
const atRun = [
  [
    'a veto that returns true to allow',
    (api) => api.hook(messageAllow, () => true),
    sends,
    'NATTER_HOOK_FAILED: message.allow: mine returned true; the message was refused.\n  Return deny(error), or nothing.',
  ],
  [
    'a denial with text',
    (api) => api.hook(messageAllow, () => deny('no')),
    sends,
    'NATTER_HOOK_FAILED: message.allow: mine returned an object; the message was refused.\n  Return deny(error) with a declared error, not with a string.',
  ],
  [
    'a change that returns the text, not the draft',
    (api) => api.hook(messageChange, ({ text }) => text.trim()),
    sends,
    'NATTER_HOOK_FAILED: message.change: mine returned a string; the message was refused.\n  Return a new value, deny(error), or nothing.',
  ],
  [
    'a handler without return',
    (api) => api.command(say, nothing),
    asks,
    'NATTER_PLUGIN_INVALID: mine: the handler of the command "mine.say" returned nothing.\n  Return what its output schema says; was "return" forgotten?',
  ],
  [
    'an event with what was not awaited',
    (api) => api.command(say, ({ text }, { user }) => api.publish(heard, { user: user.id }, Promise.resolve({ text }))),
    asks,
    'NATTER_PLUGIN_INVALID: mine publishes "mine.heard" with a promise.\n  Write await before what the payload comes from.',
  ],
  [
    'an event by its name',
    (api) => api.command(say, ({ text }, { user }) => api.publish('mine.heard', { user: user.id }, { text })),
    asks,
    'NATTER_PLUGIN_INVALID: mine publishes a string, which is not an event.\n  Declare it with event(…) in its contract.',
  ],
  [
    'registering while running',
    (api) => api.command(say, () => api.hook(messageAllow, nothing)),
    asks,
    'NATTER_REGISTERED_LATE: mine registers a handler of the hook "message.allow" after its setup.\n  Register everything in setup; from init on, only use it.',
  ],
]
for (const [what, setup, act, line] of atRun) {
  test(`told in the log: ${what}`, async (t) => {
    t.deepEqual(await logged(t, setup, act), [line])
  })
}

test('told to the host: an event that there is not, and no function', async (t) => {
  const { chat } = await createTestServer(t, { plugins: [] })
  t.throws(() => chat.on('mesage', nothing), {
    code: 'NATTER_INVALID',
    message: 'chat.on: there is no event "mesage". Did you mean "message"?',
  })
  t.throws(() => chat.on('message'), {
    code: 'NATTER_INVALID',
    message: "chat.on('message'): give a function, not undefined.",
  })
  t.throws(() => chat.as(), { code: 'NATTER_INVALID' })
  await t.throwsAsync(chat.as('alice').send('bob smith', { text: 'hello' }), {
    code: 'NATTER_INVALID',
    message: /"to"/,
  })
  await t.throwsAsync(chat.as('alice').send({ user: 'bob' }, 'hello'), {
    code: 'NATTER_INVALID',
    message: 'A body is an object, like { text: "hello" }.',
  })
})
