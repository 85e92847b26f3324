import test from 'ava'
import { definePlugin, userData, userErased } from '@natter/core'
import type { ErasurePhase } from '@natter/core'
import { field, model } from '@natter/core/contract'
import { createTestChat, FakeClock, MemoryStore, sharedStorage } from '@natter/testkit'

const note = model('note', {
  fields: { user: field.id(), nr: field.int(), text: field.text() },
  key: ['user', 'nr'],
  personal: { user: 'whose note', text: 'what they wrote' },
})

/** Notes what steps ran from which place; those named in `failing` fail. */
function stepping(name: string, phase: ErasurePhase, parts: number, ran: string[], failing = new Set<string>()) {
  return definePlugin({
    name,
    models: [note],
    setup(api) {
      const rows = api.records(note)
      api.hook(userErased, ({ user, as }) => [
        {
          name: `${name}.notes`,
          phase,
          async run(place) {
            ran.push(`${name} ${place ?? 'begins'}`)
            if (failing.has(`${name} ${place ?? 'begins'}`)) throw new Error('the step breaks')
            const at = Number(place ?? 0) + 1
            await rows.upsert({ user, nr: at, text: as('c') })
            return at < parts ? String(at) : undefined
          },
        },
      ])
      api.hook(userData, ({ user }) => [{ name: `${name}.notes`, items: pages(user) }])
      async function* pages(user: string) {
        yield* (await rows.page({ user })).rows
      }
    },
  })()
}

test('the steps of an erasure run by phase, each to its end, and then nothing of it is recorded', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const ran: string[] = []
  const { chat } = await createTestChat(t, {
    plugins: [
      stepping('last', 'erase', 2, ran),
      stepping('middle', 'leave', 1, ran),
      stepping('first', 'close', 1, ran),
    ],
    storage: sharedStorage(store),
    clock,
  })
  await chat.users.erase('alice')
  t.deepEqual(ran, ['first begins', 'middle begins', 'last begins', 'last 1'])
  t.deepEqual((await store.inventory()).models.map(({ plugin }) => plugin).sort(), ['first', 'last', 'middle'])
})

test('an erasure that fails, or whose server dies, goes on from the place that was stored, by itself', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const ran: string[] = []
  const failing = new Set(['two 1'])
  const plugins = () => [stepping('one', 'close', 1, ran), stepping('two', 'erase', 3, ran, failing)]
  const first = await createTestChat(t, { plugins: plugins(), storage: sharedStorage(store), clock })
  await t.throwsAsync(first.chat.users.erase('alice'), { code: 'NATTER_HOOK_FAILED', message: /two\.notes/ })
  await clock.advance(60_000)
  t.deepEqual(ran, ['one begins', 'two begins', 'two 1', 'two 1'])
  await first.chat.stop()

  failing.clear()
  const second = await createTestChat(t, { plugins: plugins(), storage: sharedStorage(store), clock })
  await second.chat.users.erase('alice')
  t.deepEqual(ran.slice(4), ['two 1', 'two 2'])
  t.false((await store.inventory()).models.some(({ plugin }) => plugin === 'core'))
  const standIns = new Set<unknown>()
  for await (const { part, item } of second.chat.users.export('alice')) {
    if (part === 'two.notes') standIns.add((item as { text: string }).text)
  }
  t.is(standIns.size, 1, 'the id that stands for the person is the same after a restart')
})

test('asked for twice it is one erasure', async (t) => {
  const ran: string[] = []
  const { chat } = await createTestChat(t, { plugins: [stepping('one', 'close', 2, ran)] })
  await Promise.all([chat.users.erase('alice'), chat.users.erase('alice')])
  t.deepEqual(ran, ['one begins', 'one 1'])
})

test('what is no id is refused', async (t) => {
  const { chat } = await createTestChat(t, { plugins: [], storage: null })
  await t.throwsAsync(chat.users.erase('a b'), { code: 'NATTER_INVALID' })
  await t.throwsAsync(chat.users.export('a b')[Symbol.asyncIterator]().next(), { code: 'NATTER_INVALID' })
  await chat.users.erase(7)
})

test('a model or key space that says nothing of people is told of at boot, and one that names a stray field is refused', async (t) => {
  const warned: string[] = []
  const silent = () => undefined
  const logger = {
    child: () => logger,
    isLevelEnabled: () => true,
    debug: silent,
    info: silent,
    warn: (_details: object | string, message?: string) => void warned.push(message ?? ''),
    error: silent,
  }
  const silentOf = model('quiet', { fields: { user: field.id() }, key: ['user'] })
  const plugin = definePlugin({
    name: 'quiet',
    models: [silentOf, note],
    setup(api) {
      api.kv('keys')
      api.kv('told', { personal: 'none' })
    },
  })
  const { chat } = await createTestChat(t, { plugins: [plugin()], logger })
  t.is(warned.length, 1)
  t.regex(warned[0]!, /quiet: the model "quiet", quiet: the key space "keys": it is not said/)
  t.deepEqual(
    chat.users.holds().map(({ plugin: by, name, personal }) => [by, name, personal]),
    [
      ['core', 'erasure', { user: 'who is being erased, until that is done', place: 'where it stands' }],
      ['quiet', 'quiet', undefined],
      ['quiet', 'note', { user: 'whose note', text: 'what they wrote' }],
      ['quiet', 'keys', undefined],
      ['quiet', 'told', 'none'],
    ],
  )
  const stray = model('stray', { fields: { user: field.id() }, key: ['user'], personal: { name: 'no such field' } })
  await t.throwsAsync(
    createTestChat(t, { plugins: [definePlugin({ name: 'stray', models: [stray], setup: () => undefined })()] }),
    { code: 'NATTER_PLUGIN_INVALID', message: /"name" is personal, and has no such field/ },
  )
})
