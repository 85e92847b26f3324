import { NatterError } from '../contract/index.js'
import type { ErrorShape } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { storeFailure } from '../pipeline/store-failure.js'
import { newId } from '../protocol/id.js'

export interface Outward {
  readonly status: number
  readonly shape: ErrorShape
  /** It was not raised on purpose, or the database failed: log it under this request id. */
  readonly fault: boolean
}

/** How an error leaves, over HTTP and WebSocket alike: never with a stack, a path or SQL. */
export function outward(error: unknown, requestId?: string): Outward {
  const failure = storeFailure(error)
  if (failure) return { ...outward(failure), fault: true }
  if (NatterError.is(error) && error.code !== NatterErrors.INTERNAL.code && !hidden.has(error.code)) {
    return {
      status: error.status,
      fault: false,
      shape: {
        code: error.code,
        message: error.message,
        ...(error.retryable ? { retryable: true } : {}),
        ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
        ...(error.details === undefined ? {} : { details: error.details }),
      },
    }
  }
  const { code, spec } = NatterErrors.INTERNAL
  return {
    status: spec.status,
    fault: true,
    shape: { code, message: spec.message, retryable: true, requestId: requestId ?? newId() },
  }
}

// Faults inside, though typed: their messages name plugins and causes, which are for the log.
const hidden = new Set<string>([
  NatterErrors.HOOK_FAILED.code,
  NatterErrors.HOOK_TIMEOUT.code,
  NatterErrors.SERVICE_UNREADY.code,
  NatterErrors.CONFIG_INVALID.code,
  NatterErrors.PLUGIN_INVALID.code,
  NatterErrors.REGISTERED_LATE.code,
])
