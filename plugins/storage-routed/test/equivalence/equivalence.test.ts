import { readFile } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import { kindsOf } from './kinds.js'
import { play } from './play.js'
import type { Step, Weather } from './play.js'
import type { Case, Rows } from './row.js'
import { parts } from './rows/rows.js'
import { openTown } from './town.js'

/** So many random interleavings of all there is, and by which seed. */
const onRealStore = process.env['TEST_STORAGE'] !== undefined
const runs = Number(process.env['NATTER_EQUIVALENCE_RUNS'] ?? 1)
const seed = Number(process.env['NATTER_EQUIVALENCE_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

const ends: (() => unknown)[] = []
const opening = openTown({ teardown: (end) => void ends.push(end) })
test.after.always('the town closes', async () => {
  for (const end of ends.reverse()) await end()
})

const casesOf = (rows: Rows): readonly Case[] => [...new Set(Object.values(rows).flat())]
const all = casesOf(Object.assign({}, ...Object.values(parts)) as Rows)
const kindsIn = (some: readonly Rows[]) => some.flatMap((rows) => Object.keys(rows)).toSorted()

test.serial('the plugins are those of the starter', async (t) => {
  const { chat } = await opening
  const source = await readFile(new URL('../../../../../starter/src/server.ts', import.meta.url), 'utf8')
  const packages = [...source.matchAll(/from '@natter\/(\w+)'/g)].map(([, name]) => name!)
  t.deepEqual(
    packages.filter((name) => name !== 'core' && !chat.plugins.includes(name)),
    [],
  )
})

test.serial('each kind of event and entry has its row, and each row its kind', async (t) => {
  t.deepEqual(kindsIn(Object.values(parts)), kindsOf(await opening.then(({ chat }) => chat)))
})

async function eventsOf() {
  const { chat } = await opening
  const { components } = chat.asyncApi() as { components: { schemas: object } }
  return Object.keys(components.schemas).flatMap((name) => /^(.*)\.payload$/.exec(name)?.[1] ?? [])
}

if (!onRealStore) {
  for (const [name, rows] of Object.entries(parts)) {
    const cases = casesOf(rows)
    for (const weather of ['calm', 'away'] as const) {
      test.serial(`${name}, ${weather}: behind each event a device has what a fresh one has`, async (t) => {
        // Away, several together: each alone is what a device is told that is there.
        const compared = (i: number) => weather === 'calm' || i % 4 === 0
        const steps = cases.map((_, plays): Step => ({ plays, weather, compared: compared(plays) }))
        const { happened } = await play(t, await opening, { cases, steps, events: await eventsOf() })
        t.deepEqual(
          Object.keys(rows).filter((kind) => !happened.has(kind)),
          [],
          'what a row names did not happen',
        )
      })
    }
  }
}

const weather: fc.Arbitrary<Weather> = fc.oneof(
  { weight: 3, arbitrary: fc.constant<Weather>('calm') },
  { weight: 3, arbitrary: fc.constantFrom<Weather>('away', 'back', 'cut', 'blink') },
  { weight: 1, arbitrary: fc.nat(12) },
)
/** All of it, in any order, some at a time. */
const together = 28
const plan = fc
  .tuple(
    fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
    fc.array(fc.tuple(weather, fc.nat(14)), { minLength: all.length, maxLength: all.length }),
  )
  .map(([order, meanwhile]) => {
    const steps = order.map((plays, i): Step => ({
      plays,
      weather: meanwhile[i]![0],
      compared: meanwhile[i]![1] === 0,
    }))
    return Array.from({ length: Math.ceil(steps.length / together) }, (_, i) =>
      steps.slice(i * together, (i + 1) * together),
    )
  })

test.serial('in any order and any weather a device has in the end what a fresh one has', async (t) => {
  t.timeout(300_000)
  t.log(`${runs} runs of ${all.length} cases, NATTER_EQUIVALENCE_SEED=${seed}`)
  let compared = 0
  await fc.assert(
    fc.asyncProperty(plan, async (scenes) => {
      const happened = new Set<string>()
      for (const steps of scenes) {
        const played = await play(t, await opening, { cases: all, steps, events: await eventsOf() })
        compared += played.compared
        for (const kind of played.happened) happened.add(kind)
      }
      t.deepEqual(
        kindsIn(Object.values(parts)).filter((kind) => !happened.has(kind)),
        [],
        'what a row names did not happen',
      )
    }),
    // Smaller than all of it is no plan: what went wrong is said by the step behind which it did.
    { numRuns: runs, seed, endOnFailure: true, includeErrorInReport: true },
  )
  t.true(compared >= runs)
})
