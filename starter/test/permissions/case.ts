import type { Role } from './people.js'
import type { Me, Place } from './place.js'

/** One thing that everybody asks, and what each gets. */
export interface Case<Row> {
  /** Where a command has several. */
  readonly what?: string
  readonly input: (at: Place, me: Me) => object
  readonly row: Row
  /** What everybody gets where what they name is not there. Default: that it is not found. */
  readonly absent?: string
  /** Done once there is nothing left to do for others: each finds everything as it was. */
  readonly once?: boolean
  /** Of those who are told that it was done, who alone changes anything by it. */
  readonly changes?: readonly Role[]
  /** The model that keeps count of what was asked, also where it was refused: `friends.book`. */
  readonly counted?: string
}
/** The cases of commands or routes, by their names. */
export type Rows<Row> = Readonly<Record<string, readonly [Case<Row>, ...Case<Row>[]]>>
