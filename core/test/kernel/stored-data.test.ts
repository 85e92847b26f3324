import test from 'ava'
import { field, model, Storage } from '@natter/core/contract'
import type { DataStep, Kv, OwnedModel, Records } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'

const ballot = model('ballot', { fields: { id: field.id(), option: field.int() }, key: ['id'] })
const vote = model('vote', { fields: { id: field.id() }, key: ['id'] })
const step: DataStep = { id: 'one', up: async () => undefined }

/** A store that writes down what it is asked. */
function storeOf(seen: string[]) {
  const shape = (name: string) =>
    new Proxy(
      {},
      {
        get:
          (_, verb) =>
          async (...args: readonly unknown[]) =>
            void seen.push(`${name}.${String(verb)} ${JSON.stringify(args)}`),
      },
    )
  return {
    description: 'nowhere',
    durable: false,
    log: shape('log'),
    prepare: async (models: readonly OwnedModel[], steps: readonly { plugin: string }[]) =>
      void seen.push(
        `prepare ${models.map(({ plugin, model: { name } }) => `${plugin}.${name}`).join()} ${steps.length}`,
      ),
    records: (plugin: string, { name }: { name: string }) => shape(`${plugin}.${name}`),
    kv: (namespace: string) => shape(namespace),
    probe: async () => void seen.push('probe'),
    native: () => 'native',
  } as unknown as Storage
}
const sql = (seen: string[]) =>
  setupOf(
    'sql',
    (api) => {
      api.provide(Storage, () => (seen.push('make'), storeOf(seen)))
      return { init: () => void seen.push('init sql') }
    },
    { provides: [Storage] },
  )

test('the store is prepared with all models and steps, right after its plugin began', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([
    setupOf('poll', () => ({ init: () => void seen.push('init poll') }), { models: [ballot, vote], steps: [step] }),
    sql(seen),
  ])
  await kernel.boot()
  t.deepEqual(seen, ['make', 'init sql', 'prepare poll.ballot,poll.vote 1', 'init poll'])
})

test('a plugin with models or keys begins after the store, wherever it is listed', async (t) => {
  const { kernel } = await setUp([
    setupOf('models', () => undefined, { models: [ballot] }),
    setupOf('keys', (api) => void api.kv('seen')),
    setupOf('neither'),
    sql([]),
  ])
  t.deepEqual(
    kernel.plugins.map(({ name }) => name),
    ['neither', 'sql', 'models', 'keys'],
  )
})

test('records and keys taken in setup work from init on, under the plugin’s own name', async (t) => {
  const seen: string[] = []
  const poll = setupOf(
    'poll',
    (api) => {
      const ballots = api.records(ballot)
      const keys = api.kv('seen')
      return {
        async init() {
          await ballots.insert({ id: 'a', option: 1 })
          await keys.set('k', 'v', { ttlMs: 5 })
          await api.records(ballot).remove({ id: 'a' })
        },
      }
    },
    { models: [ballot] },
  )
  const { kernel } = await setUp([poll, sql(seen)])
  await kernel.boot()
  t.deepEqual(seen.slice(3), [
    'poll.ballot.insert [{"id":"a","option":1}]',
    'poll.seen.set ["k","v",{"ttlMs":5}]',
    'poll.ballot.remove [{"id":"a"}]',
  ])
})

test('every verb of records and keys rejects before the store is ready, and passes its arguments on afterwards', async (t) => {
  const seen: string[] = []
  let records: Records | undefined
  let keys: Kv | undefined
  const poll = setupOf(
    'poll',
    (api) => {
      records = api.records(ballot) as unknown as Records
      keys = api.kv('seen')
    },
    { models: [ballot] },
  )
  const { kernel } = await setUp([poll, sql(seen)])
  const verbs = [
    ...(['get', 'insert', 'upsert', 'updateIf', 'take', 'page', 'remove'] as const).map(
      (verb) => [records, verb] as const,
    ),
    ...(['get', 'set', 'add', 'take', 'delete'] as const).map((verb) => [keys, verb] as const),
  ]
  const call = ([target, verb]: (typeof verbs)[number]) =>
    (target as unknown as Record<string, (...args: unknown[]) => Promise<unknown>>)[verb]?.(1, 2, 3)
  for (const verb of verbs) {
    await t.throwsAsync(async () => call(verb), {
      code: 'NATTER_SERVICE_UNREADY',
      message: 'Stored data was used before the store was ready.\n  Use records and kv from init on, not in setup.',
    })
  }
  await kernel.boot()
  seen.splice(0)
  for (const verb of verbs) await call(verb)
  t.deepEqual(
    seen,
    verbs.map(([target, verb]) => `poll.${target === records ? 'ballot' : 'seen'}.${verb} [1,2,3]`),
  )
})

test('a store that cannot be prepared fails the boot under its plugin’s name', async (t) => {
  const store = { ...storeOf([]), prepare: () => Promise.reject(new Error('disk full')) }
  const plugin = setupOf('sql', (api) => api.provide(Storage, () => store), { provides: [Storage] })
  const { kernel } = await setUp([plugin])
  await t.throwsAsync(kernel.boot(), { message: 'sql: init (preparing the store) failed: disk full' })
})

test('a store of the core’s or the host’s is prepared before the first plugin begins', async (t) => {
  for (const by of ['core', 'host'] as const) {
    const seen: string[] = []
    const poll = setupOf('poll', () => ({ init: () => void seen.push('init poll') }), { models: [ballot] })
    const { kernel } = await setUp(
      [poll],
      by === 'core' ? { core: [[Storage, storeOf(seen)]] } : { host: [[Storage, () => storeOf(seen)]] },
    )
    await kernel.boot()
    t.deepEqual(seen, ['prepare poll.ballot 0', 'init poll'])
  }
})

test('storage backends see all models and steps from setup on', async (t) => {
  const seen: unknown[] = []
  const backend = setupOf(
    'sql',
    (api) => {
      api.provide(Storage, () => storeOf([]))
      seen.push(
        api.models().map(({ plugin }) => plugin),
        api.steps(),
      )
    },
    { provides: [Storage] },
  )
  await setUp([backend, setupOf('poll', () => undefined, { models: [ballot], steps: [step] })])
  t.deepEqual(seen, [['poll'], [{ plugin: 'poll', step }]])
})

test('the service that plugins get passes everything of a store on', async (t) => {
  const seen: string[] = []
  const { kernel } = await setUp([sql(seen)])
  await kernel.boot()
  const store = kernel.get(Storage)
  seen.splice(0)
  await store.probe()
  await store.log.head('c')
  t.deepEqual(seen, ['probe', 'log.head ["c"]'])
  t.is(store.description, 'nowhere')
  t.false(store.durable)
  t.is<unknown, unknown>(store.native('x' as never), 'native')
})
