import type { Outcome, Statement } from '../database.js'
import type { EntryPage } from '@natter/core/contract'
import type { LogVerbs, PageAsk } from '../log-verbs.js'
import type { Fault } from './faults.js'

/** What the main thread asks of the worker, and what comes back. */
export interface Verbs extends LogVerbs {
  read: [Statement, Outcome]
  write: [Statement, Outcome]
  /** JSON text of `EntryRow[]`: copied between the threads as one text. */
  range: [LogVerbs['range'][0], string]
  page: [PageAsk, EntryPage | undefined]
  /** Opens a transaction in which all requests of this session run, and nobody else's. */
  open: [undefined, undefined]
  /** Ends it: `true` commits. */
  end: [boolean, undefined]
  /** Moves the write-ahead log into the database and empties it. */
  purge: [undefined, undefined]
  close: [undefined, undefined]
}
export type Verb = keyof Verbs

/** `session` 0 is everybody's. */
export type Request = { [V in Verb]: readonly [id: number, verb: V, payload: Verbs[V][0], session: number] }[Verb]
export type Answer = readonly [id: number, fault: Fault | undefined, value: unknown]

export type FromWorker =
  | { readonly kind: 'ready'; readonly durable: boolean }
  /** `committed`: a transaction went through, so the disk is well. */
  | { readonly kind: 'answers'; readonly answers: readonly Answer[]; readonly committed: boolean }
  /** The worker gives up its connection; another must be started. */
  | { readonly kind: 'lost'; readonly fault: Fault }
