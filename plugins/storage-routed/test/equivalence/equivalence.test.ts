import { readFile } from 'node:fs/promises'
import test from 'ava'
import fc from 'fast-check'
import type { Chat } from '@natter/core'
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

const casesOf = (rows: Rows): readonly Case[] => [...new Set(Object.values(rows).flat())]
const rows: Rows = Object.assign({}, ...Object.values(parts))
const all = casesOf(rows)
function eventsOf(chat: Chat) {
  const { components } = chat.asyncApi() as { components: { schemas: object } }
  return Object.keys(components.schemas).flatMap((name) => /^(.*)\.payload$/.exec(name)?.[1] ?? [])
}

if (!onRealStore) {
  test.serial('the plugins are those of the starter', async (t) => {
    const { chat } = await openTown(t)
    const source = await readFile(new URL('../../../../../starter/src/server.ts', import.meta.url), 'utf8')
    const packages = [...source.matchAll(/from '@natter\/(\w+)'/g)].map(([, name]) => name!)
    t.deepEqual(
      packages.filter((name) => name !== 'core' && !chat.plugins.includes(name)),
      [],
    )
  })

  test.serial('each kind of event and entry has its row, and each row its kind', async (t) => {
    const { chat } = await openTown(t)
    t.deepEqual(
      Object.values(parts)
        .flatMap((part) => Object.keys(part))
        .toSorted(),
      kindsOf(chat),
    )
  })

  for (const [name, part] of Object.entries(parts)) {
    const cases = casesOf(part)
    for (const before of ['calm', 'away'] as const) {
      test.serial(`${name}, ${before}: behind each event a device has what a fresh one has`, async (t) => {
        t.timeout(600_000)
        const town = await openTown(t)
        // What follows can bring what was lost before it, so each is looked at; all that was missed comes together.
        const steps = cases.map((_, plays): Step => ({ plays, weather: before, compared: before === 'calm' }))
        const { happened } = await play(t, town, { cases, steps, events: eventsOf(town.chat) })
        t.deepEqual(
          Object.keys(part).filter((kind) => !happened.has(kind)),
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
/** So many at a time. */
const together = 28

/** Each kind in one of the ways in which it happens, in any order. */
const plan = fc
  .tuple(
    fc.shuffledSubarray([...all.keys()], { minLength: all.length }),
    fc.array(fc.tuple(weather, fc.nat(29)), { minLength: all.length, maxLength: all.length }),
  )
  .map(([order, meanwhile]) => {
    const steps = onePerKind(order).map((plays, i): Step => {
      const [before, compared] = meanwhile[i]!
      return { plays, weather: before, compared: compared === 0 }
    })
    return Array.from({ length: Math.ceil(steps.length / together) }, (_, i) =>
      steps.slice(i * together, (i + 1) * together),
    )
  })

function onePerKind(order: readonly number[]): readonly number[] {
  const missing = new Map(Object.entries(rows))
  return order.filter((plays) => {
    const kinds = [...missing].filter(([, cases]) => cases.includes(all[plays]!))
    for (const [kind] of kinds) missing.delete(kind)
    return kinds.length > 0
  })
}

test.serial('in any order and any weather a device has in the end what a fresh one has', async (t) => {
  t.timeout(600_000)
  t.log(
    `NATTER_EQUIVALENCE_RUNS=${runs} NATTER_EQUIVALENCE_SEED=${seed}: ${all.length} cases of ${Object.keys(rows).length} kinds`,
  )
  const town = await openTown(t)
  let compared = 0
  await fc.assert(
    fc.asyncProperty(plan, async (scenes) => {
      const happened = new Set<string>()
      for (const steps of scenes) {
        const played = await play(t, town, { cases: all, steps, events: eventsOf(town.chat) })
        compared += played.compared
        for (const kind of played.happened) happened.add(kind)
      }
      t.deepEqual(
        Object.keys(rows).filter((kind) => !happened.has(kind)),
        [],
        'what a row names did not happen',
      )
    }),
    // Smaller than all of it is no plan: what went wrong is said by the step behind which it did.
    { numRuns: runs, seed, endOnFailure: true, includeErrorInReport: true },
  )
  t.true(compared >= runs)
})
