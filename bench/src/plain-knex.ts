import { createRequire } from 'node:module'
import Knex from 'knex'

const require = createRequire(import.meta.url)
const BetterSqlite3Client = require('knex/lib/dialects/better-sqlite3/index.js') as typeof Knex.Client

/** The driver of storage-sql under knex, so that both read by the same. */
class LibsqlClient extends BetterSqlite3Client {
  _driver(): unknown {
    return require('libsql')
  }
}

/** Knex as one would set it up for this database: durable, with a pool of ten where there can be one. */
export function plainKnex(url: string): Knex.Knex {
  if (url.startsWith('postgres')) return Knex.knex({ client: 'pg', connection: url, pool: { min: 0, max: 10 } })
  if (!url.startsWith('sqlite:')) {
    return Knex.knex({ client: 'mysql2', connection: url.replace(/^mariadb:/, 'mysql:'), pool: { min: 0, max: 10 } })
  }
  return Knex.knex({
    client: LibsqlClient,
    connection: { filename: url.slice('sqlite:'.length) },
    useNullAsDefault: true,
    pool: {
      min: 1,
      max: 1,
      afterCreate(connection: { exec(sql: string): void }, done: (error: null, connection: unknown) => void) {
        connection.exec('pragma journal_mode = wal; pragma synchronous = full; pragma busy_timeout = 5000')
        done(null, connection)
      },
    },
  })
}
