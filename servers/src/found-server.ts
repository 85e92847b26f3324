import type { ServerSettings } from './engine.js'

/** The databases that a store can stand on and that need a server. */
export type DatabaseKind = 'postgres' | 'mariadb' | 'mongo'

/** An empty database of its own for one test file. */
export interface ScratchDatabase {
  /** What `storageSql({ url })` and `storageMongo({ url })` take, with the database's name in it. */
  readonly url: string
  /** Removes the database. */
  drop(): Promise<void>
}

/** A server that answers. */
export interface FoundServer {
  readonly kind: DatabaseKind
  /** As the server says it, like `15.18`. */
  readonly version: string
  /** Address with the right to create databases. */
  readonly url: string
  /** By the environment, or by starting one. */
  readonly from: 'address' | 'programs'
  /** A new and empty database under a name that no other test uses. */
  scratch(): Promise<ScratchDatabase>
  /** Ends it, if this process started it. */
  stop(): Promise<void>
}

/** There is no such server, and none could be had. `missing` says why, for a test title that begins with `MISSING: `. */
export interface MissingServer {
  readonly kind: DatabaseKind
  readonly missing: string
}

/** A server of one's own, to do harm to. */
export interface OwnServer extends FoundServer {
  readonly port: number
  readonly folder: string
  /** Whether its process has not ended, by order or by itself. */
  readonly runs: boolean
  /** The server's process; another one after each restart. */
  readonly pid: number
  /** Sends a signal and resolves when the process has ended. */
  kill(signal: NodeJS.Signals): Promise<void>
  /** Starts it again over the same data and on the same port, after ending it in good order if it runs. */
  restart(settings?: ServerSettings): Promise<void>
}
