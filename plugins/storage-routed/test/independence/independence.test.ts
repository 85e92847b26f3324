import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'ava'
import Koa from 'koa'
import { auth } from '@natter/auth'
import type { Chat, Plugin } from '@natter/core'
import { offline } from '@natter/offline'
import { storageSql } from '@natter/storage-sql'
import { createTestChat, createTestServer, memoryStorage } from '@natter/testkit'
import type { RawRefusal, TestContext } from '@natter/testkit'
import { declaredBy, halves, names, pluginsOf, sets } from './sets.js'
import type { Halves } from './sets.js'
import { chaptersOf, story } from './story.js'

const stores: Readonly<Record<string, (t: TestContext) => Plugin>> = {
  memory: () => memoryStorage(),
  sqlite(t) {
    const folder = mkdtempSync(join(tmpdir(), 'natter-independence-'))
    t.teardown(() => rmSync(folder, { recursive: true, force: true }))
    return storageSql({ url: `sqlite:${join(folder, 'chat.db')}` })
  },
}

for (const [store, storage] of Object.entries(stores)) {
  for (const { called, set } of sets) {
    const absent = names.filter((name) => !set.includes(name))

    test(`${store}, ${called}: the story of what is left ends as ever, and the rest is answered as absent`, async (t) => {
      const server = await createTestServer(t, { plugins: [offline(), ...pluginsOf(set)], storage: storage(t) })
      const { clock } = server
      const all = halves(clock)
      // An app that has the client halves of everything, and apps that have those of what the server has.
      const some = all.filter(({ name }) => name === 'offline' || (set as readonly string[]).includes(name))
      const person = (name: string, plugins: object = some) => server.client(name, { plugins: plugins as Halves })
      const alice = await person('alice', all)
      const [bob, carol, dave] = [await person('bob'), await person('carol'), await person('dave')]
      const cast = { clock, alice, bob, carol, dave }
      for (const { title, chapter, ends } of chaptersOf(set)) t.deepEqual(await chapter.run(cast), ends, title)

      const device = await server.device('eve')
      for (const plugin of absent) {
        for (const name of declaredBy(plugin, 'command')) {
          const error = await t.throwsAsync<RawRefusal>(
            device.request(name, {}),
            { code: 'NATTER_PLUGIN_ABSENT' },
            name,
          )
          t.like(error?.shape, { details: { plugin } })
        }
        for (const name of declaredBy(plugin, 'body')) {
          await t.throwsAsync(device.message({ user: 'bob' }, { type: name }), { code: 'NATTER_UNKNOWN_BODY' }, name)
        }
      }
      t.is(alice.status.get().link, 'online')
    })
  }
}

type Paths = Readonly<Record<string, Readonly<Record<string, { readonly operationId: string }>>>>

for (const { called, set } of sets) {
  test(`with accounts, ${called}: the server is ready, and its documents name what it has and nothing else`, async (t) => {
    const { chat } = await createTestChat(t, { identity: null, plugins: [auth(), offline(), ...pluginsOf(set)] })
    const app = new Koa()
    app.use((chat as unknown as Chat).middleware())
    const server = createServer(app.callback()).listen(0, '127.0.0.1')
    server.keepAliveTimeout = 0
    await once(server, 'listening')
    t.teardown(() => server.close().closeAllConnections())
    const get = (path: string) => fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/chat/${path}`)
    t.is((await get('readyz')).status, 200)
    const open = (await (await get('openapi.json')).json()) as { readonly paths: Paths }
    const async = (await (await get('asyncapi.json')).json()) as { readonly components: { readonly schemas: object } }
    const paths = Object.keys(open.paths).map((path) => path.split('/')[1])
    const routes = Object.values(open.paths).flatMap((methods) => Object.values(methods))
    const operations = routes.map(({ operationId }) => operationId)
    const schemas = Object.keys(async.components.schemas)
    t.true(paths.includes('auth'))
    for (const plugin of names) {
      const declared = [
        ...declaredBy(plugin, 'command').map((name) => `${name}.input`),
        ...declaredBy(plugin, 'event').map((name) => `${name}.payload`),
      ]
      t.true(declared.length > 1)
      if (set.includes(plugin)) {
        t.deepEqual(
          declared.filter((name) => !schemas.includes(name)),
          [],
        )
        t.deepEqual(
          declaredBy(plugin, 'route').filter((name) => !operations.includes(name)),
          [],
        )
        continue
      }
      t.deepEqual(
        schemas.filter((name) => name.startsWith(`${plugin}.`)),
        [],
      )
      t.false(paths.includes(plugin))
      const text = JSON.stringify([open, async])
      t.false(text.includes(`${plugin.toUpperCase()}_`), `no error of ${plugin}`)
      t.false(text.includes(`"${plugin}.`), `no name of ${plugin}`)
      t.is((await get(plugin)).status, 404)
    }
  })
}

test('the story needs each plugin, each beside another where they meet, and tells what each changes elsewhere', (t) => {
  const needed = Object.values(story).map(({ needs }) => needs.toSorted().join(' and '))
  for (const name of names) t.true(needed.includes(name), name)
  for (const pair of ['actions and groups', 'groups and presence', 'groups and search', 'actions and search']) {
    t.true(needed.includes(pair), pair)
  }
  const reasons = Object.values(story).flatMap(({ without }) => Object.values(without ?? {}))
  t.true(reasons.every(({ because }) => because.length > 0))
})

test('none needs another of them, and what each wants of another is one service', (t) => {
  const tokens = (given: object | undefined) => Object.values(given ?? {}) as readonly unknown[]
  const specs = pluginsOf(names).map(({ name, spec }) => ({ name, spec }))
  const providerOf = (token: unknown) =>
    specs.flatMap(({ name, spec }) => (tokens(spec.provides).includes(token) ? [name] : []))
  const on = (kind: 'needs' | 'wants') =>
    specs.flatMap(({ name, spec }) =>
      tokens(spec[kind])
        .flatMap(providerOf)
        .map((other) => `${name} ${other}`),
    )
  t.deepEqual(on('needs'), [])
  t.deepEqual(on('wants'), ['presence friends', 'groups friends', 'actions groups'])
})
