import type { ErrorShape, StorageErrors } from '@natter/core/contract'

/** Codes of the server's core that can reach a client. Plugins add theirs. */
export type ServerCode =
  | 'NATTER_INVALID'
  | 'NATTER_TOO_LARGE'
  | 'NATTER_NOT_FOUND'
  | 'NATTER_CONFLICT'
  | 'NATTER_UNAUTHENTICATED'
  | 'NATTER_FORBIDDEN'
  | 'NATTER_RATE_LIMITED'
  | 'NATTER_UNKNOWN_COMMAND'
  | 'NATTER_UNKNOWN_BODY'
  | 'NATTER_PLUGIN_ABSENT'
  | 'NATTER_NOBODY_ONLINE'
  | 'NATTER_NOT_AVAILABLE'
  | 'NATTER_DRAINING'
  | 'NATTER_BUSY'
  | 'NATTER_TIMEOUT'
  | 'NATTER_INTERNAL'
  | 'NATTER_HOOK_FAILED'
  | 'NATTER_HOOK_TIMEOUT'
  | 'NATTER_STOPPED'
  | (typeof StorageErrors)[keyof typeof StorageErrors]['code']

/** Codes of the client itself. */
export type LocalCode =
  /** The connection was lost before the answer came, and the command may not be repeated: it happened or it did not. */
  | 'NATTER_OUTCOME_UNKNOWN'
  /** No connection within the time for the call: nothing was transmitted. */
  | 'CLIENT_OFFLINE'
  /** The caller's signal was aborted. `cause` is its reason. */
  | 'CLIENT_ABORTED'
  /** `close()` or `signOut()` was called. */
  | 'CLIENT_CLOSED'
  /** The message was dropped from the outbox. */
  | 'CLIENT_DROPPED'
  /** The session has ended: log in again. */
  | 'CLIENT_SIGNED_OUT'
  /** The server refused the token, and a new one as well. */
  | 'CLIENT_TOKEN_REJECTED'
  /** `token` could not give one; it is asked again. `cause` is why. */
  | 'CLIENT_TOKEN_FAILED'
  /** The connection could not be made, or was lost. `details.closeCode` has the WebSocket's code. */
  | 'CLIENT_DISCONNECTED'
  /** The user is connected more often than the server allows, and this was the oldest connection. */
  | 'CLIENT_TOO_MANY_CONNECTIONS'
  /** The server no longer speaks this client's protocol: update the app. */
  | 'CLIENT_OUTDATED'
  /** The server found this client's frames wrong. */
  | 'CLIENT_PROTOCOL'
  /** The store keeps another person's data. Use a store per user, or `signOut({ wipe: true })` first. */
  | 'CLIENT_OTHER_USER'
  /** My user id is not known yet. */
  | 'CLIENT_USER_UNKNOWN'
  /** The device could not keep it: it lives in memory only. */
  | 'CLIENT_STORE_FAILED'
  /** The runtime lacks something; pass it as `platform`. */
  | 'CLIENT_PLATFORM'

/** Every code that the client can give without its plugins. */
export type ClientCode = ServerCode | LocalCode

/**
 * Every error that the client gives, its own and the server's: branch on `code`.
 *
 * `retryable`: the same may work later. `retryAfterMs`: not before. `details` and `requestId` are the server's.
 */
export class ClientError<Code extends string = string> extends Error {
  readonly '~client' = true
  readonly code: Code
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly details: unknown
  readonly requestId: string | undefined
  readonly cause: unknown

  constructor(shape: ErrorShape & { readonly code: Code }, cause?: unknown) {
    super(shape.message)
    this.name = 'ClientError'
    this.code = shape.code
    this.retryable = shape.retryable === true
    this.retryAfterMs = shape.retryAfterMs
    this.details = shape.details
    this.requestId = shape.requestId
    this.cause = cause
  }
}

/** True across copies of the package. */
export function isClientError(value: unknown): value is ClientError {
  return value instanceof Error && (value as { '~client'?: unknown })['~client'] === true
}

/** An error of the client's own. */
export function localError(
  code: LocalCode | ServerCode,
  message: string,
  more: { retryable?: boolean; details?: unknown; cause?: unknown } = {},
): ClientError {
  return new ClientError({ code, message, ...more }, more.cause)
}
