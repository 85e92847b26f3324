import { WeakDurability } from './faults.js'

export type Durability = 'full' | 'unsafe'

/** Waits this long for another process's transaction, ms. */
const busyTimeout = 5_000

/** What we ask of SQLite, in this order; the first so that the others wait for a lock too. */
export function pragmas(durability: Durability): readonly string[] {
  return [
    `busy_timeout = ${busyTimeout}`,
    'journal_mode = WAL',
    `synchronous = ${durability === 'full' ? 'FULL' : 'NORMAL'}`,
    'foreign_keys = ON',
    // what is removed is overwritten (https://sqlite.org/pragma.html#pragma_secure_delete)
    'secure_delete = ON',
    'cache_size = -32768',
    // Pages that many messages touch are copied into the database less often, for a write-ahead log of 16 MB. Without full sync
    // what is not copied yet can be lost, so there it stays at 1,000.
    ...(durability === 'full' ? ['wal_autocheckpoint = 4000'] : []),
  ]
}

/** What we ask of SQLite for a connection that reads beside the one that writes. */
export const readerPragmas: readonly string[] = [
  `busy_timeout = ${busyTimeout}`,
  'query_only = ON',
  'cache_size = -8192',
]

interface Expected {
  readonly name: string
  readonly values: readonly string[]
  /** What is wrong when it differs. */
  readonly problem: string
}
const expected: readonly Expected[] = [
  {
    name: 'journal_mode',
    values: ['wal'],
    problem: 'the database keeps no write-ahead log here, so an acknowledged message can be lost in a power cut',
  },
  {
    name: 'synchronous',
    values: ['2', '3'],
    problem: 'the database runs without full sync, so an acknowledged message can be lost in a power cut',
  },
  {
    name: 'busy_timeout',
    values: [String(busyTimeout)],
    problem: 'the database does not wait for another process that writes, so messages would be refused',
  },
  { name: 'secure_delete', values: ['1'], problem: 'the database leaves what is removed in its file' },
  { name: 'foreign_keys', values: ['1'], problem: 'the database does not check references' },
]

/**
 * Reads back what SQLite really does. WAL with FULL syncs each commit (https://sqlite.org/pragma.html#pragma_synchronous).
 *
 * @returns whether what is acknowledged survives a power cut.
 * @throws WeakDurability, unless that was accepted by name.
 */
export function checkPragmas(read: (name: string) => unknown, durability: Durability): boolean {
  const wrong = expected.filter(({ name, values }) => !values.includes(String(read(name))))
  if (wrong.length === 0) return true
  if (durability === 'unsafe') return false
  const found = wrong.map(({ name }) => `${name} is ${String(read(name))}`).join(', ')
  throw new WeakDurability(
    `storage-sql: ${wrong[0]!.problem} (${found}).\n  Put the file on a disk that can, or accept it by name: storageSql({ durability: 'unsafe' }).`,
  )
}
