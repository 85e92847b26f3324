import type { StoreSource } from '@natter/core/storage'
import { z } from 'zod'

const isSource = (value: unknown) => (value as StoreSource | null)?.kind === 'store'

/** Configuration of `storageRouted`. The descriptions make the table in `docs/configuration.md`. */
export const configSchema = z.strictObject({
  stores: z
    .record(
      z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -, beginning with a letter'),
      z.custom<StoreSource>(isSource, 'must be a store, like sqlStore({ url }) or mongoStore({ url })'),
    )
    .describe('The databases by a name of your choice, which they keep: `sqlStore(…)`, `mongoStore(…)`.'),
  log: z.string().describe('The store of conversations: messages, members, marks.'),
  records: z
    .object({ default: z.string() })
    .catchall(z.string())
    .describe(
      'The store of the rows: `default`, and others by plugin (`files`) or by plugin and model (`friends.request`).',
    ),
  kv: z
    .record(z.string(), z.string())
    .default({})
    .describe('The store of the key spaces: `default`, which is that of `records` unless given, and others by plugin.'),
  accept: z
    .record(z.string(), z.string())
    .default({})
    .describe('A database that is not the one that belongs here, by the word that the refusal gives.'),
  leave: z
    .record(z.string(), z.array(z.string()).readonly())
    .default({})
    .describe('What may stay unused in a store: `log`, a plugin, a model (`auth.account`), or `kv:` and a plugin.'),
})

/** The configuration of `storageRouted` with its defaults filled in. */
export type RoutedConfig = z.output<typeof configSchema>
