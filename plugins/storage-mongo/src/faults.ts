import { NatterError, StorageErrors } from '@natter/core/contract'

/** What the driver's errors have in common, whichever copy of the driver made them. */
interface DriverError extends Error {
  readonly code?: unknown
  readonly keyPattern?: Readonly<Record<string, unknown>>
  hasErrorLabel?(label: string): boolean
}

/** Codes of the server (https://www.mongodb.com/docs/manual/reference/error-codes/). */
export const duplicateKey = 11000
const refused: ReadonlySet<unknown> = new Set([2, 9, 14, 17, 121, 10334, 17280, 17419])
const interrupted = 11601
const diskFull: ReadonlySet<unknown> = new Set([14031])
const again = ['TransientTransactionError', 'UnknownTransactionCommitResult']
/** Errors of the driver about a document that cannot be sent. */
const unsendable: ReadonlySet<string> = new Set(['RangeError', 'BSONError', 'MongoInvalidArgumentError'])

/** Whether a unique index refused it; `keyPattern` says which. */
export function isDuplicate(error: unknown): error is DriverError {
  return error instanceof Error && (error as DriverError).code === duplicateKey
}

/** Whether the database refused this one document, and would take another. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && (refused.has((error as DriverError).code) || unsendable.has(error.name))
}

/** Whether a transaction that failed with it may be done again, once it is known that it is not there in the end. */
export function isTransient(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  // it was never answered
  if (NatterError.is(error)) return error.code === StorageErrors.UNAVAILABLE.code
  const { code } = error as DriverError
  return code === interrupted || again.some((label) => (error as DriverError).hasErrorLabel?.(label))
}

/** What a failure of the driver or the server means to a caller. Whatever is no refusal may be tried again. */
export function faultOf(error: unknown): NatterError {
  if (NatterError.is(error)) return error
  const cause = error instanceof Error ? error : new Error(String(error))
  if (isDuplicate(cause)) return StorageErrors.EXISTS({ cause })
  if (isRefusal(cause)) return StorageErrors.INVALID({ cause })
  if (diskFull.has((cause as DriverError).code) || /no space left|ENOSPC/i.test(cause.message)) {
    return StorageErrors.FULL({ cause })
  }
  if (cause.name === 'MongoWaitQueueTimeoutError') return StorageErrors.BUSY({ cause })
  return StorageErrors.UNAVAILABLE({ cause })
}
