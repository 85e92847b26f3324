import { types } from 'node:util'

/** Names whose values are secrets or what people wrote, whatever stands before them (`newPassword`, `access_token`). */
const secretEnding =
  /(?:password|passphrase|privatekey|secretkey|apikey|token|ticket|refresh|authorization|cookie|secret|credential|digest|codes)s?$/
const contents = new Set(['body', 'text', 'draft'])
/** All that may be shown of a message: who, where, which, never what. */
const envelope = new Set(['id', 'conversation', 'seq', 'n', 'from', 'clientId', 'at', 'type'])
const deepest = 8
const longest = 100
const hidden = '[hidden]'

/** `postgres://user:password@host` → `postgres://[hidden]@host`. */
export function withoutCredentials(text: string): string {
  return text.includes('://') ? text.replaceAll(/:\/\/[^\s/@]+@/g, `://${hidden}@`) : text
}

/** Whether a field of this name holds a secret. */
export function isSecret(key: string): boolean {
  return secretEnding.test(key.toLowerCase().replaceAll(/[-_]/g, ''))
}
const isHidden = (key: string) => contents.has(key) || isSecret(key)

/**
 * A copy fit for the log: secrets and message bodies are hidden at any depth, bytes are only counted. Messages, drafts
 * and entries show their envelope alone, since a plugin's body may have fields of any name.
 */
export function redact(value: unknown): unknown {
  return copy(value, 0, new Set())
}

function copy(value: unknown, depth: number, above: ReadonlySet<object>): unknown {
  if (typeof value === 'function') return `[function ${value.name}]`
  if (typeof value === 'string') return withoutCredentials(value)
  if (typeof value !== 'object' || value === null) return value
  if (above.has(value)) return '[circular]'
  if (depth > deepest) return '[deeper]'
  if (ArrayBuffer.isView(value) || types.isAnyArrayBuffer(value)) return `[${value.byteLength} bytes]`
  const within = new Set(above).add(value)
  const next = (item: unknown) => copy(item, depth + 1, within)
  if (value instanceof Error) return copyError(value, next)
  if (value instanceof Date) return value
  if (Array.isArray(value) || value instanceof Set) {
    const items = [...value]
    return items.length > longest ? [...items.slice(0, longest).map(next), `[${items.length} in all]`] : items.map(next)
  }
  return copyFields(value instanceof Map ? Object.fromEntries(value) : value, next)
}

function copyFields(value: object, next: (item: unknown) => unknown): object {
  const keys = Object.keys(value)
  const isMessage = keys.includes('conversation') && keys.includes('clientId')
  const fields = value as Readonly<Record<string, unknown>>
  const shown = keys.map((key) => {
    const secret = isHidden(key) || (isMessage && !envelope.has(key))
    return [key, secret && fields[key] !== undefined ? hidden : next(fields[key])]
  })
  return Object.fromEntries(shown)
}

function copyError(error: Error, next: (item: unknown) => unknown): object {
  const own = copyFields(error, next)
  const cause = error.cause === undefined ? {} : { cause: next(error.cause) }
  const errors = error instanceof AggregateError ? { errors: next(error.errors) } : {}
  const { name, message, stack } = error
  return { ...own, name, message: next(message), stack: next(stack), ...cause, ...errors }
}
