import test from 'ava'
import fc from 'fast-check'
import { FakeClock, MemoryStore } from '@natter/testkit'
import { configSchema, openStore } from '@natter/storage-sql'
import { picture, step } from './log-steps.js'

test('whatever is asked of it, one by one or together, SQLite answers as the store in memory does', async (t) => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 10 }),
      async (rounds) => {
        const clock = new FakeClock()
        const memory = new MemoryStore({ clock })
        const sqlite = await openStore(configSchema.parse({ url: 'sqlite::memory:' }), clock)
        try {
          await sqlite.prepare([], [])
          for (const round of rounds) {
            // reads of a round may come before or behind its writes, so their answers are compared only when alone
            const writes = round.length === 1 ? round : round.filter(([name]) => !name.startsWith('range'))
            const [expected, found] = await Promise.all(
              [memory.log, sqlite.log].map((log) => Promise.all(writes.map(([, run]) => run(log)))),
            )
            t.deepEqual(found, expected, writes.map(([name]) => name).join('\n'))
          }
          t.deepEqual(await picture(sqlite), await picture(memory))
        } finally {
          await sqlite.close()
        }
      },
    ),
    { numRuns: 80, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) },
  )
})
