import type { EntryPage } from '@natter/core/contract'
import type { Statement } from '../database.js'
import type { LogVerb, LogVerbs, PageAsk } from '../log-verbs.js'
import type { Changes, Loaded, LogWriteVerb, Wanted } from './log-rows.js'
import type { Query, Task } from './wire.js'

export type LogReadVerb = Exclude<LogVerb, LogWriteVerb | 'begin'>
/** By conv and seq, `1 5`: how many messages there are up to that entry. */
export type Counts = ReadonlyMap<string, number>

/** What a batch's writes tell. */
export interface Saved {
  readonly counts: Counts
  /** The store's mark behind them, where the dialect tells. */
  readonly mark?: number | undefined
}
/** What makes sure that what was read is on the disk, on a server that shows a commit before it is there. */
export interface Settling {
  /** The mark of this moment. */
  readonly mark: Query
  /** Commits something: what was committed before it is on the disk then too. */
  readonly settle: Query
}

/** A page as the text that travels. */
export interface PageSql {
  /** All entries that are asked for, which most of the time fit: to find which of them do costs as much again. */
  whole(ask: PageAsk): Task<EntryPage | undefined | 'too large'>
  /** Those that fit. */
  fitting(ask: PageAsk): Task<EntryPage | undefined>
}

/** The log in the words of a dialect. */
export interface LogSql {
  readonly begin: readonly Query[]
  /** What comes before a statement that is a transaction of its own. */
  readonly alone: readonly Query[]
  readonly commit: Query
  readonly rollback: Query
  /** Whether a statement that is refused makes its transaction useless. */
  readonly refusalSpoils: boolean
  /** Locks the conversations that there are, in the order of their ids, and reads what is wanted behind the locks. */
  load(wanted: Wanted): Task<Loaded>
  /** Creates conversations without entries; leaves alone those that are there by now. */
  create(opened: readonly { readonly id: string; readonly kind: string }[]): Query
  save(changes: Changes): Task<Saved>
  /** Notes an incarnation with the mark of this moment. */
  noteBegin(incarnation: string): Task<number>
  /** Removes the membership of who has left. */
  forget(conversation: string, user: string): Statement
  readonly page: PageSql
  readonly settling?: Settling
  readonly reads: { readonly [V in LogReadVerb]: (payload: LogVerbs[V][0]) => Task<LogVerbs[V][1]> }
}
