import type { StoreName } from '../process/stores.js'
import type { CutFigures } from './cut-series.js'

export interface CutOrder {
  readonly store: StoreName
  readonly seed: string
  readonly cuts: number
}
export interface CutResult {
  readonly full: CutFigures
  readonly weak: CutFigures
}
