import type { Engine } from './engine.js'
import { mariadb } from './engines/mariadb.js'
import { mongo } from './engines/mongo.js'
import { postgres } from './engines/postgres.js'
import type { DatabaseKind } from './found-server.js'

export const engines: Readonly<Record<DatabaseKind, Engine>> = { postgres, mariadb, mongo }
