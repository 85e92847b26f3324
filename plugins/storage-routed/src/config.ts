import type { StoreSource } from '@natter/core/storage'
import { z } from 'zod'

const isSource = (value: unknown) => (value as StoreSource | null)?.kind === 'store'
const storeName = z.string().regex(/^[a-z][a-z0-9-]{0,31}$/, 'must be 1 to 32 of a-z 0-9 -, beginning with a letter')
const source = z.custom<StoreSource>(isSource, 'must be a store, like sqlStore({ url }) or mongoStore({ url })')

/** Configuration of `storageRouted`; what each means is said at `RoutedOptions`. */
export const configSchema = z.strictObject({
  stores: z.record(storeName, source),
  log: z.string(),
  records: z.object({ default: z.string() }).catchall(z.string()),
  kv: z.record(z.string(), z.string()).default({}),
  accept: z.record(z.string(), z.string()).default({}),
  leave: z.record(z.string(), z.array(z.string()).readonly()).default({}),
})

/** The configuration of `storageRouted` with its defaults filled in. */
export type RoutedConfig = z.output<typeof configSchema>
