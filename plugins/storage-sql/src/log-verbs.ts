import type { Append, Appended, EntryPage, EntryPageOptions, Log } from '@natter/core/contract'

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

/** A page that is asked for, for whom. */
export type PageAsk = EntryPageOptions & { readonly user: string; readonly conversation: string }
/** A page of so many entries is read in one go, and anew where it turns out to be too large. Of more it is asked first which of them fit. */
export const smallPage = 100
/** How a dialect answers for a page with its text, where it can. */
export type AskPage = (ask: PageAsk) => Promise<EntryPage | undefined>

/** What the log asks of a dialect, and what comes back: checked values, rows as lists. */
export interface LogVerbs {
  append: [Append, Appended]
  mark: [
    { readonly conversation: string; readonly user: string; readonly read: number; readonly received: number },
    { readonly moved: boolean; readonly member: MemberRow; readonly n: number; readonly unread: number } | undefined,
  ]
  rewrite: [Rewrite & { readonly conversation: string; readonly seq: number }, boolean]
  begin: [string, number]
  find: [readonly [string, string, string], readonly [number, number, number, string] | undefined]
  head: [string, HeadRow | undefined]
  /** In the direction that was asked for; as JSON text where that is cheaper to hand over. */
  range: [Range & { readonly conversation: string }, string | readonly EntryRow[]]
  membership: [
    string,
    { readonly kind: string; readonly version: number; readonly members: readonly MemberRow[] } | undefined,
  ]
  state: [readonly [user: string, conversation: string], StateRow | undefined]
  states: [{ readonly user: string; readonly after: number; readonly limit: number }, readonly StateRow[]]
  changed: [readonly [after: number, limit: number], readonly (readonly [string, number, number])[]]
  latest: [undefined, number]
  holds: [{ readonly incarnation: string; readonly mark: number }, boolean]
}
export type LogVerb = keyof LogVerbs
export type AskLog = <V extends LogVerb>(verb: V, payload: LogVerbs[V][0]) => Promise<LogVerbs[V][1]>
