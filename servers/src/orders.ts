import type { User } from './nobody.js'

/** What a keeper is told at its start. */
export interface Keep {
  /** What its programs write to standard output and error is added to this file. */
  readonly log: string
  /** A folder that goes when it ends. */
  readonly removes?: string
  /** Who its programs run as; without it, who we are. */
  readonly user?: User
  /** What makes the server end in good order. */
  readonly stopSignal: NodeJS.Signals
  /** So long it may take for that before it is killed. */
  readonly patienceMs: number
}

/** A program to run. */
export interface Program {
  readonly command: string
  readonly args: readonly string[]
}

export type Order =
  | ({ readonly do: 'run'; readonly cwd: string } & Program)
  | { readonly do: 'signal'; readonly signal: NodeJS.Signals }
  /** End the server, remove what is to be removed, and end. */
  | { readonly do: 'leave' }

export type Report =
  | { readonly started: number }
  /** The exit code, the signal that ended it, or why it could not be started. */
  | { readonly ended: number | string }
