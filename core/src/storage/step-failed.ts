import { NatterError } from '../contract/error.js'
import { StorageErrors } from '../contract/storage-errors.js'

/** What `prepare` rejects with when a data step throws. A failure of the database itself stays what it is. */
export function stepFailed(plugin: string, id: string, cause: unknown, kept: string): NatterError {
  if (NatterError.is(cause) && cause.retryable) return cause
  const problem = cause instanceof Error ? cause.message : String(cause)
  return StorageErrors.STEP_FAILED({
    message: `The data step "${id}" of ${plugin} failed: ${problem}\n  ${kept} Correct the step and start again.`,
    cause,
  })
}
