import { FakeClock } from '../fake-clock.js'
import type { Race } from './races.js'
import { count, race, runRaces } from './races.js'
import type { Suite } from './suite.js'

const races: readonly Race[] = [
  {
    title: 'of many who add one key of a key space one succeeds, and of many takers one gets it',
    async run(t, stores, space) {
      const added = await race(stores, (store, n) => store.kv(space).add('k', `by ${n}`))
      t.is(count(added, true), 1)
      const taken = await race(stores, (store) => store.kv(space).take('k'))
      t.deepEqual(taken.filter(Boolean), [`by ${added.indexOf(true) + 1}`])
    },
  },

  {
    title: 'a key that many set, add and delete is taken as often as it was put, and is whole',
    async run(t, stores, space) {
      await race(stores, (store, n) => {
        const kv = store.kv(space)
        return n % 3 ? kv.set('k', String(n).repeat(99)) : kv.delete('k')
      })
      const whole = await stores[1].kv(space).get('k')
      t.true(whole === undefined || /^(\d+?)\1{98}$/.test(whole), whole)
      await stores[0].kv(space).set('k', 'last')
      const moves = await race(stores, async (store, n) => {
        const kv = store.kv(space)
        return Promise.all([kv.take('k'), kv.add('k', `by ${n}`)])
      })
      const rest = await stores[1].kv(space).take('k')
      const put = ['last', ...moves.flatMap(([, added], n) => (added ? [`by ${n + 1}`] : []))]
      const taken = [...moves.map(([value]) => value), rest].filter((value) => value !== undefined)
      t.deepEqual(taken.toSorted(), put.toSorted())
    },
  },
]

export function keyRaces(suite: Suite): void {
  const { test, open } = suite
  runRaces(suite, 'keys', races)

  test('of many who add a key whose value has ended one succeeds', async (t) => {
    const clock = new FakeClock()
    const storage = await open(t, { clock })
    await storage.kv('suite').set('k', 'old', { ttlMs: 10 })
    await clock.advance(10)
    const added = await race([storage, storage], (store, n) => store.kv('suite').add('k', `by ${n}`, { ttlMs: 5 }))
    t.is(count(added, true), 1)
    t.is(await storage.kv('suite').get('k'), `by ${added.indexOf(true) + 1}`)
  })
}
