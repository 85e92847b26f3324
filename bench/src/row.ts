import { ratioSpread, spread } from './statistics.js'
import type { Spread } from './statistics.js'

/** What is asked of a row: of its figure, or of its ratio, to be at most so much. */
export interface Aim {
  readonly of: 'value' | 'ratio'
  readonly atMost: number
}
/** A figure of a subject: which of the numbers that a sample of it gives. */
export interface FigureName {
  readonly subject: string
  readonly figure: string
}
/** A row of the table, as a measurement declares it. */
export interface RowPlan {
  readonly id: string
  readonly unit: string
  readonly of: FigureName
  readonly against?: FigureName & { readonly name: string }
  readonly aim?: Aim
}

/** A row as it is written to JSON. What did not run has no figures and says why. */
export interface Row {
  readonly id: string
  readonly unit: string
  readonly value: Spread | null
  /** What it is compared with, and the figure of that. */
  readonly against: string | null
  readonly againstValue: Spread | null
  readonly ratio: Spread | null
  readonly aim: number | null
  /** What the aim is about. */
  readonly aimOf: Aim['of'] | null
  readonly met: boolean | null
  readonly notRun?: string
}

/** Figures of the samples so far: by subject, then by name, one per repetition. */
export type Figures = ReadonlyMap<string, Readonly<Record<string, readonly number[]>>>

const plain = ({ id, unit, against, aim }: RowPlan) => ({
  id,
  unit,
  against: against?.name ?? null,
  aim: aim?.atMost ?? null,
  aimOf: aim?.of ?? null,
})

export const notRun = (plan: RowPlan, why: string): Row => ({
  ...plain(plan),
  value: null,
  againstValue: null,
  ratio: null,
  met: null,
  notRun: why,
})

/** Sums up what the samples gave. @throws RangeError where a figure is missing */
export function rowOf(plan: RowPlan, figures: Figures): Row {
  const find = ({ subject, figure }: FigureName) => figures.get(subject)?.[figure] ?? []
  const own = find(plan.of)
  const value = spread(own)
  const others = plan.against && find(plan.against)
  const ratio = others ? ratioSpread(own, others) : null
  const judged = plan.aim?.of === 'ratio' ? ratio : value
  return {
    ...plain(plan),
    value,
    againstValue: others ? spread(others) : null,
    ratio,
    met: plan.aim && judged ? judged.median <= plan.aim.atMost : null,
  }
}
