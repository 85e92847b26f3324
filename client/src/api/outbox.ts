import type { ClientError } from '../errors.js'
import type { SendState } from './messages.js'
import type { Readable } from './readable.js'

/** What an acknowledgement promises. */
export type Sent =
  /** Stored for good, with its place in the conversation. */
  | { readonly durability: 'committed'; readonly conversation: string; readonly seq: number; readonly at: number }
  /** Handed to this many connected devices, and kept nowhere: the server runs without a store. */
  | { readonly durability: 'relayed'; readonly conversation: string; readonly devices: number; readonly at: number }

/** A message on its way. It is shown at once, kept on the device, and sent until it is confirmed or refused. */
export interface Sending {
  /** Its client id: sent again under the same id it is stored once. */
  readonly id: string
  readonly conversation: string
  /** As of now; `subscribe` tells of changes. */
  readonly state: SendState
  /** The last refusal, if there was one. */
  readonly error: ClientError | undefined
  /**
   * Resolves when the server has it, over any number of reconnects. Rejects with the refusal's code, with
   * `CLIENT_DROPPED`, or with `CLIENT_CLOSED` (it stays in the outbox and is sent by the next client on this store).
   * Whoever does not look at it misses nothing: it is made on first access, and a rejection nobody handles is not
   * reported. After `outbox.retry` it is a new promise.
   */
  readonly sent: Promise<Sent>
  subscribe(listener: () => void): () => void
}

/** A message that is not confirmed yet. */
export interface OutboxEntry {
  readonly id: string
  readonly conversation: string
  readonly body: object
  /** When it was written, ms by this device's clock. */
  readonly at: number
  readonly state: 'queued' | 'failed'
  readonly error?: ClientError
}

/**
 * What is not confirmed yet, over restarts of the app if the store keeps it. Errors that the server calls retryable are
 * tried again by themselves; any other leaves the message here as `failed`.
 */
export interface Outbox {
  readonly entries: Readable<readonly OutboxEntry[]>
  list(): readonly OutboxEntry[]
  /** Sends a failed message again, or all of them. */
  retry(id?: string): void
  /**
   * Gives a message up. One that was already transmitted may have arrived all the same; then it comes back as an
   * ordinary message. Returns false if it is not in the outbox.
   */
  drop(id: string): boolean
}
