import { SqlErrors } from '../errors.js'
import type { Wire } from '../server/wire.js'

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string
  readonly mariadb: boolean
  readonly database: string | null
  readonly autocommit: string
  readonly read_only: string
  readonly sql_mode: string
  readonly innodb_flush_log_at_trx_commit: string
  readonly innodb_doublewrite: string
  readonly log_bin: string
  readonly sync_binlog: string
}

const names = [
  'autocommit',
  'read_only',
  'sql_mode',
  'innodb_flush_log_at_trx_commit',
  'innodb_doublewrite',
  'log_bin',
  'sync_binlog',
]

export async function serverFacts(wire: Wire): Promise<ServerFacts> {
  const [own, variables] = await wire.run([
    { sql: 'select version(), database()', bindings: [] },
    { sql: 'show variables where variable_name in (?)', bindings: [names] },
  ])
  const [version, database] = own!.rows[0] as readonly [string, string | null]
  const read = Object.fromEntries(variables!.rows.map(([name, value]) => [String(name).toLowerCase(), String(value)]))
  return {
    ...(read as unknown as ServerFacts),
    version: /^[\d.]+/.exec(version)?.[0] ?? version,
    mariadb: /mariadb/i.test(version),
    database,
  }
}

/** Whether this server can hold a store at all. @throws STORAGE_SQL_SERVER_UNFIT */
export function checkFit(place: string, facts: ServerFacts): void {
  const { version, mariadb, database } = facts
  const unfit = (problem: string) => {
    const name = mariadb ? 'MariaDB' : 'MySQL'
    throw SqlErrors.SERVER_UNFIT({ message: `storage-sql cannot use ${name} at ${place}: ${problem}` })
  }
  const [major = 0, minor = 0] = version.split('.').map(Number)
  const old = mariadb ? major < 10 || (major === 10 && minor < 6) : major < 8
  if (old) unfit(`it is version ${version}.\n  MariaDB 10.6, MySQL 8 or newer is needed.`)
  if (database === null) unfit('the url names no database.\n  Write its name behind the host: mysql://…:3306/name')
  if (/^(on|1)$/i.test(facts.read_only)) unfit('it takes no writes.\n  Name the primary server, not a replica.')
  if (!/^(on|1)$/i.test(facts.autocommit))
    unfit('its connections do not commit by themselves.\n  Set autocommit = 1 for this connection.')
  if (facts.sql_mode.includes('NO_BACKSLASH_ESCAPES')) {
    unfit('its sql_mode has NO_BACKSLASH_ESCAPES.\n  Take it out, for this connection at least.')
  }
  if (!/STRICT_(ALL|TRANS)_TABLES/.test(facts.sql_mode)) {
    unfit(
      'its sql_mode is not strict, so values could be cut short.\n  Add STRICT_TRANS_TABLES, for this connection at least.',
    )
  }
}

type DurabilityFacts = Pick<
  ServerFacts,
  'innodb_flush_log_at_trx_commit' | 'innodb_doublewrite' | 'log_bin' | 'sync_binlog'
>
/**
 * Whether a commit is on the disk when it is answered
 * (https://mariadb.com/kb/en/innodb-system-variables/#innodb_flush_log_at_trx_commit). With a binary log, a commit that is
 * not in it is undone after a crash, so it must be synced too.
 *
 * @throws STORAGE_SQL_DURABILITY_WEAK, unless that was accepted by name.
 */
export function checkDurable(facts: DurabilityFacts, durability: 'full' | 'unsafe'): boolean {
  const wrong: string[] = []
  const { innodb_flush_log_at_trx_commit: flush, innodb_doublewrite: doublewrite } = facts
  if (flush !== '1') wrong.push(`innodb_flush_log_at_trx_commit is ${flush}`)
  if (/^(off|0)$/i.test(doublewrite)) wrong.push(`innodb_doublewrite is ${doublewrite}`)
  if (/^(on|1)$/i.test(facts.log_bin) && facts.sync_binlog !== '1') wrong.push(`sync_binlog is ${facts.sync_binlog}`)
  if (wrong.length === 0) return true
  if (durability === 'unsafe') return false
  throw SqlErrors.DURABILITY_WEAK({
    message: `storage-sql: the database does not write through to the disk, so an acknowledged message can be lost in a power cut (${wrong.join(', ')}).\n  Set innodb_flush_log_at_trx_commit = 1, innodb_doublewrite = on, sync_binlog = 1, or accept it by name: storageSql({ durability: 'unsafe' }).`,
  })
}
