import { z } from 'zod'

export const configSchema = z
  .strictObject({
    /** Where the data is: `sqlite:` and the path of a file, or `sqlite::memory:`, which keeps nothing. */
    url: z.string().min(1).default('sqlite:data/chat.db'),
    /** `unsafe` accepts by name that a power cut may lose acknowledged messages, and is faster. */
    durability: z.enum(['full', 'unsafe']).default('full'),
    /** Most requests waiting for the database; more are refused with STORAGE_BUSY. */
    queue: z.int().min(1).max(1_000_000).default(10_000),
    /** Most writes that share one transaction. */
    batch: z.int().min(1).max(10_000).default(256),
  })
  .prefault({})

export type SqlConfig = z.output<typeof configSchema>
