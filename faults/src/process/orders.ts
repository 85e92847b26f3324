import type { Durability, StoreName } from './stores.js'

/** How a server process puts its chat together. */
export interface BootOptions {
  readonly store: StoreName
  /** Everything that the server keeps is in here, or in the database. */
  readonly folder: string
  /** The addresses of its database servers, in the order of the store's `databases`. */
  readonly databases: readonly string[]
  readonly durability: Durability
  /** `driven`: real time that the harness can make jump. */
  readonly clock: 'system' | 'driven'
  /** With a driven clock: so much time has passed already, ms. */
  readonly aheadMs?: number
  /** `tokens`: testkit's, the token names the user. `accounts`: the plugin auth. */
  readonly identity: 'tokens' | 'accounts'
  /** With messages that are sent at a time, and that disappear. */
  readonly actions?: boolean
  /** Also listens on the Unix socket `chat.sock` in the folder. */
  readonly unixSocket?: boolean
}

/** What can be asked of a server process that runs. */
export type Question =
  /** The wall clock jumps; only with a driven clock. */
  | { readonly ask: 'jump'; readonly ms: number }
  /** So much time passes at once, on both clocks: due timers run. */
  | { readonly ask: 'pass'; readonly ms: number }
  /** Resident bytes, and how many are connected. */
  | { readonly ask: 'memory' }
  /** The host sends for a user to many people, one message each per round; each round waits for its acks. */
  | {
      readonly ask: 'flood'
      readonly from: string
      readonly to: readonly string[]
      readonly rounds: number
      readonly bytes: number
    }
  /** The host sends long messages to one person, several at a time, until some are refused; at most so many. */
  | {
      readonly ask: 'fill'
      readonly name: string
      readonly from: string
      readonly to: string
      readonly bytes: number
      readonly most: number
    }
  /** The host sends a message for a user, through all hooks; the answer is its seq. */
  | { readonly ask: 'send'; readonly from: string; readonly to: string; readonly text: string; readonly id?: string }
  | { readonly ask: 'kv'; readonly do: 'set' | 'get'; readonly key: string; readonly ttlMs?: number }

/** What became of long messages. */
export interface Filled {
  readonly stored: readonly { readonly id: string; readonly seq: number }[]
  readonly refused: readonly { readonly id: string; readonly code: string; readonly retryable: boolean }[]
}
export interface Answers {
  jump: undefined
  pass: undefined
  memory: { readonly rss: number; readonly connections: number }
  flood: undefined
  fill: Filled
  send: number
  kv: string | undefined
}

export type ToServer =
  | { readonly kind: 'boot'; readonly options: BootOptions }
  | { readonly kind: 'question'; readonly id: number; readonly question: Question }
export type FromServer =
  /** Everything is loaded; the boot can begin. */
  | { readonly kind: 'loaded' }
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: string }
