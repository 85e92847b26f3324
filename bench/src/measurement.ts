import type { Bench } from './bench.js'
import type { RowPlan } from './row.js'

/** The figures of one sample, by name. */
export type Sample = Readonly<Record<string, number>>

/** One repetition of one subject, in processes of its own. */
export type TakeSample = (bench: Bench) => Promise<Sample>

/** Subjects that are sampled in turn, A B C A B C, and the rows that their figures make. */
export interface Measurement {
  readonly name: string
  /** Whether it needs the compiled load generator and the kernel's count of CPU time. */
  readonly loaded: boolean
  /** Runs only when it is asked for by name: it takes very long. */
  readonly byName?: boolean
  /** With how many people its samples are taken at most, if with any. */
  readonly people?: (quick: boolean) => number
  /** What the figures of its samples are, for the line of progress. */
  readonly unit: string
  readonly subjects: Readonly<Record<string, TakeSample>>
  readonly rows: readonly RowPlan[]
}
