import type { Kv } from '@natter/core/contract'
import { newId } from '@natter/core'
import { RoutedErrors } from './errors.js'

/** A look that was broken off leaves nothing, ms. */
const ttlMs = 60_000

/**
 * Whether two stores are one database: what is added in one is then there in the other.
 *
 * @throws STORAGE_ROUTED_SAME_DATABASE
 */
export async function checkDistinct(notes: ReadonlyMap<string, Kv>): Promise<void> {
  const key = `look.${newId()}`
  try {
    for (const [name, kv] of notes) {
      if (await kv.add(key, name, { ttlMs })) continue
      throw RoutedErrors.SAME_DATABASE({
        message: `"${await kv.get(key)}" and "${name}" are one and the same database.\n  Give each its own, or take one of them out of "stores".`,
      })
    }
  } finally {
    await Promise.all([...notes.values()].map((kv) => kv.delete(key)))
  }
}
