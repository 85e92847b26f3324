import type { Fault } from '../server/fault.js'

const fault = (code: Fault['code'], scope: Fault['scope']): Fault => ({ code, scope })

/** By SQLSTATE (https://www.postgresql.org/docs/current/errcodes-appendix.html), the longest match first. */
const known: Readonly<Record<string, Fault>> = {
  // serialization failure, deadlock
  '40001': fault('BUSY', 'again'),
  '40P01': fault('BUSY', 'again'),
  // unique violation: of a log, a race that the locks should have prevented
  '23505': fault('EXISTS', 'again'),
  // lock not available, query canceled
  '55P03': fault('BUSY', 'transaction'),
  '57014': fault('BUSY', 'transaction'),
  // read-only transaction, as on a standby
  '25006': fault('READ_ONLY', 'connection'),
  // disk full
  '53100': fault('FULL', 'transaction'),
  // a value that is none, a constraint, too long a row, an exception of a trigger
  '22': fault('INVALID', 'request'),
  '23': fault('INVALID', 'request'),
  '54': fault('INVALID', 'request'),
  P0: fault('INVALID', 'request'),
  // out of memory, and all else that has run out
  '53': fault('UNAVAILABLE', 'transaction'),
  // connection lost, or refused; the operator ends it; the system fails
  '08': fault('UNAVAILABLE', 'connection'),
  '28': fault('UNAVAILABLE', 'connection'),
  '57': fault('UNAVAILABLE', 'connection'),
  '58': fault('UNAVAILABLE', 'connection'),
  XX: fault('UNAVAILABLE', 'connection'),
}

/** What an error of PostgreSQL, or of the way there, means. */
export function faultOf(error: unknown): Fault {
  const { code, severity } = error as { readonly code?: unknown; readonly severity?: unknown }
  // what has no severity is not said by the server: the way there is broken
  if (typeof code !== 'string' || typeof severity !== 'string') {
    return error instanceof TypeError ? fault('INVALID', 'request') : fault('UNAVAILABLE', 'connection')
  }
  if (severity === 'FATAL' || severity === 'PANIC') return fault('UNAVAILABLE', 'connection')
  return known[code] ?? known[code.slice(0, 2)] ?? fault('UNAVAILABLE', 'transaction')
}
