import type { Children } from './children.js'
import type { Databases } from './databases.js'
import type { People } from './people.js'

/** What every sample works with. */
export interface Bench {
  readonly children: Children
  /** A folder of this run, on a disk. */
  readonly folder: string
  readonly databases: Databases
  /** The compiled load generator. */
  readonly load: string
  /** Fewer messages and connections per sample. */
  readonly quick: boolean
  /** A database with ten thousand people; made when it is asked for first. */
  people(): Promise<People>
}

/** Servers run on the first CPU and what loads them on the second. */
export const serverCpu = 0
export const loadCpu = 1
