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
  const type = typeof value
  return type === 'object' ? 'an object' : `a ${type}`
}
