import type { Me, Place } from './place.js'
import type { Row } from './shapes.js'

/** One thing that everybody asks. */
export interface Case {
  /** Where a command has several. */
  readonly what?: string
  readonly input: (at: Place, me: Me) => object
  readonly row: Row
  /** What everybody gets where what they name is not there. Default: `NATTER_NOT_FOUND`. */
  readonly absent?: string
  /** Done once there is nothing left to do for others: each finds everything as it was. */
  readonly once?: boolean
  /** Rows of this model count what was asked, also where it was refused. */
  readonly counted?: string
}
/** The cases of commands, by their names. */
export type Rows = Readonly<Record<string, readonly [Case, ...Case[]]>>
