import type { Kv } from '@natter/core/contract'
import type { Clock } from '@natter/core'
import { checkKvKey, checkKvValue, kvExpiry } from '@natter/core/storage'

interface Value {
  readonly value: string
  readonly expires: number | undefined
}

/** A key space in memory. */
export function memoryKv(clock: Pick<Clock, 'now'>, values: Map<string, Value>, open: () => void): Kv {
  const live = (key: string) => {
    open()
    const found = values.get(checkKvKey(key))
    return found && (found.expires === undefined || clock.now() < found.expires) ? found.value : undefined
  }
  const put = (key: string, value: string, options?: { readonly ttlMs?: number }) => {
    values.set(checkKvKey(key), { value: checkKvValue(value), expires: kvExpiry(clock.now(), options) })
  }
  return {
    get: async (key) => live(key),
    async set(key, value, options) {
      open()
      put(key, value, options)
    },
    async add(key, value, options) {
      if (live(key) !== undefined) return false
      put(key, value, options)
      return true
    },
    async take(key) {
      const value = live(key)
      values.delete(key)
      return value
    },
    async delete(key) {
      open()
      values.delete(checkKvKey(key))
    },
  }
}
export type MemoryValues = Map<string, Value>
