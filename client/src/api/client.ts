import type { OtherBody } from '@natter/core/contract'
import type { ClientError } from '../errors.js'
import type { Conversation, ConversationInfo } from './conversation.js'
import type { Outbox } from './outbox.js'
import type { Platform } from './platform.js'
import type { Bodies, Calls, ClientPlugins, Codes, Events } from './plugin.js'
import type { Readable } from './readable.js'
import type { Me, Status } from './status.js'
import type { Store } from './store.js'

/** Why a token is asked for. `initial`: the first time. `expired`: for a later connection. `rejected`: the server refused the last one. */
export interface TokenRequest {
  readonly reason: 'initial' | 'expired' | 'rejected'
  /** Aborted when the client is closed. */
  readonly signal: AbortSignal
}

/**
 * Gives an access token. It is asked by one connection at a time, and only where the server's own ticket does not do. If
 * it rejects with an error whose `retryable` is `false`, the client stops with `CLIENT_SIGNED_OUT`; after any other
 * rejection it tries again.
 */
export type TokenSource = (request: TokenRequest) => Promise<string>

/** What `createClient` takes. */
export interface ClientOptions<P extends ClientPlugins = ClientPlugins> {
  /** The chat's prefix: `https://example.org/chat`; in a browser also `/chat`. */
  readonly url: string
  /** Left out where the upgrade itself is authenticated, by the host's cookie. */
  readonly token?: string | TokenSource
  /** Default: `memory()`. In a browser `indexedDb({ name })` keeps unsent messages over a reload. */
  readonly store?: Store
  /** The client halves of plugins: `[auth(), poll()]`. Default: none, then `chat.isError` and `on` know the core alone. */
  readonly plugins?: P
  /** My user id, if it is known: then direct conversations can be opened before the first connection. */
  readonly user?: string
  /** A stable id of this device, where the token does not name one. Default: a random one, kept in the store. */
  readonly device?: string
  /** Name and version of the app, for the server's log. At most 64 characters. */
  readonly client?: string
  /** After an absence: the most entries per conversation that are fetched and given as `message`; beyond that a `gap`. Default 500. */
  readonly catchUp?: number
  /** Begin to connect right away. Default: yes. */
  readonly autoConnect?: boolean
  /** What the runtime lacks or should not be asked: `{ WebSocket }` of `ws` on Node.js 20. */
  readonly platform?: Partial<Platform>
}

/** The events of the client itself; those of plugins come beside them. */
export interface CoreEvents {
  /**
   * The server's store was reset or restored: what was shown of this conversation, or without one of all, is dropped and
   * is being fetched anew.
   */
  readonly reset: { readonly conversation: string | undefined }
  /** So much was missed that entries `from` to `to` are left out; history has them. */
  readonly gap: { readonly conversation: string; readonly from: number; readonly to: number }
  /** Something did not work that does not stop the client, for example the device's storage. */
  readonly problem: ClientError
}

/** A client without the calls of plugins. */
export interface ClientCore<P extends ClientPlugins = ClientPlugins> {
  readonly status: Readable<Status>
  /** Known after the first connection, or before from the option `user`, or from the store. */
  readonly me: Readable<Me | undefined>
  /** Newest first. */
  readonly conversations: Readable<readonly ConversationInfo<Bodies<P> | OtherBody>[]>
  readonly outbox: Outbox
  /**
   * Calls back with each event.
   *
   * `message`: every message that becomes part of a conversation while this client runs, and what reached none of my
   * devices before; my own ones included. Each exactly once, per conversation in the order of `seq`.
   *
   * @returns How to stop; `signal` does the same.
   * @example
   * chat.on('message', (message) => { if (message.type === 'text') console.log(message.from, message.text) })
   */
  on<K extends keyof Events<P>>(
    name: K,
    handler: (payload: Events<P>[K]) => void,
    options?: { readonly signal?: AbortSignal },
  ): () => void
  conversation(id: string): Conversation<Bodies<P>>
  /**
   * The conversation with a person. Its id is computed, nothing is asked; it comes to exist with its first message.
   *
   * @throws CLIENT_USER_UNKNOWN before the first connection, without the option `user`.
   */
  direct(user: string): Conversation<Bodies<P>>
  /**
   * Narrows what was caught to the errors of the client, the server and the installed plugins; with codes, to these.
   *
   * @example
   * if (chat.isError(error, 'NATTER_RATE_LIMITED')) wait(error.retryAfterMs)
   */
  isError<K extends Codes<P> = Codes<P>>(error: unknown, ...codes: readonly K[]): error is ClientError<K>
  /** Connects, also after `close`. Resolves with the first welcome; rejects if the client stops for good before. */
  connect(): Promise<Me>
  /** Disconnects and stops. What is unsent stays in the store. */
  close(): Promise<void>
  /**
   * Closes and forgets the ticket. With `wipe` everything this client kept on the device is removed, unsent messages
   * included. Ending the session on the server is up to the plugin that opened it.
   */
  signOut(options?: { readonly wipe?: boolean }): Promise<void>
}
/** A client with the calls of its plugins: `chat.poll.vote(…)`. */
export type Client<P extends ClientPlugins = ClientPlugins> = ClientCore<P> & Calls<P[number]>
