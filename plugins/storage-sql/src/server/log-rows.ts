import type { Binding } from '../database.js'
import type { LogVerbs } from '../log-verbs.js'

/** The writes of a log that share commits. */
export type LogWriteVerb = 'append' | 'mark' | 'rewrite'
export type LogWrite = { [V in LogWriteVerb]: readonly [verb: V, payload: LogVerbs[V][0]] }[LogWriteVerb]
export type LogWritten = LogVerbs[LogWriteVerb][1]

/** What must be known of the database before a batch of writes can be decided; read under the locks of its conversations. */
export interface Wanted {
  /** In order. */
  readonly conversations: readonly string[]
  readonly keys: readonly { readonly conversation: string; readonly from: string; readonly clientId: string }[]
  readonly members: readonly { readonly conversation: string; readonly user: string }[]
  readonly entries: readonly { readonly conversation: string; readonly seq: number }[]
}

export interface ConversationRow {
  readonly num: number
  readonly kind: string
  readonly seq: number
  readonly n: number
  readonly at: number
  readonly version: number
}
export interface StoredKey {
  readonly seq: number
  readonly n: number
  readonly at: number
  readonly digest: string
}
export interface MemberPlace {
  readonly floor: number
  readonly left: number
  readonly read: number
  readonly received: number
  readonly mark: number
}
/** What an entry says now, and the seq of the entry that last changed it. */
export interface StoredBody {
  readonly by: number
  readonly body: string
}
/** By conversation id; the others by their place in what was wanted. */
export interface Loaded {
  readonly conversations: ReadonlyMap<string, ConversationRow>
  readonly keys: ReadonlyMap<number, StoredKey>
  readonly members: ReadonlyMap<number, MemberPlace>
  readonly entries: ReadonlyMap<number, StoredBody>
}

/** Rows as lists of columns, as they are bound. */
export type Columns = readonly (readonly Binding[])[]

/**
 * What a batch writes. Marks are places behind the store's mark, from 1 to `marks`; the mark is raised last, so that it is
 * held for as short as can be. Lists are by column.
 */
export interface Changes {
  /** Conv, seq, body, changed, whether the digest goes, whether the sender goes. */
  readonly rewrites: Columns
  /** Conv, seq, n, sender, client, at, body, digest, changed. */
  readonly entries: Columns
  /** Conv, seq: how many messages there are up to them is asked. */
  readonly counts: Columns
  /** Conv, user, seq: who sent has read. */
  readonly raised: Columns
  readonly marks: number
  /** Whether a retry was answered by what is stored. */
  readonly repeats: boolean
  /** Num, head, n, at, version, place. */
  readonly conversations: Columns
  /** Conv, user, floor, left, read, received, mark, place or 0. */
  readonly members: Columns
}
export const noChanges: Changes = {
  rewrites: [],
  entries: [],
  counts: [],
  raised: [],
  marks: 0,
  repeats: false,
  conversations: [],
  members: [],
}
