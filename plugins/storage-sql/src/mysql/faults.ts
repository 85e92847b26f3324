import type { Fault } from '../server/fault.js'

const fault = (code: Fault['code'], scope: Fault['scope']): Fault => ({ code, scope })

/** By the server's number (https://mariadb.com/kb/en/mariadb-error-code-reference/). */
const byNumber: Readonly<Record<number, Fault>> = {
  // duplicate key: of a log, a race that the locks should have prevented
  1062: fault('EXISTS', 'again'),
  // deadlock; another transaction changed the row
  1213: fault('BUSY', 'again'),
  1020: fault('BUSY', 'again'),
  // waited too long for a lock, or was interrupted
  1205: fault('BUSY', 'transaction'),
  1317: fault('BUSY', 'transaction'),
  1969: fault('BUSY', 'transaction'),
  3024: fault('BUSY', 'transaction'),
  // the disk or the table is full
  1021: fault('FULL', 'transaction'),
  1114: fault('FULL', 'transaction'),
  // the server or the transaction is read-only
  1290: fault('READ_ONLY', 'connection'),
  1792: fault('READ_ONLY', 'connection'),
  1836: fault('READ_ONLY', 'connection'),
  // the statement is larger than the server takes
  1153: fault('INVALID', 'request'),
  // shut down, killed
  1053: fault('UNAVAILABLE', 'connection'),
  1927: fault('UNAVAILABLE', 'connection'),
}
/** By the class of the SQLSTATE: a value that is none, a constraint, an exception of a trigger. */
const byClass: Readonly<Record<string, Fault>> = {
  '22': fault('INVALID', 'request'),
  '23': fault('INVALID', 'request'),
  '45': fault('INVALID', 'request'),
  '08': fault('UNAVAILABLE', 'connection'),
  '28': fault('UNAVAILABLE', 'connection'),
}

/** What an error of MySQL or MariaDB, or of the way there, means. */
export function faultOf(error: unknown): Fault {
  const { errno, sqlState, fatal } = error as { errno?: unknown; sqlState?: unknown; fatal?: unknown }
  // what has no state is not said by the server: the way there is broken
  if (typeof errno !== 'number' || typeof sqlState !== 'string') {
    return error instanceof TypeError ? fault('INVALID', 'request') : fault('UNAVAILABLE', 'connection')
  }
  const known = byNumber[errno] ?? byClass[sqlState.slice(0, 2)]
  return known ?? fault('UNAVAILABLE', fatal === true ? 'connection' : 'transaction')
}

/** What a change of the schema says that was made already, by a migration that was interrupted. */
const made = new Set([1050, 1060, 1061, 1091])
export const isMadeAlready = (error: unknown): boolean => made.has((error as { errno?: number }).errno ?? 0)
