import type { Clock } from '@natter/core'
import type { SqlConfig } from './config.js'
import type { Database } from './database.js'
import { openMysql } from './mysql/mysql-database.js'
import { openPostgres } from './postgres/postgres-database.js'
import { SqlStore } from './sql-store.js'
import { openSqlite } from './sqlite/sqlite-database.js'
import { sqliteFile } from './sqlite-file.js'

async function openDatabase(config: SqlConfig, clock: Pick<Clock, 'monotonic'>): Promise<Database> {
  const { url, schema, prefix, durability, queue, batch, connections } = config
  const monotonic = () => clock.monotonic()
  if (/^postgres(ql)?:/.test(url)) {
    return openPostgres({ url, schema: schema || undefined, prefix, durability, queue, batch, connections, monotonic })
  }
  if (/^(mysql|mariadb):/.test(url)) return openMysql({ url, prefix, durability, queue, batch, connections, monotonic })
  return openSqlite({ file: sqliteFile(url), durability, queue, batch, monotonic })
}

/**
 * Opens the database of a configuration, without a plugin around it: for tools and tests.
 *
 * @throws STORAGE_SQL_URL_UNKNOWN, STORAGE_SQL_DURABILITY_WEAK, STORAGE_SQL_DRIVER_MISSING, STORAGE_SQL_SERVER_UNFIT, and
 *   STORAGE_… when it cannot be opened.
 */
export async function openStore(config: SqlConfig, clock: Pick<Clock, 'now' | 'monotonic'>): Promise<SqlStore> {
  return SqlStore.over(await openDatabase(config, clock), clock)
}
