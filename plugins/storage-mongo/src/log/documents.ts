import type { Document, IndexDescription } from 'mongodb'
import type { Stored } from '../collections.js'

/*
 * What the log is made of. Blocks, change records and intents are in one collection, so that one insert command carries
 * all of a commit in its order; conversation and member documents are what follows from them.
 * docs/decisions/0090-mongodb-block-append.md says why nothing is lost. Ids of conversations hold neither `!` nor `~`.
 */

/** The "conversation" of the change records, whose `f` are dense from 1. */
export const changesPlace = '!'
/** The "conversation" of the intents; their `f` is the name of the attempt. */
export const intentsPlace = '~'

/** Most entries of a block. What is stored relies on it: it never grows. */
export const blockEntries = 128
/** Bodies of a block, bytes: one that is rewritten stays far below what a document may hold. */
export const blockBytes = 1_000_000

/** Entries `f` to `t` of a conversation, in one commit; the arrays have one element for each. */
export interface Block extends Stored<{ readonly c: string; readonly f: number }> {
  readonly t: number
  /** `sender\0clientId`; of an erased author `\0seq\0clientId`. */
  readonly k: readonly string[]
  readonly n: readonly number[]
  readonly at: readonly number[]
  /** Bodies. */
  readonly p: readonly string[]
  /** Digests. */
  readonly d: readonly string[]
  /** By place in the block, the seq of the entry that last changed it. */
  readonly w?: Readonly<Record<string, number>>
  readonly kind: string
  /** The membership version behind this block. */
  readonly v: number
  /** The attempt that stored it. */
  readonly b: string
}

/** A block without its bodies. */
export type Keyed = Omit<Block, 'p' | 'w'>

/** A conversation moved: its newest block, and how far its senders have read by sending. */
export interface Moved {
  readonly c: string
  readonly f: number
  readonly s: number
  readonly n: number
  readonly at: number
  readonly v: number
  readonly r: readonly (readonly [user: string, seq: number, n: number])[]
}
/** A body was changed: only the mark of the conversation moves. */
export interface Touched {
  readonly c: string
}
/** A member's marks were raised; `nr` messages are up to `r`. */
export interface Raised {
  readonly c: string
  readonly u: string
  readonly r: number
  readonly d: number
  readonly nr: number
  readonly direct: boolean
}
export type Change = Moved | Touched | Raised
/** The change marks of a record are `f` × this, plus the place in `e`. */
export const marksPerRecord = 1024
/** One commit, in the order of the whole store. */
export interface ChangeRecord extends Stored<{ readonly c: typeof changesPlace; readonly f: number }> {
  readonly k: readonly string[]
  readonly e: readonly Change[]
  /** The attempt that stored it. */
  readonly b: string
  /** The newest mark, where it is not that of the last change: of a store that was copied from another. */
  readonly m?: number
}
export const latestMark = ({ _id, e, m }: ChangeRecord) => m ?? _id.f * marksPerRecord + Math.max(e.length - 1, 0)

/** Blocks that an attempt may have stored without a change record: whoever finds it announces them. */
export interface Intent extends Stored<{ readonly c: typeof intentsPlace; readonly f: string }> {
  readonly k: readonly string[]
  readonly e: readonly { readonly c: string; readonly f: number }[]
}
export type LogDocument = Block | ChangeRecord | Intent

/** A conversation as of the change records that were applied. Every number only grows. */
export interface ConversationDocument extends Stored<string> {
  readonly kind: string
  /** First seq of the newest block, and its last. */
  readonly f: number
  readonly s: number
  readonly n: number
  readonly at: number
  readonly v: number
  /** Change mark. */
  readonly m: number
}

/** A member. `l`, `ln`, `lat`: seq, n and time of the entry they left with; `l` is 0 while they are in. */
export interface MemberDocument extends Stored<{ readonly c: string; readonly u: string }> {
  /** Seq of the entry that first made them a member: what they sent before raises nothing. */
  readonly since: number
  readonly floor: number
  /** Messages up to the floor, and up to `r`. */
  readonly nf: number
  readonly nr: number
  readonly l: number
  readonly ln?: number
  readonly lat?: number
  /** Read, received. */
  readonly r: number
  readonly d: number
  /** Change mark of what concerns them alone. */
  readonly m: number
}

/** A start of a server. */
export interface IncarnationDocument extends Stored<number> {
  readonly i: string
  readonly m: number
}

export const logIndexes: Readonly<Record<string, readonly IndexDescription[]>> = {
  log: [{ name: 'key', key: { '_id.c': 1, k: 1 }, unique: true }],
  conversations: [{ name: 'mark', key: { m: 1 } }],
  members: [{ name: 'user', key: { '_id.u': 1, '_id.c': 1, m: 1, l: 1 } }],
  incarnations: [{ name: 'incarnation', key: { i: 1 }, unique: true }],
}

/** Names the place of a block. */
export const placeOf = ({ _id }: Pick<Block, '_id'>) => `${_id.c}\0${_id.f}`
export const keyOf = (from: string, clientId: string) => `${from}\0${clientId}`
/** Seq ranges of a conversation, as a range of `_id`. */
export const between = (c: string, from: number, to: number): Document => ({ $gte: { c, f: from }, $lte: { c, f: to } })
/** All attempts' intents; an object is behind every text. */
export const everyIntent: Document = { $gte: { c: intentsPlace, f: '' }, $lt: { c: intentsPlace, f: {} } }
export const everyMember = (c: string): Document => ({ $gte: { c, u: '' }, $lt: { c, u: {} } })
