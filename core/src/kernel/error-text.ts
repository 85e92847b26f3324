import { isThenable } from './thenable.js'

const longest = 200

/** What was thrown, in one line, for a message: the text of an error, or the value itself. */
export function errorText(thrown: unknown): string {
  const text = thrown instanceof Error ? thrown.message || thrown.name : String(thrown)
  const line = text.replaceAll(/\s+/g, ' ').trim()
  return line.length > longest ? `${line.slice(0, longest)}…` : line
}

/** A value's kind, for a message that says what somebody returned or passed. */
export function kindOf(value: unknown): string {
  if (value === null || value === undefined || typeof value === 'boolean') return String(value)
  if (Array.isArray(value)) return 'a list'
  if (value instanceof Error) return 'an error'
  if (isThenable(value)) return 'a promise'
  if (isClass(value)) return `the class ${value.name || 'without a name'}`
  const type = typeof value
  return type === 'object' ? 'an object' : `a ${type}`
}

/** Written as a class: what was meant is an instance of it. */
export function isClass(value: unknown): value is { readonly name: string } {
  return typeof value === 'function' && Function.prototype.toString.call(value).startsWith('class')
}
