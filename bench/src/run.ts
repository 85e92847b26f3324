import { loadavg } from 'node:os'
import type { Bench } from './bench.js'
import { MissingDatabase } from './databases.js'
import type { Measurement } from './measurement.js'
import { asked } from './options.js'
import type { Options } from './options.js'
import { notRun, rowOf } from './row.js'
import type { Row } from './row.js'

export interface RunParts {
  readonly measurements: readonly Measurement[]
  readonly options: Options
  /** Without it, what is loaded does not run. */
  readonly bench: Bench
  /** Why loaded measurements cannot run. */
  readonly lacking: string | undefined
  readonly say: (line: string) => void
  /** Ms since some moment. */
  readonly clock: () => number
}
/** What `--quick` may take, ms: a further repetition begins only when it will be over by then. */
const quickMs = 110_000

interface Turn {
  readonly measurement: Measurement
  readonly subject: string
}

/**
 * Takes all samples, A B C A B C: every repetition samples every subject once, so that what a ratio is made of lies close
 * together and a slow minute of the machine falls on all. A sample that fails takes the rows that need it, and no others.
 */
export async function run({
  measurements,
  options,
  bench,
  lacking,
  say,
  clock,
}: RunParts): Promise<{ readonly rows: readonly Row[]; readonly repetitions: number; readonly failed: boolean }> {
  const wanted = measurements.flatMap((measurement) => {
    if (measurement.byName && options.only.length === 0) return []
    const rows = measurement.rows.filter(({ id }) => asked(options, id))
    return rows.length === 0 ? [] : [{ ...measurement, rows }]
  })
  const turns = wanted.flatMap((measurement) => {
    if (measurement.loaded && lacking !== undefined) return []
    const needed = new Set(measurement.rows.flatMap(({ of, against }) => [of.subject, against?.subject]))
    return Object.keys(measurement.subjects)
      .filter((subject) => needed.has(subject))
      .map((subject): Turn => ({ measurement, subject }))
  })
  const taken = new Map<Measurement, Map<string, Record<string, number[]>>>()
  /** Why a subject cannot be sampled, by measurement and subject. */
  const out = new Map<string, string>()
  const name = (measurement: Measurement, subject: string) => `${measurement.name}: ${subject}`
  let failed = false
  const total = turns.length * options.repetitions
  let count = 0
  const began = clock()
  let last = began
  let repetitions = 0
  for (let repetition = 0; repetition < options.repetitions; repetition++) {
    const now = clock()
    if (options.quick && repetition > 0 && now + (now - last) > began + quickMs) {
      say(`This machine is slow today: ${repetition} of ${options.repetitions} repetitions, to be done in two minutes.`)
      break
    }
    last = now
    repetitions += 1
    for (const { measurement, subject } of turns) {
      count += 1
      if (out.has(name(measurement, subject))) continue
      const label = `${String(count).padStart(String(total).length)}/${total}  ${name(measurement, subject)}`
      const began = clock()
      try {
        const sample = await measurement.subjects[subject]!(bench)
        const kept = taken.get(measurement) ?? new Map<string, Record<string, number[]>>()
        taken.set(measurement, kept)
        const figures = kept.get(subject) ?? {}
        kept.set(subject, figures)
        for (const [name, figure] of Object.entries(sample)) (figures[name] ??= []).push(figure)
        const shown = Object.entries(sample).map(([name, figure]) => `${name} ${figure.toPrecision(4)}`)
        say(
          `${label.padEnd(34)}  ${shown.join('  ')} ${measurement.unit}  (${((clock() - began) / 1_000).toFixed(1)} s, load ${loadavg()[0]!.toFixed(1)})`,
        )
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        const missing = error instanceof MissingDatabase
        if (!missing) failed = true
        out.set(name(measurement, subject), missing ? why : `${subject} failed: ${why}`)
        say(`${label}  ${missing ? 'not run' : 'failed'}: ${why}`)
      }
    }
  }
  const rows = wanted.flatMap((measurement) =>
    measurement.rows.map((plan) => {
      if (measurement.loaded && lacking !== undefined) return notRun(plan, lacking)
      const needed = [plan.of.subject, ...(plan.against ? [plan.against.subject] : [])]
      const why = needed.map((subject) => out.get(name(measurement, subject))).find((each) => each !== undefined)
      if (why !== undefined) return notRun(plan, why)
      return rowOf(plan, taken.get(measurement)!)
    }),
  )
  return { rows, repetitions, failed }
}
