import type { Violation } from '../checks/violation.js'
import type { StoreName } from '../process/stores.js'

export const sectionNames = [
  'kills',
  'timed kills',
  'database kills',
  'failovers',
  'restored store',
  'clock jumps',
  'slow consumers',
  'power cuts',
  'full disk',
  'leaks',
] as const
export type SectionName = (typeof sectionNames)[number]

/** What a part of a run is given. */
export interface SectionOptions {
  readonly store: StoreName
  readonly seed: string
  /** Who is waited for is given up when nothing at all happened for so long, ms. */
  readonly silenceMs: number
  readonly progress: (line: string) => void
}

/** What a part of a run found. */
export interface Section {
  readonly name: SectionName
  readonly figures: Readonly<Record<string, unknown>>
  readonly violations: readonly Violation[]
  /** Why it could not run here. */
  readonly notRun?: string
}
