import type { Kv } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkKvKey, checkKvValue, kvExpiry } from '@natter/core/storage'
import type { AnsweringCollection } from './answering-collection.js'
import type { Stored } from './collections.js'
import { isDuplicate } from './faults.js'
import type { Gate } from './gate.js'

/** A value of a key space: `v`, and `e`, when it ends. */
export type KvDocument = Stored<{ readonly s: string; readonly k: string }, { readonly v: string; readonly e?: number }>

/** A key space. What has expired is not there any more, whether or not it was swept away. */
export function mongoKv(
  values: AnsweringCollection<KvDocument>,
  gate: Gate,
  clock: Pick<Clock, 'now'>,
  space: string,
): Kv {
  const at = (key: string) => ({ _id: { $eq: { s: space, k: checkKvKey(key) } } })
  const fields = (value: string, options?: { readonly ttlMs?: number }) => {
    const v = checkKvValue(value)
    const e = kvExpiry(clock.now(), options)
    return e === undefined ? { v } : { v, e }
  }
  const live = (found: Pick<KvDocument, 'v' | 'e'> | null) =>
    found && (found.e === undefined || clock.now() < found.e) ? found.v : undefined

  return {
    get: (key) => gate.read(async () => live(await values.findOne(at(key)))),
    set: (key, value, options) =>
      gate.run(async () => {
        await values.replaceOne(at(key), fields(value, options), { upsert: true })
      }),
    add: (key, value, options) =>
      gate.run(async () => {
        const expired = { ...at(key), e: { $lte: clock.now() } }
        try {
          await values.replaceOne(expired, fields(value, options), { upsert: true })
          return true
        } catch (error) {
          // there is one that has not expired, or another caller was faster
          if (isDuplicate(error)) return false
          throw error
        }
      }),
    take: (key) => gate.run(async () => live(await values.findOneAndDelete(at(key)))),
    delete: (key) =>
      gate.run(async () => {
        await values.deleteOne(at(key))
      }),
  }
}

/** Removes what had expired at both of two looks. */
export async function sweepKv(values: AnsweringCollection<KvDocument>, before: number, now: number): Promise<void> {
  await values.deleteMany({ e: { $lte: Math.min(before, now) } })
}
