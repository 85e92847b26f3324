/** Which server a sample runs. It crosses to the server's process as JSON. */
export type ServerPlan =
  | NatterPlan
  | { readonly kind: 'ws' }
  | { readonly kind: 'bare-sockets' }
  | { readonly kind: 'socket.io' }
  | PlainHistoryPlan

/** A page read by what one would write with the database's usual library alone. */
export interface PlainHistoryPlan {
  readonly kind: 'plain-history'
  readonly url: string
  readonly entries: number
}

/** Natter with its default limits. */
export interface NatterPlan {
  readonly kind: 'natter'
  /** The database, as the storage plugins take it; without one, the test kit's storage in memory. */
  readonly url?: string
  /** `bench`: the token is the user's id. `auth`: accounts, sessions, tokens and tickets of `@natter/auth`. */
  readonly identity: 'bench' | 'auth'
  /** A conversation of many, made at the start: there is no plugin for groups to make it. */
  readonly room?: { readonly members: number; readonly entries: number }
  /** With presence, which everybody may see. */
  readonly presence?: true
}

/** What a server's process tells and is asked. */
export type FromServer =
  { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'answer'; readonly value: number }
export type ToServer = 'heap' | 'connections' | 'shed'
