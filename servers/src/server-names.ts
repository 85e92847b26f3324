import type { DatabaseKind } from './found-server.js'

export interface ServerName {
  /** As its makers write it. */
  readonly title: string
  /** The variable of the environment that may hold an address. */
  readonly variable: string
}

/** What each server is called. */
export const serverNames: Readonly<Record<DatabaseKind, ServerName>> = {
  postgres: { title: 'PostgreSQL', variable: 'TEST_POSTGRES_URL' },
  mariadb: { title: 'MariaDB', variable: 'TEST_MARIADB_URL' },
  mongo: { title: 'MongoDB', variable: 'TEST_MONGO_URL' },
}
