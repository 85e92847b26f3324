import test from 'ava'
import fc from 'fast-check'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { configSchema, openStore } from '@natter/storage-sql'
import { models, picture, round } from './row-steps.js'

test('rows and keys are the same in SQLite as in memory, whatever is asked, one by one or together', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 12 }), async (rounds) => {
      const clock = new FakeClock()
      const memory = new MemoryStore({ clock })
      const sqlite = await openStore(configSchema.parse({ url: 'sqlite::memory:' }), clock)
      try {
        for (const store of [memory, sqlite]) await store.prepare(models, [])
        for (const { steps: all, pass } of rounds) {
          for (const reads of [false, true]) {
            const asked = all.filter((each) => each.reads === reads)
            const [expected, found] = await Promise.all(
              [memory, sqlite].map((store) => Promise.all(asked.map((each) => each.run(store)))),
            )
            t.deepEqual(found, expected, asked.map((each) => each.name).join('\n'))
          }
          clock.jump(pass)
        }
        t.deepEqual(await picture(sqlite), await picture(memory))
      } finally {
        await sqlite.close()
      }
    }),
    { numRuns: 60, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
  )
})
