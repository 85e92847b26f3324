import { tracingChannel } from 'node:diagnostics_channel'
import test from 'ava'
import { command, hook, Storage } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import { anything } from './schemas.js'

const allow = hook.veto<object>('door.allow')
const say = command('echo.say', { input: anything, output: anything })

/** Listens while `run` runs, and gives what was heard. */
async function heard(channel: string, run: () => unknown): Promise<readonly string[]> {
  const seen: string[] = []
  const hear = (moment: string) => (message: object) => void seen.push(`${moment} ${JSON.stringify(message)}`)
  const listeners = {
    start: hear('start'),
    end: hear('end'),
    asyncStart: hear('asyncStart'),
    asyncEnd: hear('asyncEnd'),
    error: hear('error'),
  }
  const traced = tracingChannel(channel)
  traced.subscribe(listeners)
  try {
    await run()
  } catch {
    seen.push('thrown')
  } finally {
    traced.unsubscribe(listeners)
  }
  return seen
}

test.serial('each handler of a hook is traced, and stays synchronous', async (t) => {
  const { kernel } = await setUp([setupOf('a', (api) => api.hook(allow, () => undefined))])
  const run = kernel.run(allow)
  let answer: unknown = 'none'
  const seen = await heard('natter:hook', () => {
    answer = run({}, undefined)
  })
  t.is(answer, undefined)
  t.deepEqual(seen, ['start {"hook":"door.allow","plugin":"a"}', 'end {"hook":"door.allow","plugin":"a"}'])
  t.is(run({}, undefined), undefined)
  t.is(seen.length, 2)
})

test.serial('what a handler does later is traced to its end', async (t) => {
  const { kernel } = await setUp([setupOf('a', (api) => api.hook(allow, async () => undefined))])
  const seen = await heard('natter:hook', () => kernel.run(allow)({}, undefined))
  t.deepEqual(
    seen.map((line) => line.split(' ')[0]),
    ['start', 'end', 'asyncStart', 'asyncEnd'],
  )
})

test.serial('a failure is traced, at once and later', async (t) => {
  const fail = () => {
    throw new Error('boom')
  }
  for (const [handler, moments] of [
    [fail, ['start', 'error', 'end', 'thrown']],
    [async () => fail(), ['start', 'end', 'error', 'asyncStart', 'asyncEnd', 'thrown']],
  ] as const) {
    const { kernel } = await setUp([setupOf('a', (api) => api.hook(allow, handler))])
    const seen = await heard('natter:hook', () => kernel.run(allow)({}, undefined))
    t.deepEqual(
      seen.map((line) => line.split(' ')[0]),
      moments,
    )
  }
})

test.serial('commands are traced with plugin, user and request, never with input', async (t) => {
  const { kernel } = await setUp([
    setupOf('echo', (api) => api.command(say as never, ((input: unknown) => ({ input })) as never)),
  ])
  const handler = kernel.commands.get('echo.say')?.handler
  const context = { user: { id: 'alice' }, requestId: 'r1' } as never
  const seen = await heard('natter:command', () => handler?.({ password: 'canary' }, context))
  t.is(seen[0], 'start {"command":"echo.say","plugin":"echo","user":"alice","requestId":"r1"}')
  const anonymous = await heard('natter:command', () => handler?.('x', { requestId: 'r2' } as never))
  t.is(anonymous[0], 'start {"command":"echo.say","plugin":"echo","requestId":"r2"}')
})

test.serial('calls of the store are traced by shape, verb and name', async (t) => {
  const shape = new Proxy({}, { get: () => async () => 'done' })
  const store = { log: shape, prepare: async () => undefined, records: () => shape, kv: () => shape }
  const sql = setupOf(
    'sql',
    (api) => {
      api.provide(Storage, () => store as never)
      const keys = api.kv('seen')
      return { ready: async () => void (await keys.get('k')) }
    },
    { provides: [Storage] },
  )
  const { kernel } = await setUp([sql])
  const seen = await heard('natter:store', async () => {
    await kernel.boot()
    await kernel.get(Storage).log.head('c')
  })
  t.deepEqual(
    seen.filter((line) => line.startsWith('start')),
    ['start {"shape":"kv","verb":"get","name":"sql.seen"}', 'start {"shape":"log","verb":"head","name":""}'],
  )
  t.is(await kernel.get(Storage).log.head('c'), 'done' as never)
})
