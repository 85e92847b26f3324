import type { Bulk } from './bulk.js'
import type { AddOf, KeyOf, Model, One, RowFor, SetOf, Where } from './model.js'
import { token } from './token.js'
import type { Token } from './token.js'

/*
 * The storage port: three shapes, each tuned by a backend for its database. A plugin declares models and never learns
 * which database holds them. All shapes share these rules:
 *
 * - ids are strings of the id set, times are integer milliseconds, integers stay below 2^53;
 * - text compares by code point and case; `undefined` is absent, `null` is not stored; NUL and lone surrogates are refused;
 * - a failure of the database rejects with a `STORAGE_…` error of `storageErrors`, retryable where a retry can help;
 * - what resolved is committed, in the durability that the backend declares.
 */

/** Rows of a declared model. Every verb is atomic and safe under races. */
export interface Records<M extends Model = Model> {
  get(key: KeyOf<M>): Promise<RowFor<M> | undefined>
  /** Stores a new row. `exists`: a row with this key, or with the same values of a unique index, is there already. */
  insert(row: RowFor<M>): Promise<'inserted' | 'exists'>
  /** Stores the row whole, new or not. Rejects with `STORAGE_EXISTS` when another row has its unique values. */
  upsert(row: RowFor<M>): Promise<void>
  /**
   * Changes the one row that has this key and meets the further conditions, and returns it as it is then; nothing where
   * there is none. `set` gives new values (`undefined` removes), `add` adds to numbers (absent counts as 0).
   */
  updateIf(one: One<M>, set: SetOf<M>, add?: AddOf<M>): Promise<RowFor<M> | undefined>
  /** Removes the row and returns it: of many callers one gets it. */
  take(one: One<M>): Promise<RowFor<M> | undefined>
  /**
   * Rows along the key or a declared index: equality on its leading columns, a range on the last one named.
   * Ordered by that index, then by key. `limit` 1..1000, default 100. `next` continues after this page.
   */
  page(where: Where<M>, options?: PageOptions): Promise<Page<RowFor<M>>>
  /** Removes what `page` would find; returns how many. */
  remove(where: Where<M>): Promise<number>
  /**
   * Optional, of models with `terms`: what `page` would find, of it the rows whose terms meet all that is asked for. A server does
   * not start with such a model on a store that has no full-text index.
   */
  match?(terms: Terms, where: Where<M>, options?: PageOptions): Promise<Page<RowFor<M>>>
}
/**
 * What terms rows must have: of each list one. A term that ends with `*` stands for all that begin with what is before it, at
 * least `_` and one more. At most 32 lists, 1,200 terms in all.
 */
export type Terms = readonly (readonly string[])[]
/** Which page of rows. `limit` 1 to 1,000, default 100; `after` is the `next` of the page before. */
export interface PageOptions {
  readonly limit?: number
  readonly dir?: 'asc' | 'desc'
  readonly after?: string
}
/** Rows of a page; `next` continues after it, and is absent on the last one. */
export interface Page<Row> {
  readonly rows: readonly Row[]
  readonly next: string | undefined
}

/** Small values by key, with an optional time to live. Expiry is by the server's clock and checked on read. */
export interface Kv {
  get(key: string): Promise<string | undefined>
  set(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<void>
  /** Stores only where nothing (unexpired) is stored; of many callers one gets `true`. */
  add(key: string, value: string, options?: { readonly ttlMs?: number }): Promise<boolean>
  take(key: string): Promise<string | undefined>
  delete(key: string): Promise<void>
}

/** One entry of a conversation, as it stands now. */
export interface LogEntry {
  readonly conversation: string
  readonly seq: number
  /** How many messages there are up to and including this entry. */
  readonly n: number
  /** `system` for system entries; empty when the author was erased. */
  readonly from: string
  readonly clientId: string
  readonly at: number
  /** JSON text of the body, with its `type` unless that is `text`. Empty when the content was removed. */
  readonly body: string
  /** Seq of the entry that last changed or removed this body. */
  readonly changedBy?: number
}

/** An entry to be stored, and under which conditions. */
export interface Append {
  readonly conversation: string
  readonly from: string
  readonly clientId: string
  /** Server time in ms; the stored time is never below the previous entry's. */
  readonly at: number
  readonly body: string
  /** Keyed digest of the body as it was submitted, to tell a retry from another message under the same id. */
  readonly digest: string
  /** Whether it is a message: counted in `n`, and so in unread. */
  readonly counts: boolean
  /** Creates the conversation with this, its first entry, when it does not exist. */
  readonly open?: { readonly kind: string; readonly members: readonly string[] }
  /** The membership version that the sender's right was judged at; a change in between answers `stale`. */
  readonly judgedAt?: number
  /**
   * Membership changes in the same commit as the entry. Each join and each leave raises the membership version by one, also
   * the join of somebody who is there, which changes nothing else.
   */
  readonly members?: {
    /** With `floor`: entries up to that seq stay unreadable. Default: all before this entry. */
    readonly join?: readonly { readonly user: string; readonly floor?: number }[]
    readonly leave?: readonly string[]
  }
}
/** What became of an append. `stale`: the membership is another than the one it was judged at; judge again. */
export type Appended =
  /** `duplicate` is the answer to a retry: the seq, n and time of the entry that is stored. */
  | { readonly status: 'appended' | 'duplicate'; readonly seq: number; readonly n: number; readonly at: number }
  /** The same sender, conversation and client id were used for another body. */
  | { readonly status: 'conflict' }
  /** No such conversation, and no `open`. */
  | { readonly status: 'absent' }
  | { readonly status: 'stale' }

/** A person in a conversation, with what they may read and how far they have come. */
export interface Member {
  readonly user: string
  /** Entries up to this seq are not readable for them. */
  readonly floor: number
  /** They are out: nothing is readable. */
  readonly left: boolean
  /** Watermarks: 0 ≤ read ≤ received ≤ head. They never move back. */
  readonly read: number
  readonly received: number
}
/** What raising marks did. */
export interface Marked {
  readonly moved: boolean
  readonly member: Member
  /** Messages up to the head at that moment: `n − unread` are read, whatever came since. */
  readonly n: number
  readonly unread: number
}
/** Who is or was in a conversation, and at which version. */
export interface Membership {
  readonly kind: string
  /** Raised by every join and leave. */
  readonly version: number
  readonly members: readonly Member[]
}
/**
 * Where a conversation stands: its newest seq, how many messages there are up to it, when it was, its membership
 * version.
 */
export interface Head {
  readonly conversation: string
  readonly kind: string
  readonly seq: number
  readonly n: number
  readonly at: number
  readonly version: number
}

/** A conversation as one of its members sees it. */
export interface ConversationState extends Head {
  /** Where it stands in the change order of this user. */
  readonly mark: number
  readonly me: Member
  /** Messages above max(read, floor): n(head) − n(max(read, floor)). */
  readonly unread: number
  /** All members of a direct conversation; empty for others. */
  readonly members: readonly Member[]
  /** The newest entry, when it is readable. */
  readonly last?: LogEntry
}

/**
 * Which page of a conversation: the newest entries below `before`, or those above `after`, else the newest of all; at most
 * `limit` (1..500) and `bytes` of body, but never empty for its first entry. `holds` is the client id that the reader has at
 * `after`: where the entry there is another, the page is empty and says `reset`.
 */
export interface EntryPageOptions {
  readonly before?: number
  readonly after?: number
  readonly holds?: string
  readonly limit: number
  readonly bytes: number
}
/** Entries, ascending, as JSON texts with commas between: `[seq,n,"from",at,"clientId",body]`, and who changed it last. */
export interface EntryPage {
  readonly entries: string
  /** Newest seq of the conversation, and the first that this member may read. */
  readonly head: number
  readonly first: number
  readonly reset: boolean
}

/**
 * Append-only log per conversation.
 *
 * - I2: one entry per (sender, conversation, client id), by a unique index of the database.
 * - I3: seq is dense from 1 per conversation, decided in the same commit.
 * - Sends queue in lanes with group commit (the backend's choice); each has its own result; a bad one fails alone.
 */
export interface Log {
  /** Who sends has read: a member's own marks are raised to the entry in the same commit. */
  append(append: Append): Promise<Appended>
  /** The stored entry of this key, to answer a retry that would now be refused. */
  find(
    conversation: string,
    from: string,
    clientId: string,
  ): Promise<{ readonly seq: number; readonly n: number; readonly at: number; readonly digest: string } | undefined>
  head(conversation: string): Promise<Head | undefined>
  /**
   * Entries with `from` ≤ seq ≤ `to`, ascending; with `dir: 'desc'` the newest of them first to be chosen, still given
   * ascending. Bounded by `limit` entries (1..500) and by `bytes` of body, but never empty for its first entry.
   */
  range(
    conversation: string,
    options: {
      readonly from: number
      readonly to: number
      readonly limit: number
      readonly bytes: number
      readonly dir?: 'asc' | 'desc'
    },
  ): Promise<readonly LogEntry[]>
  /**
   * Optional: a page as a member may read it, by one way to the database, with its entries as the text that travels.
   * Nothing for who is not a member or has left. The same as `state` and `range` give together, one after the other.
   */
  page?(user: string, conversation: string, options: EntryPageOptions): Promise<EntryPage | undefined>
  membership(conversation: string): Promise<Membership | undefined>
  /** The user's conversation with its state, also when they left it. */
  state(user: string, conversation: string): Promise<ConversationState | undefined>
  /** The user's conversations that changed above `after`, in change order. May over-report, never skips. */
  states(
    user: string,
    options: { readonly after: number; readonly limit: number },
  ): Promise<readonly ConversationState[]>
  /**
   * Raises a member's marks (never lowers them; `received` follows `read`; both are cut at the head). Answers the member
   * as it is then, and whether anything moved; nothing for who is not a member.
   */
  mark(
    conversation: string,
    user: string,
    marks: { readonly read?: number; readonly received?: number },
  ): Promise<Marked | undefined>
  /**
   * Replaces or removes (empty text) a body; `by` is the seq of the entry that says so. Idempotent, the highest `by` wins.
   * With `was`, the body that the new one was made from, only where that is still there: whoever is answered `false` reads
   * again, and makes it anew. So nobody writes an older body over a newer one.
   */
  rewrite(
    conversation: string,
    seq: number,
    change: {
      readonly body: string
      readonly by: number
      readonly was?: string
      readonly forget?: 'content' | 'author'
    },
  ): Promise<boolean>
  /**
   * Removes what is kept of a user who has left a conversation: their membership, and what else names them there beside
   * entries. Nothing happens where they are in it, or never were. For erasure, before which their entries are rewritten.
   */
  forget(conversation: string, user: string): Promise<void>
  /** Conversations that changed above `after`, store-wide, in commit order. May over-report, never skips. */
  changed(
    after: number,
    limit: number,
  ): Promise<readonly { readonly conversation: string; readonly seq: number; readonly mark: number }[]>
  /** The store's change mark now. */
  latest(): Promise<number>
  /** Records a start of the server: a random incarnation with the change mark of that moment. Called once per boot. */
  begin(): Promise<{ readonly incarnation: string; readonly mark: number }>
  /** Whether a cursor of this incarnation and mark still tells the truth: it is known, and no later one began below the mark. */
  holds(cursor: { readonly incarnation: string; readonly mark: number }): Promise<boolean>
}

/** A model and the plugin that declared it. */
export interface OwnedModel {
  readonly plugin: string
  readonly model: Model
}
/** A step that changes stored data, run once per store, in order, under one lock. */
export interface DataStep {
  readonly id: string
  up(storage: Storage): Promise<void>
}

/** Escape hatch to the database itself, by kind. Widened by backends; marks a plugin as bound to one. */
export interface NativeStores {}

/**
 * What a storage plugin provides: log, records and key spaces over one database. Plugins reach it by `api.records` and
 * `api.kv`; the token is for backends, `offline` and data steps.
 */
export interface Storage {
  /** For people: where the data is and how safe, like `data/chat.db (SQLite, full sync)`. */
  readonly description: string
  /** Whether what resolved survives power loss. */
  readonly durable: boolean
  readonly log: Log
  /** Creates and widens tables or collections; runs data steps that the journal does not know. Idempotent. */
  prepare(
    models: readonly OwnedModel[],
    steps: readonly { readonly plugin: string; readonly step: DataStep }[],
  ): Promise<void>
  records<M extends Model>(plugin: string, model: M): Records<M>
  kv(namespace: string): Kv
  /** All of it, to copy it into another store; absent where the backend does not offer that. */
  readonly bulk?: Bulk
  /**
   * Removes for good what the database still keeps of rows that were removed or changed, as far as a client can bring that
   * about; absent where it cannot. Resolves also where others who use the database keep it from doing all of it.
   */
  purge?(): Promise<void>
  /** Whether a small write commits now: for readiness. */
  probe(): Promise<void>
  native<K extends keyof NativeStores>(kind: K): NativeStores[K] | undefined
}
export const Storage: Token<Storage, 'storage'> = token('storage').of()
