import test from 'ava'
import * as fc from 'fast-check'
import { hook, token } from '@natter/core/contract'
import type { Token } from '@natter/core/contract'
import { setUp, setupOf } from './harness.js'
import type { Plugin } from '#src/kernel/plugin.js'
import { findProviders, sortPlugins } from '#src/kernel/sort-plugins.js'

const service = (name: string): Token => token(name).of<object>()
/** A plugin that provides a service of its name and needs those of others. */
const node = (name: string, needs: readonly string[], wants: readonly string[] = []): Plugin =>
  setupOf(name, (api) => api.provide(service(name), () => ({})), {
    needs: Object.fromEntries(needs.map((need) => [need, service(need)])),
    wants: Object.fromEntries(wants.map((want) => [want, service(want)])),
    provides: [service(name)],
  })
const sorted = (plugins: readonly Plugin[]) =>
  sortPlugins(plugins, findProviders(plugins, [], []), () => false).map(({ name }) => name)

/** For each plugin, those it depends on; an edge only ever points to a lower rank, and ranks are listed in any order. */
const acyclic = fc
  .integer({ min: 1, max: 12 })
  .chain((count) =>
    fc.record({
      listed: fc.shuffledSubarray(
        Array.from({ length: count }, (_, i) => i),
        { minLength: count, maxLength: count },
      ),
      edges: fc.array(fc.tuple(fc.nat(count - 1), fc.nat(count - 1)), { maxLength: count * 2 }),
    }),
  )
  .map(({ listed, edges }) => {
    const down = edges.filter(([from, to]) => from > to)
    return listed.map((rank) => ({
      name: `p${rank}`,
      needs: [...new Set(down.filter(([from]) => from === rank).map(([, to]) => `p${to}`))],
    }))
  })

test('any graph without a circle is ordered: each plugin after those it needs, ties as listed', (t) => {
  fc.assert(
    fc.property(acyclic, (graph) => {
      const order = sorted(graph.map(({ name, needs }) => node(name, needs)))
      const before = new Map(graph.map(({ name, needs }) => [name, needs]))
      const expected: string[] = []
      // The definition, written down naively: of those whose needs are met, the first listed comes next.
      while (expected.length < graph.length) {
        const next = graph.find(
          ({ name }) => !expected.includes(name) && before.get(name)?.every((need) => expected.includes(need)),
        )
        expected.push(next?.name ?? 'none')
      }
      t.deepEqual(order, expected)
    }),
  )
})

test('plugins that need nothing of each other stay as listed', (t) => {
  fc.assert(
    fc.property(fc.uniqueArray(fc.stringMatching(/^[a-z][a-z0-9]{0,8}$/), { minLength: 1 }), (names) => {
      t.deepEqual(sorted(names.map((name) => node(name, []))), names)
    }),
  )
})

test('any graph with a circle is refused with a path that is one', (t) => {
  fc.assert(
    fc.property(acyclic, fc.integer({ min: 1, max: 6 }), (graph, length) => {
      const ring = Array.from({ length }, (_, i) => node(`r${i}`, [`r${(i + 1) % length}`]))
      const error = t.throws(() => sorted([...graph.map(({ name, needs }) => node(name, needs)), ...ring]), {
        code: 'NATTER_PLUGIN_CYCLE',
      })
      const hops = [...(error?.message ?? '').matchAll(/(r\d) needs "r\d" of (r\d)/g)].map(([, a, b]) => [a, b])
      t.is(hops.length, length)
      for (const [i, [, to]] of hops.entries()) t.is(to, hops[(i + 1) % length]?.[0])
    }),
  )
})

test('a wish orders plugins like a need, and is nothing where nobody provides it', (t) => {
  t.deepEqual(sorted([node('a', [], ['b', 'nobody']), node('b', [])]), ['b', 'a'])
})

const opened = hook.notify<string[]>('door.opened')
const orderOf = async (handlers: readonly { name: string; before?: string[]; after?: string[] }[]) => {
  const plugins = handlers.map(({ name, ...order }) =>
    setupOf(name, (api) => api.hook(opened, (seen) => void seen.push(name), order)),
  )
  const { kernel } = await setUp(plugins)
  const seen: string[] = []
  kernel.run(opened)(seen, undefined)
  return seen
}

test('handlers run in the order of their plugins', async (t) => {
  t.deepEqual(await orderOf([{ name: 'a' }, { name: 'b' }, { name: 'c' }]), ['a', 'b', 'c'])
})

test('before and after move a handler; names that are absent are ignored', async (t) => {
  t.deepEqual(await orderOf([{ name: 'a' }, { name: 'b' }, { name: 'c', before: ['a', 'nobody'] }]), ['b', 'c', 'a'])
  t.deepEqual(await orderOf([{ name: 'a', after: ['c', 'nobody'] }, { name: 'b' }, { name: 'c' }]), ['b', 'c', 'a'])
})

test('handlers of one plugin run as they were registered', async (t) => {
  const seen: string[] = []
  const plugin = setupOf('a', (api) => {
    api.hook(opened, () => void seen.push('first'))
    api.hook(opened, () => void seen.push('second'))
  })
  const { kernel } = await setUp([plugin])
  kernel.run(opened)([], undefined)
  t.deepEqual(seen, ['first', 'second'])
})

test('handlers follow the order of plugins as they boot, not as they are listed', async (t) => {
  const seen: string[] = []
  const late = setupOf('late', (api) => api.hook(opened, () => void seen.push('late')), {
    needs: { early: service('early') },
  })
  const early = setupOf(
    'early',
    (api) => {
      api.provide(service('early'), () => ({}))
      api.hook(opened, () => void seen.push('early'))
    },
    { provides: [service('early')] },
  )
  const { kernel } = await setUp([late, early])
  kernel.run(opened)([], undefined)
  t.deepEqual(seen, ['early', 'late'])
})

const orders = fc.array(
  fc.record({
    before: fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4']),
    after: fc.subarray(['p0', 'p1', 'p2', 'p3', 'p4']),
  }),
  { minLength: 1, maxLength: 5 },
)

test('any set of before and after gives an order that keeps all of them, or a circle', async (t) => {
  await fc.assert(
    fc.asyncProperty(orders, async (given) => {
      const handlers = given.map((order, i) => ({ name: `p${i}`, ...order }))
      const ran = await orderOf(handlers).catch((error: { code: string }) => error)
      if (!Array.isArray(ran)) {
        t.is(ran.code, 'NATTER_HOOK_CYCLE')
        return
      }
      const place = (name: string) => ran.indexOf(name)
      t.deepEqual(
        ran.toSorted(),
        handlers.map(({ name }) => name),
      )
      for (const { name, before, after } of handlers) {
        for (const other of before) if (place(other) >= 0) t.true(place(name) < place(other))
        for (const other of after) if (place(other) >= 0) t.true(place(name) > place(other))
      }
    }),
  )
})
