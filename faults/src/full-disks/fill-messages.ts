import type { Violation } from '../checks/violation.js'
import type { SectionOptions } from '../run/section.js'

export interface FillOrder extends Omit<SectionOptions, 'progress'> {
  readonly rounds: number
}
export interface FillResult {
  readonly figures: Readonly<Record<string, unknown>>
  readonly violations: readonly Violation[]
}
