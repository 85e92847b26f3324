import { NatterError, StorageErrors } from '../contract/index.js'
import { NatterErrors } from '../errors.js'

const passing = new Set<string>(
  Object.values(StorageErrors)
    .filter(({ spec }) => spec.retryable === true)
    .map(({ code }) => code),
)

/**
 * What a store said where a hook met it, if who asked shall know: a full disk stays one, and may be tried again; what the
 * database refuses for its value is refused for good, in words that tell nothing of it.
 */
export function storeFailure(error: unknown): NatterError | undefined {
  if (!NatterError.is(error) || error.code !== NatterErrors.HOOK_FAILED.code || !NatterError.is(error.cause)) {
    return undefined
  }
  // a hook may have asked another one
  if (error.cause.code === error.code) return storeFailure(error.cause)
  if (passing.has(error.cause.code)) return error.cause
  return error.cause.code === StorageErrors.INVALID.code ? StorageErrors.INVALID({ cause: error.cause }) : undefined
}
