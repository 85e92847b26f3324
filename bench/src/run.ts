import { loadavg } from 'node:os'
import type { Bench } from './bench.js'
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
 * together and a slow minute of the machine falls on all. A sample that fails takes its rows with it, and no others.
 */
export async function run({
  measurements,
  options,
  bench,
  lacking,
  say,
  clock,
}: RunParts): Promise<{ readonly rows: readonly Row[]; readonly repetitions: number }> {
  const wanted = measurements.flatMap((measurement) => {
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
  const failed = new Map<Measurement, string>()
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
      if (failed.has(measurement)) continue
      const label = `${String(count).padStart(String(total).length)}/${total}  ${measurement.name}: ${subject}`
      try {
        const sample = await measurement.subjects[subject]!(bench)
        const kept = taken.get(measurement) ?? new Map<string, Record<string, number[]>>()
        taken.set(measurement, kept)
        const figures = kept.get(subject) ?? {}
        kept.set(subject, figures)
        for (const [name, figure] of Object.entries(sample)) (figures[name] ??= []).push(figure)
        const shown = Object.entries(sample).map(([name, figure]) => `${name} ${figure.toPrecision(4)}`)
        say(`${label.padEnd(34)}  ${shown.join('  ')} ${measurement.unit}  (load ${loadavg()[0]!.toFixed(1)})`)
      } catch (error) {
        const why = error instanceof Error ? error.message : String(error)
        failed.set(measurement, `${subject} failed: ${why}`)
        say(`${label}  failed: ${why}`)
      }
    }
  }
  const rows = wanted.flatMap((measurement) =>
    measurement.rows.map((plan) => {
      if (measurement.loaded && lacking !== undefined) return notRun(plan, lacking)
      const why = failed.get(measurement)
      if (why !== undefined) return notRun(plan, why)
      return rowOf(plan, taken.get(measurement)!)
    }),
  )
  return { rows, repetitions }
}
