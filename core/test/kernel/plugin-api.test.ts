import test from 'ava'
import { body, command, event, route } from '@natter/core/contract'
import type { Audience } from '#src/kernel/plugin.js'
import { setUp, setupOf } from './harness.js'
import { anything } from './schemas.js'

const say = command('echo.say', { input: anything, output: anything })
const said = event('echo.said', anything)
const pollBody = body('poll', anything as never)

test('commands, routes, bodies and events are found under their plugin', async (t) => {
  const get = route('echo.get', { method: 'GET', path: '/last', summary: 'The last one' })
  const { kernel } = await setUp([
    setupOf(
      'echo',
      (api) => {
        api.command(say as never, ((input: unknown) => input) as never)
        api.route(get as never, (() => 'last') as never)
      },
      { contract: { say, said, pollBody }, version: '3.1.0' },
    ),
  ])
  const registered = kernel.commands.get('echo.say')
  t.like(registered, { name: 'echo.say', plugin: 'echo', command: say })
  t.is(registered?.handler('hi', {} as never), 'hi')
  t.like(kernel.routes[0], { plugin: 'echo', route: get })
  t.deepEqual(kernel.bodies.get('poll'), { plugin: 'echo', body: pollBody })
  t.deepEqual(kernel.events.get('echo.said'), { plugin: 'echo', event: said })
  t.deepEqual(kernel.plugins, [{ name: 'echo', version: '3.1.0', major: 3 }])
})

test('a plugin without a version has major 0', async (t) => {
  const { kernel } = await setUp([setupOf('echo')])
  t.deepEqual(kernel.plugins, [{ name: 'echo', version: '0.0.0', major: 0 }])
})

test('the core’s own kinds of message cannot be declared by a plugin', async (t) => {
  const text = body('text', anything as never)
  const { kernel } = await setUp([], { bodies: [text] })
  t.is(kernel.bodies.get('text')?.plugin, 'core')
  const plugin = setupOf('rich', () => undefined, { contract: { richBody: body('text', anything as never) } })
  await t.throwsAsync(setUp([plugin], { bodies: [text] }), {
    code: 'NATTER_REGISTERED_TWICE',
    message: 'rich registers the kind of message "text", which the core registered before.\n  Give it another name.',
  })
})

test('a contract may pass on what another declared', async (t) => {
  await t.notThrowsAsync(
    setUp([
      setupOf('poll', () => undefined, { contract: { pollBody, said } }),
      setupOf('stats', () => undefined, { contract: { pollBody, said } }),
    ]),
  )
})

test('a declared command that nobody answers is told in the log', async (t) => {
  const { lines } = await setUp([setupOf('echo', () => undefined, { contract: { say } })])
  t.deepEqual(
    lines.map(({ level, message }) => [level, message]),
    [['warn', 'echo declares the command "echo.say" and does not answer it']],
  )
})

test('publish hands the event to the core and gives the payload back', async (t) => {
  const seen: unknown[] = []
  const to: Audience = { user: 'alice' }
  const payload = { text: 'hi' }
  const plugin = setupOf('echo', (api) => ({
    init() {
      t.is<unknown, unknown>(api.publish(said as never, to, payload as never), payload)
    },
  }))
  const { kernel } = await setUp([plugin], { publish: (...args) => void seen.push(args) })
  await kernel.boot()
  t.deepEqual(seen, [[said, to, payload]])
})

test('a plugin logs under its name', async (t) => {
  const { lines } = await setUp([setupOf('echo', (api) => api.log.info({ a: 1 }, 'hello'))])
  t.deepEqual(lines, [{ level: 'info', bindings: { plugin: 'echo' }, details: { a: 1 }, message: 'hello' }])
})

test('slots have fixed places in each connection’s array, of their own for each plugin', async (t) => {
  const { kernel } = await setUp([
    setupOf('a', (api) => {
      const seen = api.slot<number>('seen')
      const other = api.slot<string>('other')
      return {
        init() {
          const one = { slots: kernel.slots() }
          const two = { slots: kernel.slots() }
          seen.set(one, 5)
          other.set(two, 'x')
          t.deepEqual([seen.get(one), other.get(one), seen.get(two), other.get(two)], [5, undefined, undefined, 'x'])
          seen.set(one, undefined)
          t.is(seen.get(one), undefined)
          t.deepEqual(two.slots, [undefined, 'x', undefined])
        },
      }
    }),
    setupOf('b', (api) => void api.slot('seen')),
  ])
  t.is(kernel.slotCount, 3)
  await kernel.boot()
})

test('a slot used before there are connections, or on what is none, says so', async (t) => {
  const plugin = setupOf('a', (api) => {
    const slot = api.slot('seen')
    for (const holder of [undefined, {}, { slots: [] }]) {
      for (const use of [() => slot.get(holder as never), () => slot.set(holder as never, 1)]) {
        t.throws(use, {
          code: 'NATTER_SERVICE_UNREADY',
          message:
            'The slot "a.seen" was used on something that is not a connection of this chat.\n' +
            '  Use it with connections that hooks and commands are given.',
        })
      }
    }
  })
  await setUp([plugin])
})
