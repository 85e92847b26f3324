import type { MongoClient } from 'mongodb'
import { z } from 'zod'

/** Configuration of `storageMongo`. The descriptions make the table in `docs/configuration.md`. */
export const configSchema = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .default('mongodb://127.0.0.1:27017/natter')
      .describe('Where the data is: the address of a replica set, `mongodb://` or `mongodb+srv://`.'),
    database: z
      .string()
      .regex(/^[A-Za-z0-9_-]{0,38}$/, 'must be up to 38 of A-Z a-z 0-9 _ -')
      .default('')
      .describe('Name of the database. Without one it is that in `url`, else `natter`.'),
    prefix: z
      .string()
      .regex(/^[A-Za-z][A-Za-z0-9_]{0,30}$/, 'must be 1 to 31 of A-Z a-z 0-9 _, beginning with a letter')
      .default('natter_')
      .describe('What the names of our collections begin with.'),
    durability: z
      .enum(['full', 'unsafe'])
      .default('full')
      .describe('`unsafe` accepts by name a database that does not write through to the disk.'),
    queue: z
      .int()
      .min(1)
      .max(1_000_000)
      .default(10_000)
      .describe('Most requests waiting for the database; more are refused with `STORAGE_BUSY`.'),
    batch: z.int().min(1).max(1_000).default(256).describe('Most sends and marks that share one commit.'),
    client: z
      .custom<MongoClient>((value) => typeof (value as MongoClient | null)?.db === 'function', 'must be a MongoClient')
      .optional()
      .describe("The host's own `MongoClient`, used in place of `url` and left open at the end."),
  })
  .prefault({})

/** The configuration of `storageMongo` with its defaults filled in. */
export type MongoConfig = z.output<typeof configSchema>
