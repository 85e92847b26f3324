import { mkdirSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import knex from 'knex'
import type { Knex } from 'knex'

const require = createRequire(import.meta.url)
const BetterSqlite3Client = require('knex/lib/dialects/better-sqlite3') as typeof Knex.Client

/** The shop's own choice of driver: libsql, which has better-sqlite3's interface and needs no compiler. */
class LibsqlClient extends BetterSqlite3Client {
  _driver(): unknown {
    return require('libsql')
  }
}

/** The shop's own database: its pool, its tables. */
export async function openDatabase(folder: string): Promise<Knex> {
  mkdirSync(folder, { recursive: true })
  const db = knex({
    client: LibsqlClient,
    connection: { filename: join(folder, 'shop.db') },
    useNullAsDefault: true,
  })
  if (!(await db.schema.hasTable('users'))) await createTables(db)
  return db
}

async function createTables(db: Knex): Promise<void> {
  await db.schema.createTable('users', (table) => {
    table.increments('id')
    table.string('handle').notNullable().unique()
    table.string('name').notNullable()
    table.string('password').notNullable()
  })
  await db.schema.createTable('logins', (table) => {
    table.string('id').primary()
    table.string('token').notNullable().unique()
    table.integer('user').notNullable()
  })
  await db.schema.createTable('orders', (table) => {
    table.increments('id')
    table.integer('buyer').notNullable()
    table.string('what').notNullable()
    table.boolean('shipped').notNullable().defaultTo(false)
  })
}
