import { checkInt, checkText } from './values.js'

/** Longest key and namespace of a key space, in UTF-16 units. */
export const kvLimits = { namespace: 128, key: 512 } as const

/** A namespace of a key space. @throws STORAGE_INVALID */
export function checkNamespace(namespace: unknown): string {
  return checkText('kv: namespace', namespace, kvLimits.namespace, 1)
}
/** A key. @throws STORAGE_INVALID */
export function checkKvKey(key: unknown): string {
  return checkText('kv: key', key, kvLimits.key, 1)
}
/** A value: text that every database keeps as it is. @throws STORAGE_INVALID */
export function checkKvValue(value: unknown): string {
  return checkText('kv: value', value)
}
/** When it ends, by the clock that says `now`; nothing for a value that stays. */
export function kvExpiry(now: number, options: { readonly ttlMs?: number } = {}): number | undefined {
  return options.ttlMs === undefined
    ? undefined
    : Math.min(now + checkInt('kv: ttlMs', options.ttlMs, 1), Number.MAX_SAFE_INTEGER)
}
