import { field, model } from '@natter/core/contract'
import type { Storage } from '@natter/core/contract'
import type { Race } from './races.js'
import { count, race, runRaces } from './races.js'
import type { Suite } from './suite.js'
import { numbers } from './suite.js'

const stock = model('stock', {
  fields: { id: field.id(), left: field.int(), owner: field.id({ optional: true }), tag: field.id({ optional: true }) },
  key: ['id'],
  unique: [['tag']],
})
const codeOf = (error: { readonly code?: string }) => error.code

const races: readonly Race[] = [
  {
    title: 'of many inserts of one key exactly one stores its row',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      const answers = await race(stores, (store, left) => of(store).insert({ id: 'x', left }))
      t.is(count(answers, 'inserted'), 1)
      t.is((await of(stores[0]).get({ id: 'x' }))?.left, answers.indexOf('inserted') + 1)
    },
  },

  {
    title: 'of many inserts with one unique value exactly one stores its row',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      const answers = await race(stores, (store, left) => of(store).insert({ id: `x${left}`, left, tag: 'only' }))
      t.is(count(answers, 'inserted'), 1)
      t.is(count(answers, 'exists'), 23)
      const found = await of(stores[0]).page({ tag: 'only' })
      t.deepEqual(
        found.rows.map(({ id }) => id),
        [`x${answers.indexOf('inserted') + 1}`],
      )
      t.is(await of(stores[1]).remove({ id: { gte: '0' } }), 1)
    },
  },

  {
    title: 'of many upserts and changes that want one unique value exactly one gets it',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      for (const n of numbers(1, 24)) await of(stores[0]).insert({ id: `x${n}`, left: n })
      const wanted = await race(stores, (store, left) => {
        const row = { id: `x${left}`, left, tag: 'only' }
        const change = left % 3 ? of(store).updateIf({ id: row.id }, { tag: row.tag }) : of(store).upsert(row)
        return change.then(() => 'has', codeOf)
      })
      t.is(count(wanted, 'has'), 1)
      t.is(count(wanted, 'STORAGE_EXISTS'), 23)
      const { rows } = await of(stores[1]).page({ tag: 'only' })
      const left = wanted.indexOf('has') + 1
      t.deepEqual(rows, [{ id: `x${left}`, left, tag: 'only' }])
    },
  },

  {
    title: 'no addition of many is lost',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await of(stores[0]).insert({ id: 'x', left: 0 })
      const rows = await race(stores, (store, left) => of(store).updateIf({ id: 'x' }, {}, { left }))
      t.is((await of(stores[0]).get({ id: 'x' }))?.left, 300)
      t.is(new Set(rows.map((row) => row?.left)).size, 24)
    },
  },

  {
    title: 'a condition that comes and goes meanwhile is no sum out of range',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await of(stores[0]).insert({ id: 'x', left: 0, owner: 'a' })
      const turned = await race(stores, async (store, n) => {
        const [from, to] = n % 2 ? ['a', 'b'] : ['b', 'a']
        let changed = 0
        for (const _ of numbers(1, 20))
          if (await of(store).updateIf({ id: 'x', owner: from }, { owner: to }, { left: 1 })) changed += 1
        return changed
      })
      const all = turned.reduce((sum, changed) => sum + changed, 0)
      t.true(all > 0)
      t.is((await of(stores[1]).get({ id: 'x' }))?.left, all)
    },
  },

  {
    title: 'a conditional addition never goes beyond its condition',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await of(stores[0]).insert({ id: 'x', left: 7 })
      const taken = await race(stores, (store) => of(store).updateIf({ id: 'x', left: { gt: 0 } }, {}, { left: -1 }))
      t.deepEqual(taken.flatMap((row) => (row ? [row.left] : [])).sort(), numbers(0, 6))
      t.is((await of(stores[1]).get({ id: 'x' }))?.left, 0)
    },
  },

  {
    title: 'of many conditional updates from one state exactly one happens',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await of(stores[0]).insert({ id: 'x', left: 1 })
      const won = await race(stores, (store, n) =>
        of(store).updateIf({ id: 'x', left: 1 }, { left: 2, owner: `u${n}` }),
      )
      t.is(won.filter(Boolean).length, 1)
      t.is((await of(stores[1]).get({ id: 'x' }))?.owner, won.find(Boolean)?.owner)
    },
  },

  {
    title: 'of many takers one gets the row',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await of(stores[0]).insert({ id: 'x', left: 1 })
      await of(stores[0]).insert({ id: 'y', left: 1, owner: 'me' })
      const taken = await race(stores, (store, n) =>
        n % 3 ? of(store).take({ id: 'x' }) : of(store).take({ id: 'y', owner: n % 2 ? 'me' : 'you' }),
      )
      t.deepEqual(taken.flatMap((row) => (row ? [row.id] : [])).sort(), ['x', 'y'])
    },
  },

  {
    title: 'rows that many put and take are taken as often as they were put',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      const moves = await race(stores, async (store, left) => {
        const [put, taken] = await Promise.all([of(store).insert({ id: 'x', left }), of(store).take({ id: 'x' })])
        return [put === 'inserted' ? left : 0, taken?.left ?? 0] as const
      })
      const rest = await of(stores[1]).take({ id: 'x' })
      const put = moves.map(([left]) => left).filter(Boolean)
      const taken = [...moves.map(([, left]) => left), rest?.left ?? 0].filter(Boolean)
      t.deepEqual(taken.sort(), put.sort())
      t.true(put.length > 0)
    },
  },

  {
    title: 'many upserts of one key leave one whole row',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await race(stores, (store, left) => of(store).upsert({ id: 'x', left, owner: `u${left}` }))
      const row = await of(stores[0]).get({ id: 'x' })
      t.is(row?.owner, `u${row?.left}`)
      t.is(await of(stores[1]).remove({ id: { gte: '0' } }), 1)
    },
  },

  {
    title: 'many removals of the same rows count each row once',
    async run(t, stores, plugin) {
      const of = (store: Storage) => store.records(plugin, stock)
      await race(stores, (store, left) => of(store).insert({ id: `x${left}`, left }))
      const counts = await race(stores, (store) => of(store).remove({ id: { gte: 'x' } }))
      t.is(
        counts.reduce((sum, n) => sum + n),
        24,
      )
    },
  },
]

export function recordRaces(suite: Suite): void {
  runRaces(suite, 'rows', races, (plugin) => [{ plugin, model: stock }])
}
