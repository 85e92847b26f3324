import { z } from 'zod'
import type { HostKnex } from './server/host-pool.js'

const isKnex = (value: unknown) =>
  typeof value === 'function' && typeof (value as unknown as Partial<HostKnex>).client?.acquireConnection === 'function'

/** Configuration of `storageSql`. The descriptions make the table in `docs/configuration.md`. */
export const configSchema = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .default('sqlite:data/chat.db')
      .describe(
        'Where the data is: `sqlite:` and the path of a file, `sqlite::memory:`, which keeps nothing, or `postgres://user:password@host:5432/name`.',
      ),
    knex: z
      .custom<HostKnex>(isKnex, 'must be an instance of Knex')
      .optional()
      .describe(
        "The host's own Knex on PostgreSQL or on MySQL and MariaDB, instead of a url. Its pool is used, and nothing is set on it.",
      ),
    schema: z
      .string()
      .regex(/^([a-z][a-z0-9_]{0,39})?$/)
      .default('')
      .describe(
        'PostgreSQL: the schema for the tables, made where it is missing. Without one it is where the connection puts them.',
      ),
    prefix: z
      .string()
      .regex(/^[a-z][a-z0-9_]{0,19}$/)
      .default('natter_')
      .describe('What the names of the tables begin with, in a database that others use too.'),
    connections: z.int().min(1).max(100).default(10).describe('Most connections to a database server.'),
    durability: z
      .enum(['full', 'unsafe'])
      .default('full')
      .describe('`unsafe` accepts by name that a power cut may lose acknowledged messages, and is faster.'),
    queue: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Most requests waiting for the database; more are refused with `STORAGE_BUSY`.'),
    batch: z.int().min(1).max(10_000).default(256).describe('Most writes that share one transaction.'),
  })
  .prefault({})

/** The configuration of `storageSql` with its defaults filled in. */
export type SqlConfig = z.output<typeof configSchema>
