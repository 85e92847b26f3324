import type { Append, Appended, Log } from '@natter/core/contract'
import type { Outcome, Statement } from '../database.js'
import type { Fault } from './faults.js'

type Range = Required<Parameters<Log['range']>[1]>
type Rewrite = Parameters<Log['rewrite']>[2]

/** Seq, n, sender, client id, time, body, changed by. */
export type EntryRow = readonly [number, number, string | null, string, number, string, number]
/** User, floor, left, read, received. */
export type MemberRow = readonly [string, number, number, number, number]
/** Kind, seq, n, time, version. */
export type HeadRow = readonly [string, number, number, number, number]
export interface StateRow {
  readonly conversation: string
  readonly head: HeadRow
  readonly mark: number
  readonly me: MemberRow
  readonly unread: number
  readonly members: readonly MemberRow[]
  readonly last: EntryRow | undefined
}

/** What the main thread asks of the worker, and what comes back. */
export interface Verbs {
  read: [Statement, Outcome]
  write: [Statement, Outcome]
  append: [Append, Appended]
  mark: [
    { readonly conversation: string; readonly user: string; readonly read: number; readonly received: number },
    { readonly moved: boolean; readonly member: MemberRow; readonly n: number; readonly unread: number } | undefined,
  ]
  rewrite: [Rewrite & { readonly conversation: string; readonly seq: number }, boolean]
  begin: [string, number]
  find: [readonly [string, string, string], readonly [number, number, number, string] | undefined]
  head: [string, HeadRow | undefined]
  /** JSON text of `EntryRow[]`: copied between the threads as one text. */
  range: [Range & { readonly conversation: string }, string]
  membership: [
    string,
    { readonly kind: string; readonly version: number; readonly members: readonly MemberRow[] } | undefined,
  ]
  state: [readonly [user: string, conversation: string], StateRow | undefined]
  states: [{ readonly user: string; readonly after: number; readonly limit: number }, readonly StateRow[]]
  changed: [readonly [after: number, limit: number], readonly (readonly [string, number, number])[]]
  latest: [undefined, number]
  holds: [{ readonly incarnation: string; readonly mark: number }, boolean]
  /** Opens a transaction in which all requests of this session run, and nobody else's. */
  open: [undefined, undefined]
  /** Ends it: `true` commits. */
  end: [boolean, undefined]
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
