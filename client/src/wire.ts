import type { Welcome } from '@natter/core/protocol'

/** What the client reads of a welcome; later versions may say more. */
export type { Welcome }

/** An entry as it comes in an answer: seq, n, sender, time, client id, body, and the seq of the entry that changed it. */
export type EntryTuple = readonly [number, number, string, number, string, object, (number | undefined)?]

/** A conversation in the answers of `offline.sync` and `offline.state`. */
export interface ConversationState {
  readonly id: string
  readonly kind: string
  readonly head: number
  readonly n: number
  readonly at: number
  readonly me: { readonly read: number; readonly received: number; readonly floor: number; readonly left?: boolean }
  readonly unread: number
  readonly members?: readonly { readonly user: string; readonly read: number; readonly received: number }[]
  readonly last?: EntryTuple
}
export interface SyncAnswer {
  readonly cursor: string
  readonly more: boolean
  readonly reset: boolean
  readonly conversations: readonly ConversationState[]
}
export interface PageAnswer {
  readonly entries: readonly EntryTuple[]
  readonly head: number
  readonly first: number
  readonly reset?: boolean
}
export interface MarkAnswer {
  readonly read: number
  readonly received: number
  /** Messages up to the head when the marks moved: `n - unread` are read, whatever came since. */
  readonly n: number
  readonly unread: number
}
export interface MarkedEvent {
  readonly conversation: string
  readonly user: string
  readonly read: number
  readonly received: number
  readonly n?: number
  readonly unread?: number
}
