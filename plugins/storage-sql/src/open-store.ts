import type { Clock } from '@natter/core'
import type { SqlConfig } from './config.js'
import type { Database } from './database.js'
import { SqlErrors } from './errors.js'
import { openMysql } from './mysql/mysql-database.js'
import { openPostgres } from './postgres/postgres-database.js'
import { hostDialect } from './server/host-pool.js'
import { SqlStore } from './sql-store.js'
import { openSqlite } from './sqlite/sqlite-database.js'
import { sqliteFile } from './sqlite-file.js'

async function openDatabase(config: SqlConfig, clock: Pick<Clock, 'monotonic'>): Promise<Database> {
  const { url, durability, queue, batch } = config
  const options = {
    ...config,
    knex: config.knex,
    schema: config.schema || undefined,
    monotonic: () => clock.monotonic(),
  }
  const dialect = options.knex ? hostDialect(options.knex) : dialectOf(url)
  if (dialect === 'postgres') return openPostgres(options)
  if (options.schema !== undefined) throw SqlErrors.SERVER_UNFIT({ message: onlyPostgres })
  if (dialect === 'mysql') return openMysql(options)
  if (options.prefix !== 'natter_') throw SqlErrors.SERVER_UNFIT({ message: ownFile })
  return openSqlite({ file: sqliteFile(url), durability, queue, batch, monotonic: options.monotonic })
}

const onlyPostgres =
  'storage-sql puts tables into a schema on PostgreSQL only.\n  Name a prefix instead: storageSql({ prefix: "chat_" }).'

const ownFile =
  'storage-sql takes no prefix for an SQLite file, which holds one store.\n  Name another file instead: storageSql({ url: "sqlite:data/other.db" }).'

const dialectOf = (url: string) => {
  if (/^postgres(ql)?:/.test(url)) return 'postgres'
  return /^(mysql|mariadb):/.test(url) ? 'mysql' : 'sqlite'
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
