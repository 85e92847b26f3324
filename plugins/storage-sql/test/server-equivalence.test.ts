import test from 'ava'
import fc from 'fast-check'
import type { Log } from '@natter/core/contract'
import { FakeClock, MemoryStore } from '@natter/testkit'
import type { SqlStore } from '@natter/storage-sql'
import { picture, step } from './log-steps.js'
import type { Picture, Step } from './log-steps.js'
import { models, picture as rowPicture, round } from './row-steps.js'
import { onServers } from './server-store.js'
import { openUrl } from './temp-store.js'

const runs = { numRuns: 25, ...(process.env['SEED'] && { seed: Number(process.env['SEED']) }) }

/** What does not depend on which lane was faster: conversations change in an order of their own, and only theirs is fixed. */
function unordered(seen: Picture): unknown {
  const plain = (list: readonly { readonly conversation: string }[]) =>
    list.map((each) => ({ ...each, mark: 0 })).toSorted((a, b) => (a.conversation < b.conversation ? -1 : 1))
  return { ...seen, latest: 0, changed: plain(seen.changed), states: seen.states.map(plain) }
}

/** Marks are an order, and may leave places out: on MariaDB each answer to a retry takes one. */
function ranked(seen: Picture): unknown {
  const marks = [...seen.changed, ...seen.states.flat()].map(({ mark }) => mark)
  const order = [...new Set(marks)].toSorted((a, b) => a - b)
  const plain = <T extends { readonly mark: number }>(list: readonly T[]) =>
    list.map((each) => ({ ...each, mark: order.indexOf(each.mark) }))
  const latest = order.filter((mark) => mark <= seen.latest).length
  return { ...seen, latest, changed: plain(seen.changed), states: seen.states.map(plain) }
}

await onServers(test, ['postgres', 'mariadb'], (server, kind) => {
  /** Many small stores in one database, each by its prefix. */
  let stores = 0
  let url: Promise<string> | undefined
  const newStore = async (setting: Parameters<typeof openUrl>[1]): Promise<SqlStore> =>
    openUrl(await (url ??= server.database()), setting, { prefix: `s${++stores}_`, connections: 4 })

  async function both(run: (memory: MemoryStore, store: SqlStore, clock: FakeClock) => Promise<void>, own = models) {
    const clock = new FakeClock()
    const memory = new MemoryStore({ clock })
    const store = await newStore({ models: own, clock })
    try {
      await memory.prepare(own, [])
      await run(memory, store, clock)
    } finally {
      await store.close()
    }
  }
  const answers = (log: Log, steps: readonly (readonly [string, Step])[]) =>
    Promise.all(steps.map(([, run]) => run(log)))

  test.serial(
    `${kind}: asked one by one, the log answers as the store in memory does, the order of marks too`,
    async (t) => {
      await fc.assert(
        fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 25 }), (steps) =>
          both(async (memory, store) => {
            for (const each of steps) {
              const [expected] = await answers(memory.log, [each])
              const [found] = await answers(store.log, [each])
              t.deepEqual(found, expected, each[0])
            }
            t.deepEqual(ranked(await picture(store)), ranked(await picture(memory)))
          }, []),
        ),
        runs,
      )
    },
  )

  test.serial(`${kind}: asked together, the log answers as the store in memory does`, async (t) => {
    const rounds = fc.array(fc.array(step, { minLength: 2, maxLength: 9 }), { minLength: 1, maxLength: 6 })
    await fc.assert(
      fc.asyncProperty(rounds, (all) =>
        both(async (memory, store) => {
          for (const each of all) {
            const writes = each.filter(([name]) => !name.startsWith('range'))
            const expected = await answers(memory.log, writes)
            t.deepEqual(await answers(store.log, writes), expected, writes.map(([name]) => name).join('\n'))
          }
          t.deepEqual(unordered(await picture(store)), unordered(await picture(memory)))
        }, []),
      ),
      runs,
    )
  })

  test.serial(`${kind}: rows and keys are the same as in memory, whatever is asked`, async (t) => {
    await fc.assert(
      fc.asyncProperty(fc.array(round, { minLength: 1, maxLength: 8 }), (rounds) =>
        both(async (memory, store, clock) => {
          for (const { steps, pass } of rounds) {
            // they have connections of their own, so only one by one is their order the same
            for (const each of steps) t.deepEqual(await each.run(store), await each.run(memory), each.name)
            clock.jump(pass)
          }
          t.deepEqual(await rowPicture(store), await rowPicture(memory))
        }),
      ),
      runs,
    )
  })
})
