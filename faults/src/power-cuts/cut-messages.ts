import type { StoreName } from '../process/stores.js'
import type { CutFigures } from './cut-series.js'

export interface CutOrder {
  readonly store: StoreName
  readonly seed: string
  readonly cuts: number
  /** A folder for images and mount points. */
  readonly folder: string
}
export type FromCutter =
  | { readonly kind: 'progress'; readonly line: string }
  /** What is missing here, in the system's words. */
  | { readonly kind: 'lacking'; readonly what: string }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'done'; readonly full: CutFigures; readonly weak: CutFigures }
