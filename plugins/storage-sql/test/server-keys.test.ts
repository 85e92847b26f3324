import test from 'ava'
import { FakeClock } from '@natter/testkit'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const rounds = 20
const together = 40

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  test(`${kind}: a key that comes and goes meanwhile is set all the same`, async (t) => {
    const url = await server.database()
    const stores = await Promise.all([1, 2].map(() => openUrl(url, { models: [], clock: new FakeClock() })))
    t.teardown(() => Promise.all(stores.map((store) => store.close())))
    for (let round = 0; round < rounds; round++) {
      const done = await Promise.allSettled(
        Array.from({ length: together }, (_, n) => {
          const kv = stores[n % 2]!.kv('suite')
          return n % 3 ? kv.set('k', String(n)) : kv.delete('k')
        }),
      )
      t.deepEqual(
        done.filter(({ status }) => status === 'rejected'),
        [],
      )
    }
  })
})
