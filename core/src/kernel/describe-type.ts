/** The part of JSON Schema that describes one setting. */
export interface TypeSchema {
  readonly type?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly anyOf?: readonly TypeSchema[]
  readonly oneOf?: readonly TypeSchema[]
  readonly format?: string
  readonly pattern?: string
  readonly minimum?: number
  readonly maximum?: number
  readonly exclusiveMinimum?: number
  readonly exclusiveMaximum?: number
  readonly minLength?: number
  readonly maxLength?: number
  readonly properties?: Readonly<Record<string, TypeSchema>>
  readonly additionalProperties?: TypeSchema | boolean
  readonly items?: TypeSchema
}
const formats = new Map([
  ['uri', 'a URL'],
  ['email', 'an email address'],
  ['date-time', 'a time like 2026-01-31T12:00:00Z'],
])

/** What a value must be, in words: `a whole number from 1 to 100`. Nothing where there are none. */
export function describeType(schema: TypeSchema): string | undefined {
  if (schema.const !== undefined) return JSON.stringify(schema.const)
  if (schema.enum !== undefined) return oneOf(schema.enum.map((value) => JSON.stringify(value)))
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) {
    const described = choices.map(describeType)
    return described.includes(undefined) ? undefined : [...new Set(described)].join(' or ')
  }
  switch (schema.type) {
    case 'integer':
      return `a whole number${range(schema)}`
    case 'number':
      return `a number${range(schema)}`
    case 'string':
      return text(schema)
    case 'boolean':
      return 'true or false'
    case 'array':
      return 'a list'
    case 'object':
      return 'an object'
    case undefined:
    default:
      return undefined
  }
}

const oneOf = (values: readonly string[]) => (values.length === 1 ? values[0] : `one of ${values.join(', ')}`)

function range({ minimum, maximum, exclusiveMinimum, exclusiveMaximum }: TypeSchema): string {
  const least = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  const most = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (least !== undefined && most !== undefined) return ` from ${least} to ${most}`
  const bounds = [
    least === undefined ? '' : ` from ${least}`,
    exclusiveMinimum === undefined ? '' : ` above ${exclusiveMinimum}`,
    most === undefined ? '' : ` up to ${most}`,
    exclusiveMaximum === undefined ? '' : ` below ${exclusiveMaximum}`,
  ]
  return bounds.filter((bound) => bound !== '').join(' and')
}

const characters = (count: number) => (count === 1 ? '1 character' : `${count} characters`)

function text({ format, pattern, minLength, maxLength }: TypeSchema): string {
  const known = formats.get(format ?? '')
  if (known !== undefined) return known
  if (pattern !== undefined) return `text that matches ${pattern}`
  if (minLength !== undefined && maxLength !== undefined) return `text of ${minLength} to ${maxLength} characters`
  if (minLength !== undefined) return `text of at least ${characters(minLength)}`
  return maxLength === undefined ? 'text' : `text of at most ${characters(maxLength)}`
}
