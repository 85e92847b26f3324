import type { Violation } from '../checks/violation.js'
import type { Section } from './section.js'

/** As many violations of one promise are written out; all are counted. */
const written = 10

/** What `--json` writes. */
export interface Summary {
  readonly store: string
  readonly seed: string
  readonly plant?: string
  readonly kills: number
  /** Messages that were acknowledged, and of these: not in the store; twice in it; seqs that are missing. */
  readonly acked: number
  readonly lost: number
  readonly duplicated: number
  readonly gaps: number
  /** Nothing that was promised was broken. */
  readonly ok: boolean
  /** Broken promises by invariant, and the first of them in words. */
  readonly broken: Readonly<Record<string, number>>
  readonly violations: readonly Violation[]
  /** What could not run here, and why. */
  readonly notRun: Readonly<Record<string, string>>
  /** The figures of each part. */
  readonly sections: Readonly<Record<string, Readonly<Record<string, unknown>>>>
}

export function summarize(
  run: { readonly store: string; readonly seed: string; readonly plant: string | undefined },
  sections: readonly Section[],
): Summary {
  const violations = sections.flatMap((section) => section.violations)
  const counted = (counts: Violation['counts']) => violations.filter((each) => each.counts === counts).length
  const total = (figure: string) => sections.reduce((sum, { figures }) => sum + (Number(figures[figure]) || 0), 0)
  const broken: Record<string, number> = {}
  const shown: Violation[] = []
  for (const each of violations) {
    const count = (broken[each.invariant] ?? 0) + 1
    broken[each.invariant] = count
    if (count <= written) shown.push(each)
  }
  return {
    store: run.store,
    seed: run.seed,
    ...(run.plant !== undefined && { plant: run.plant }),
    kills: total('kills'),
    acked: total('acked'),
    lost: counted('lost'),
    duplicated: counted('duplicated'),
    gaps: counted('gap'),
    ok: violations.length === 0,
    broken,
    violations: shown,
    notRun: Object.fromEntries(sections.flatMap(({ name, notRun }) => (notRun === undefined ? [] : [[name, notRun]]))),
    sections: Object.fromEntries(sections.map(({ name, figures }) => [name, figures])),
  }
}

/** The figures of a part on one line. */
export function figuresLine({ name, figures, violations, notRun }: Section): string {
  if (notRun !== undefined) return `not run: ${name} (${notRun})`
  const text = Object.entries(figures).map(([figure, value]) => `${String(value)} ${figure}`)
  return `${name}: ${text.join(', ')}; ${violations.length === 0 ? 'all promises held' : `${violations.length} VIOLATIONS`}`
}
