/** Which server a sample runs. It crosses to the server's process as JSON. */
export type ServerPlan =
  | NatterPlan
  | { readonly kind: 'ws' }
  | { readonly kind: 'bare-sockets' }
  | { readonly kind: 'socket.io' }
  | { readonly kind: 'knex-history'; readonly file: string; readonly entries: number }

/** Natter with its default limits. */
export interface NatterPlan {
  readonly kind: 'natter'
  /** A file of SQLite; without one, the test kit's storage in memory. */
  readonly file?: string
  /** `bench`: the token is the user's id. `auth`: accounts, sessions, tokens and tickets of `@natter/auth`. */
  readonly identity: 'bench' | 'auth'
  /** A conversation of many, made at the start: there is no plugin for groups to make it. */
  readonly room?: { readonly members: number; readonly entries: number }
}

/** What a server's process tells and is asked. */
export type FromServer =
  { readonly kind: 'listening'; readonly port: number } | { readonly kind: 'answer'; readonly value: number }
export type ToServer = 'heap' | 'connections'
