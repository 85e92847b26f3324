import type { Outcome } from '../database.js'
import { SqlErrors } from '../errors.js'
import type { Wire } from '../server/wire.js'

/** The oldest version that is supported. */
const oldest = 13

/** What a server says of itself. */
export interface ServerFacts {
  readonly version: string
  readonly major: number
  readonly encoding: string
  readonly standby: boolean
  /** Where tables go that name no schema. */
  readonly schema: string | null
  readonly fsync: string
  readonly full_page_writes: string
  readonly synchronous_commit: string
}

const query = `select current_setting('server_version'), current_setting('server_version_num')::int,
  current_setting('server_encoding'), (pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on')::int,
  current_schema(), current_setting('fsync'), current_setting('full_page_writes'), current_setting('synchronous_commit')`

export async function serverFacts(wire: Wire): Promise<ServerFacts> {
  const [outcome] = await wire.run([{ sql: query, bindings: [] }])
  const [version, number, encoding, standby, schema, fsync, fullPageWrites, synchronousCommit] = (outcome as Outcome)
    .rows[0] as readonly [string, number, string, number, string | null, string, string, string]
  return {
    version: version.split(' ')[0]!,
    major: Math.floor(number / 10_000),
    encoding,
    standby: standby === 1,
    schema,
    fsync,
    full_page_writes: fullPageWrites,
    synchronous_commit: synchronousCommit,
  }
}

/** Whether this server can hold a store at all. @throws STORAGE_SQL_SERVER_UNFIT */
export function checkFit(place: string, { version, major, encoding, standby, schema }: ServerFacts): void {
  const unfit = (problem: string) => {
    throw SqlErrors.SERVER_UNFIT({ message: `storage-sql cannot use PostgreSQL at ${place}: ${problem}` })
  }
  if (major < oldest) unfit(`it is version ${version}.\n  Version ${oldest} or newer is needed.`)
  if (encoding !== 'UTF8') {
    unfit(
      `the database is encoded in ${encoding}.\n  Make it with: create database … encoding 'UTF8' template template0`,
    )
  }
  if (schema === null) unfit('the search path leads to no schema.\n  Name one: storageSql({ schema: "chat" }).')
  if (standby) unfit('it takes no writes.\n  Name the primary server, not a standby, and a user who may write.')
}

/**
 * Whether a commit is on the disk when it is answered (https://www.postgresql.org/docs/current/runtime-config-wal.html).
 *
 * @throws STORAGE_SQL_DURABILITY_WEAK, unless that was accepted by name.
 */
export function checkDurable(
  facts: Pick<ServerFacts, 'fsync' | 'full_page_writes' | 'synchronous_commit'>,
  durability: 'full' | 'unsafe',
): boolean {
  const wrong = (['fsync', 'full_page_writes', 'synchronous_commit'] as const).filter((name) => facts[name] === 'off')
  if (wrong.length === 0) return true
  if (durability === 'unsafe') return false
  const found = wrong.map((name) => `${name} is off`).join(', ')
  throw SqlErrors.DURABILITY_WEAK({
    message: `storage-sql: PostgreSQL does not write through to the disk, so an acknowledged message can be lost in a power cut (${found}).\n  Turn it on, or accept it by name: storageSql({ durability: 'unsafe' }).`,
  })
}
