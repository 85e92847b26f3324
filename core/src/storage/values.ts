import { StorageErrors } from '../contract/storage-errors.js'

/** Refuses a value, naming where it is: `ballot.option must be …`. */
export function invalid(where: string, problem: string): never {
  throw StorageErrors.INVALID({ message: `${where} ${problem}.`, details: { field: where, problem } })
}

const idPattern = /^[A-Za-z0-9_.@:-]{1,64}$/

/** An id of the id set. @throws STORAGE_INVALID */
export function checkId(where: string, value: unknown): string {
  if (typeof value === 'string' && idPattern.test(value)) return value
  return invalid(where, 'must be an id: 1 to 64 of A-Z a-z 0-9 _ . @ : -')
}

/** Text that every database keeps as it is. `max` in UTF-16 units. */
export function checkText(where: string, value: unknown, max = Infinity, min = 0): string {
  if (typeof value !== 'string') return invalid(where, 'must be text')
  if (value.length > max) return invalid(where, `must have at most ${max} characters`)
  if (value.length < min) return invalid(where, `must have at least ${min} ${min === 1 ? 'character' : 'characters'}`)
  if (value.includes('\0')) return invalid(where, 'must not contain NUL')
  if (!value.isWellFormed()) return invalid(where, 'must not contain a lone surrogate')
  return value
}

/** A whole number below 2^53 on either side of zero; there is no negative zero. */
export function checkInt(
  where: string,
  value: unknown,
  min: number = Number.MIN_SAFE_INTEGER,
  max: number = Number.MAX_SAFE_INTEGER,
): number {
  if (!Number.isSafeInteger(value)) return invalid(where, 'must be a whole number below 2^53')
  const number = (value as number) + 0
  if (number < min || number > max) return invalid(where, `must be from ${min} to ${max}`)
  return number
}

/** An object with string keys; not an array, not an instance of a class. */
export function isPlain(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype as object) === null
}

/**
 * JSON text that gives the same value back. Absent (`undefined`) properties are left out; what JSON would change on the
 * way (dates, maps, NaN, holes in arrays) is refused rather than changed.
 */
export function jsonText(where: string, value: unknown): string {
  if (value === null) return invalid(where, 'must not be null: leave it out')
  const check = function (this: unknown, key: string, seen: unknown): unknown {
    const own: unknown = (this as Record<string, unknown>)[key]
    if (key !== '' && !Array.isArray(this)) checkText(where, key)
    if (own === undefined && !Array.isArray(this) && key !== '') return undefined
    if (typeof own === 'string') checkText(where, own)
    else if (typeof own === 'number' ? !Number.isFinite(own) : typeof own !== 'boolean' && own !== null)
      if (!Array.isArray(own) && !isPlain(own)) return invalid(where, 'must be plain JSON')
    return seen
  }
  try {
    return JSON.stringify(value, check)
  } catch (error) {
    if (error instanceof RangeError || error instanceof TypeError) return invalid(where, 'must be plain JSON')
    throw error
  }
}
