import type { StorageErrors } from '@natter/core/contract'

/** A failure as it travels between threads. */
export interface Fault {
  readonly code: keyof typeof StorageErrors | 'DURABILITY_WEAK'
  /** For the server's log, never for clients. */
  readonly cause: string
  /** What it spoils: the one request, the transaction it was in, or the connection. */
  readonly scope: 'request' | 'transaction' | 'connection'
}

/** Primary result codes of SQLite (https://sqlite.org/rescode.html). */
const primary = {
  ERROR: 1,
  BUSY: 5,
  LOCKED: 6,
  NOMEM: 7,
  READONLY: 8,
  INTERRUPT: 9,
  IOERR: 10,
  CORRUPT: 11,
  FULL: 13,
  CANTOPEN: 14,
  PROTOCOL: 15,
  TOOBIG: 18,
  CONSTRAINT: 19,
  MISMATCH: 20,
  NOLFS: 22,
  RANGE: 25,
  NOTADB: 26,
} as const
const constraintUnique = new Set([1555, 2067, 2579])

/** An error of the durability check, which is not SQLite's. */
export class WeakDurability extends Error {}

/** Reads SQLite's result code out of an error of the driver; opening fails with the code in the text only. */
function resultCode(error: Error): number | undefined {
  const { rawCode } = error as { rawCode?: unknown }
  if (typeof rawCode === 'number') return rawCode
  const code = /^ConnectionFailed\(.*: (\d+)"?\)$/s.exec(error.message)?.[1]
  return code === undefined ? undefined : Number(code)
}

/** Failures to make the file or its folder. */
const systemCodes: Readonly<Record<string, Fault['code']>> = {
  EROFS: 'READ_ONLY',
  EACCES: 'READ_ONLY',
  EPERM: 'READ_ONLY',
  ENOSPC: 'FULL',
  EDQUOT: 'FULL',
}

/** What a failure means for the request, the transaction and the connection. */
export function faultOf(error: unknown): Fault {
  const cause = error instanceof Error ? error.message : String(error)
  const fault = (code: Fault['code'], scope: Fault['scope']): Fault => ({ code, cause, scope })
  if (error instanceof WeakDurability) return fault('DURABILITY_WEAK', 'connection')
  const code = error instanceof Error ? resultCode(error) : undefined
  if (code === undefined) return fault(systemCodes[(error as { code?: string }).code ?? ''] ?? 'UNAVAILABLE', 'request')
  switch (code & 0xff) {
    case primary.CONSTRAINT:
      return fault(constraintUnique.has(code) ? 'EXISTS' : 'INVALID', 'request')
    case primary.TOOBIG:
    case primary.MISMATCH:
    case primary.RANGE:
      return fault('INVALID', 'request')
    case primary.ERROR:
      return fault('UNAVAILABLE', 'request')
    case primary.BUSY:
    case primary.LOCKED:
    case primary.PROTOCOL:
      return fault('BUSY', 'transaction')
    case primary.FULL:
      return fault('FULL', 'transaction')
    case primary.NOMEM:
    case primary.INTERRUPT:
      return fault('UNAVAILABLE', 'transaction')
    case primary.READONLY:
      return fault('READ_ONLY', 'connection')
    default:
      return fault('UNAVAILABLE', 'connection')
  }
}
