import { readFileSync } from 'node:fs'
import test from 'ava'
import { userErased } from '@natter/core'
import type { Plugin } from '@natter/core'
import { FakeClock, MemoryStore, sharedStorage } from '@natter/testkit'
import { allPlugins, live, marks, serveAll } from './a-life.js'
import { residueInStore } from './residue.js'

type Hooked = (hook: unknown, handler: (value: never, context: never) => unknown, order?: object) => void
type Setup = (api: { readonly hook: Hooked }, ...rest: unknown[]) => unknown

/** The plugin, whose erasure is what `change` makes of it; nothing leaves it out. */
function erasing(plugin: Plugin, change: ((handler: never) => unknown) | undefined): Plugin {
  const setup = plugin.spec.setup as unknown as Setup
  const changed: Setup = (api, ...rest) =>
    setup(
      {
        ...api,
        hook: (hook, handler, order) =>
          hook !== userErased
            ? api.hook(hook, handler, order)
            : change && api.hook(hook, change(handler as never) as never, order),
      },
      ...rest,
    )
  return { ...plugin, spec: { ...plugin.spec, setup: changed as never } }
}

// What search has goes with the entries; its own step is for what a death put back, and its own tests show that.
for (const { name } of allPlugins().filter((plugin) => plugin.name !== 'search')) {
  test(`without the erasure of ${name} something is left, and it is found`, async (t) => {
    const clock = new FakeClock()
    const store = new MemoryStore({ clock })
    const plugins = allPlugins().map((plugin) => (plugin.name === name ? erasing(plugin, undefined) : plugin))
    const server = await serveAll(t, { storage: sharedStorage(store), clock, plugins })
    const { gone } = await live(server)
    await server.chat.users.erase(gone.id)
    const left = await residueInStore(store, [gone.id, ...Object.values(marks)])
    t.true(
      left.some(({ where }) => where.startsWith(name === 'offline' ? 'entry' : `row ${name}.`)),
      JSON.stringify(left),
    )
  })
}

interface Step {
  readonly name: string
  run(place: string | undefined): Promise<string | undefined>
}

test('a server that dies in every part of an erasure goes on at its next start, until nothing is left', async (t) => {
  const clock = new FakeClock()
  const store = new MemoryStore({ clock })
  const first = await serveAll(t, { storage: sharedStorage(store), clock })
  const { gone } = await live(first)
  await first.chat.stop()

  const died: string[] = []
  const begin = async (lives = 1) => {
    let parts = 0
    // What is done of a part is done, but that it is done is not stored.
    const dying =
      (handler: (value: never) => readonly Step[]) =>
      (value: never): readonly Step[] =>
        handler(value).map((step) => ({
          ...step,
          async run(place: string | undefined) {
            const next = await step.run(place)
            parts += 1
            if (parts <= lives) return next
            died.push(step.name)
            throw new Error('the server dies')
          },
        }))
    const plugins = allPlugins().map((plugin) => erasing(plugin, dying as never))
    return serveAll(t, { storage: sharedStorage(store), clock, plugins })
  }
  const asked = await begin(0)
  await t.throwsAsync(asked.chat.users.erase(gone.id))
  await asked.chat.stop()
  const under = async () => (await store.inventory()).models.some(({ plugin }) => plugin === 'core')
  for (let starts = 0; await under(); starts++) {
    t.true(starts < 200)
    const before = died.length
    const server = await begin()
    // It is asked for by nobody: what was recorded is gone on with.
    while (died.length === before && (await under())) await new Promise(setImmediate)
    await server.chat.stop()
  }
  t.true(died.length > 20, `it died ${died.length} times`)
  const names = ['auth.close', 'auth.account', 'friends.pairs', 'friends.lists', 'friends.own', 'presence.settings']
  names.push('actions.scheduled', 'actions.addressed', 'search.words')
  names.push('actions.own', 'actions.pending', 'groups.leave', 'groups.entries', 'offline.entries', 'offline.own')
  t.deepEqual([...new Set(died)].sort(), names.sort(), 'in each of its steps')
  const left = await residueInStore(store, [gone.id, ...Object.values(marks)])
  t.deepEqual(
    left.filter(({ where }) => !where.startsWith('kv')),
    [],
  )
})

test('every model and key space of every plugin says what it holds of people', async (t) => {
  const { chat } = await serveAll(t, { storage: sharedStorage(new MemoryStore({ clock: new FakeClock() })) })
  const silent = chat.users.holds().filter(({ personal }) => personal === undefined)
  t.deepEqual(
    silent,
    [],
    "write personal: { field: 'what it is' }, or 'none', and answer userData and userErased for it",
  )
  t.true(chat.users.holds().length > 15)
  const page = readFileSync(new URL('../../../../../docs/personal-data.md', import.meta.url), 'utf8')
  const rows = page.split('\n').map((row) => row.split('|').map((cell) => cell.trim()))
  for (const { plugin, kind, name, personal } of chat.users.holds()) {
    const row = rows.find(
      ([, by, what]) => by === `\`${plugin}\`` && what === `${kind === 'keys' ? 'keys ' : ''}\`${name}\``,
    )
    const told = Object.entries(personal === 'none' ? {} : personal!).map(([field, text]) =>
      kind === 'keys' ? text : `\`${field}\`: ${text}`,
    )
    t.is(row?.[3], told.join('; ') || 'nothing', `docs/personal-data.md tells of ${plugin}.${name}`)
  }
})
