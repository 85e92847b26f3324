import { copyStore } from '@natter/core/storage'
import type { CopiedPart, CopyProgress } from '@natter/core/storage'
import { openSource, openTarget } from './open-stores.js'
import type { CopyOrder } from './order.js'

/**
 * Copies one store into another, or goes on with it, and compares both.
 *
 * @throws What opening and `copyStore` throw, and what `tell` throws.
 */
export async function copy({ from, to }: CopyOrder, tell: CopyProgress): Promise<readonly CopiedPart[]> {
  const source = await openSource(from)
  try {
    const target = await openTarget(to)
    try {
      return await copyStore(from.place.name, source, target, tell)
    } finally {
      await target.close()
    }
  } finally {
    await source.close()
  }
}
