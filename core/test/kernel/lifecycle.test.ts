import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import test from 'ava'
import { defineErrors, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { deferred, never, setUp, setupOf } from './harness.js'
import type { Lifecycle } from '#src/kernel/plugin.js'

const steps = ['init', 'start', 'ready', 'drain', 'stop'] as const

/** A plugin that writes down its steps, with one of them done otherwise. */
function lived(name: string, seen: string[], other: Lifecycle = {}, spec: object = {}) {
  const life = Object.fromEntries(
    steps.map((step) => [
      step,
      async () => {
        seen.push(`${step} ${name}`)
        await other[step]?.()
      },
    ]),
  )
  return setupOf(name, () => life, spec)
}
const fails =
  (text = 'boom') =>
  async () => {
    throw new Error(text)
  }

test('steps run in order, and drain and stop in reverse', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen), lived('b', seen)])
  t.deepEqual(seen, [])
  await kernel.boot()
  t.deepEqual(seen.splice(0), ['init a', 'init b', 'start a', 'start b', 'ready a', 'ready b'])
  await kernel.drain()
  t.deepEqual(seen.splice(0), ['drain b', 'drain a'])
  await kernel.stop()
  t.deepEqual(seen.splice(0), ['stop b', 'stop a'])
})

test('each step waits for the one before', async (t) => {
  const seen: string[] = []
  const gate = deferred()
  const { kernel, clock } = await setUp([lived('a', seen, { init: () => gate.promise }), lived('b', seen)])
  const booted = kernel.boot()
  await clock.advance(0)
  t.deepEqual(seen, ['init a'])
  gate.resolve()
  await booted
  t.is(seen.length, 6)
})

test('stop drains first where that was not done, and both happen once', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen)])
  await kernel.boot()
  seen.splice(0)
  await Promise.all([kernel.stop(), kernel.stop()])
  await kernel.drain()
  await kernel.stop()
  t.deepEqual(seen, ['drain a', 'stop a'])
})

test('a plugin without steps lives as well', async (t) => {
  const { kernel } = await setUp([setupOf('a')])
  await kernel.boot()
  await t.notThrowsAsync(kernel.stop())
})

test('steps may be synchronous', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([setupOf('a', () => ({ init: () => void seen.push('init') }))])
  await kernel.boot()
  t.deepEqual(seen, ['init'])
})

for (const step of ['init', 'start', 'ready'] as const) {
  test(`when ${step} fails, what had begun is stopped in reverse and the plugin is named`, async (t) => {
    const seen: string[] = []
    const { kernel } = await setUp([lived('a', seen), lived('b', seen, { [step]: fails() }), lived('c', seen)])
    const error = await t.throwsAsync(kernel.boot(), {
      code: 'NATTER_STEP_FAILED',
      message: `b: ${step} failed: boom`,
    })
    t.is((error.cause as Error).message, 'boom')
    const stops = seen.filter((entry) => entry.startsWith('stop'))
    t.deepEqual(stops, step === 'init' ? ['stop b', 'stop a'] : ['stop c', 'stop b', 'stop a'])
    t.false(seen.some((entry) => entry.startsWith('drain')))
  })

  test(`when ${step} hangs, the plugin is named once its time is over, and what had begun is stopped`, async (t) => {
    const seen: string[] = []
    const ms = { init: 30_000, start: 10_000, ready: 10_000 }[step]
    const { kernel, clock } = await setUp([lived('a', seen), lived('b', seen, { [step]: never })])
    const failure = t.throwsAsync(kernel.boot(), {
      code: 'NATTER_STEP_TIMEOUT',
      message:
        `b: ${step} did not finish within ${ms / 1_000} s.\n` +
        `  See what it waits for, or give it longer: timeouts: { ${step}: … } in its definition.`,
    })
    await clock.advance(ms - 1)
    t.false(seen.includes('stop b'))
    await clock.advance(1)
    await failure
    t.deepEqual(
      seen.filter((entry) => entry.startsWith('stop')),
      ['stop b', 'stop a'],
    )
  })
}

test('a synchronous throw is a failure like any other', async (t) => {
  const { kernel } = await setUp([
    setupOf('a', () => ({
      init: () => {
        throw new Error('at once')
      },
    })),
  ])
  await t.throwsAsync(kernel.boot(), { code: 'NATTER_STEP_FAILED', message: 'a: init failed: at once' })
})

test('a declared error of a step keeps its code and details, and names the plugin once', async (t) => {
  const SqlErrors = defineErrors('SQL', { WEAK: { status: 500, message: 'the database runs with fsync off.' } })
  for (const message of ['the database runs with fsync off.', 'sql: the database runs with fsync off.']) {
    const { kernel } = await setUp([
      setupOf('sql', () => ({
        init: () => {
          throw SqlErrors.WEAK({ message, details: { fsync: 'off' } })
        },
      })),
    ])
    await t.throwsAsync(kernel.boot(), { code: 'SQL_WEAK', message: 'sql: the database runs with fsync off.' })
    const again = await t.throwsAsync(kernel.boot())
    t.like(again, { code: 'SQL_WEAK', details: { fsync: 'off' } })
  }
})

test('after a failed boot nothing is left to stop', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen, { start: fails() })])
  await t.throwsAsync(kernel.boot())
  seen.splice(0)
  await kernel.stop()
  await kernel.drain()
  t.deepEqual(seen, [])
})

test('a plugin that fails to stop after a failed boot is logged, and the first failure is thrown', async (t) => {
  const seen: string[] = []
  const { kernel, lines } = await setUp([
    lived('a', seen, { stop: fails('stuck') }),
    lived('b', seen, { init: fails() }),
  ])
  await t.throwsAsync(kernel.boot(), { message: 'b: init failed: boom' })
  const logged = lines.find(({ level }) => level === 'error')
  t.like(logged?.details, { err: { message: 'a: stop failed: stuck' } })
})

test('a step that ends after its time-out is told in the log', async (t) => {
  const gate = deferred()
  const { kernel, clock, lines } = await setUp([setupOf('slow', () => ({ init: () => gate.promise }))])
  const failure = t.throwsAsync(kernel.boot(), { code: 'NATTER_STEP_TIMEOUT' })
  await clock.advance(30_000)
  await failure
  gate.reject(new Error('connection refused'))
  await clock.advance(0)
  t.true(lines.some(({ level, message }) => level === 'warn' && message === 'slow: init failed after its time-out'))

  const other = deferred()
  const second = await setUp([setupOf('slow', () => ({ init: () => other.promise }))])
  const again = t.throwsAsync(second.kernel.boot(), { code: 'NATTER_STEP_TIMEOUT' })
  await second.clock.advance(30_000)
  await again
  other.resolve()
  await second.clock.advance(0)
  t.true(
    second.lines.some(({ level, message }) => level === 'warn' && message === 'slow: init finished after its time-out'),
  )
})

for (const step of ['drain', 'stop'] as const) {
  test(`${step} goes on past a plugin that fails and one that hangs, and tells of both`, async (t) => {
    const seen: string[] = []
    const { kernel, clock } = await setUp([
      lived('a', seen, { [step]: fails() }),
      lived('b', seen, { [step]: never }),
      lived('c', seen),
    ])
    await kernel.boot()
    seen.splice(0)
    const failure = t.throwsAsync(kernel[step](), { instanceOf: AggregateError })
    await clock.advance(5_000)
    const error = await failure
    t.deepEqual(
      (error as AggregateError).errors.map(({ code }: { code: string }) => code),
      ['NATTER_STEP_TIMEOUT', 'NATTER_STEP_FAILED'],
    )
    t.regex(error.message, new RegExp(`^b: ${step} did not finish within 5 s\\.\n.*\na: ${step} failed: boom$`))
    t.deepEqual(
      seen.filter((entry) => entry.startsWith(step)),
      [`${step} c`, `${step} b`, `${step} a`],
    )
  })
}

test('a second stop gives the same failure', async (t) => {
  const { kernel } = await setUp([setupOf('a', () => ({ stop: fails() }))])
  await kernel.boot()
  const first = await t.throwsAsync(kernel.stop())
  t.is(await t.throwsAsync(kernel.stop()), first)
})

test('what failed in drain is told by drain, and not again by stop', async (t) => {
  const { kernel } = await setUp([setupOf('a', () => ({ drain: fails() }))])
  await kernel.boot()
  await t.throwsAsync(kernel.drain(), { message: 'a: drain failed: boom' })
  await t.notThrowsAsync(kernel.stop())
})

test('what fails in a drain that stop does is told by stop', async (t) => {
  const { kernel } = await setUp([setupOf('a', () => ({ drain: fails() }))])
  await kernel.boot()
  await t.throwsAsync(kernel.stop(), { message: 'a: drain failed: boom' })
})

test('a plugin’s own time-outs count over those of the chat, and those over the defaults', async (t) => {
  const own = setupOf('own', () => ({ init: never }), { timeouts: { init: 200 } })
  const one = await setUp([own], { timeouts: { init: 100 } })
  const failure = t.throwsAsync(one.kernel.boot(), { message: /^own: init did not finish within 200 ms\./ })
  await one.clock.advance(200)
  await failure

  const two = await setUp([setupOf('other', () => ({ init: never }))], { timeouts: { init: 100 } })
  const second = t.throwsAsync(two.kernel.boot(), { message: /^other: init did not finish within 100 ms\./ })
  await two.clock.advance(100)
  await second
})

test('a stop during boot lets the step under way end, stops what had begun, and boot says so', async (t) => {
  const seen: string[] = []
  const gate = deferred()
  const { kernel, clock } = await setUp([lived('a', seen, { init: () => gate.promise }), lived('b', seen)])
  const booted = t.throwsAsync(kernel.boot(), {
    code: 'NATTER_STOPPED',
    message: 'The chat was stopped before it was ready.',
  })
  await clock.advance(0)
  const stopped = kernel.stop()
  gate.resolve()
  await Promise.all([booted, stopped])
  t.deepEqual(seen, ['init a', 'stop a'])
})

test('a chat that was stopped before boot does not boot', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen)])
  await kernel.stop()
  await t.throwsAsync(kernel.boot(), { code: 'NATTER_STOPPED' })
  t.deepEqual(seen, [])
})

test('boot happens once, however often it is asked for', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen)])
  await Promise.all([kernel.boot(), kernel.boot()])
  t.deepEqual(seen, ['init a', 'start a', 'ready a'])
})

test('drain before boot does nothing', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([lived('a', seen)])
  await kernel.drain()
  t.deepEqual(seen, [])
})

const Mail: Token<object, 'mail'> = token('mail').of()

for (const [what, make, message] of [
  ['throws', fails('no route'), 'a: init (making the service "mail") failed: no route'],
  [
    'gives no object',
    () => 'mail',
    'a provided a string as the service "mail".\n  A service is an object with methods.',
  ],
] as const) {
  test(`a service whose maker ${what} fails the boot, and its plugin is stopped`, async (t) => {
    const seen: string[] = []
    const plugin = setupOf(
      'a',
      (api) => {
        api.provide<unknown>(Mail as Token<unknown>, make)
        return { init: () => void seen.push('init'), stop: () => void seen.push('stop') }
      },
      { provides: [Mail] },
    )
    const { kernel } = await setUp([plugin])
    await t.throwsAsync(kernel.boot(), { message })
    t.deepEqual(seen, ['stop'])
  })
}

test('a service whose maker hangs is named when its time is over', async (t) => {
  const plugin = setupOf('a', (api) => api.provide(Mail, never), { provides: [Mail] })
  const { kernel, clock } = await setUp([plugin])
  const failure = t.throwsAsync(kernel.boot(), {
    code: 'NATTER_STEP_TIMEOUT',
    message: /^a: init \(making the service "mail"\) did not finish within 30 s\./,
  })
  await clock.advance(30_000)
  await failure
})

test('a step leaves no timer behind', async (t) => {
  const { kernel, clock } = await setUp([lived('a', [])])
  await kernel.boot()
  await kernel.stop()
  t.is(clock.waiting, 0)
})

test('a boot that waits for nothing does not end the process before it has named the plugin', async (t) => {
  const module = (path: string) => JSON.stringify(new URL(`../../../dist/${path}`, import.meta.url).href)
  const script = `
    import { Kernel } from ${module('kernel/kernel.js')}
    import { createLogger } from ${module('kernel/create-logger.js')}
    import { definePlugin } from ${module('kernel/plugin.js')}
    import { systemClock } from ${module('services/system-clock.js')}
    const hanging = definePlugin({
      name: 'hanging',
      timeouts: { init: 20 },
      setup: () => ({ init: () => new Promise(() => undefined) }),
    })
    const kernel = await Kernel.setup({
      plugins: [hanging()],
      core: [],
      logger: createLogger({ level: 'silent' }),
      clock: systemClock(),
      publish: () => undefined,
    })
    await kernel.boot().catch(({ code, message }) => console.log(code, message))
  `
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script])
  t.regex(stdout, /^NATTER_STEP_TIMEOUT hanging: init did not finish within 20 ms\./)
})
