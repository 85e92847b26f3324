import type { Schema, SchemaIssue } from '../contract/index.js'
import { didYouMean } from './did-you-mean.js'
import { describeType } from './describe-type.js'
import type { TypeSchema } from './describe-type.js'
import { kindOf } from './error-text.js'
import { keysOf } from './parse-with.js'
import { isSecret, withoutCredentials } from './redact.js'

const longest = 60

/** One line about one setting: its path, what was given (secrets hidden), and what it must be. */
export function describeIssue(schema: Schema, issue: SchemaIssue, given: unknown): string {
  const keys = keysOf(issue)
  const subject = nameOf(keys)
  const unknown = (issue as { code?: unknown; keys?: readonly string[] }).code === 'unrecognized_keys'
  if (unknown) return unknownKeys(schema, issue as never, keys)
  const value = valueAt(given, keys)
  const is = value === undefined ? 'is missing' : `is ${keys.some(isSecret) ? '[hidden]' : shown(value)}`
  const must = expectation(schema, issue, keys)
  return must === undefined ? `${subject} ${is}: ${sentence(issue.message)}` : `${subject} ${is}; it must be ${must}.`
}

const nameOf = (keys: readonly string[]) => (keys.length === 0 ? 'its configuration' : `"${keys.join('.')}"`)
const sentence = (text: string) => (/[.!?]$/.test(text) ? text : `${text}.`)

function valueAt(given: unknown, keys: readonly string[]): unknown {
  let at = given
  for (const key of keys) at = (at as Readonly<Record<string, unknown>> | null | undefined)?.[key]
  return at
}

/** The value as given, short; of what holds other values only the kind, since there may be secrets among them. */
function shown(value: unknown): string {
  if (typeof value === 'string') {
    const text = withoutCredentials(value)
    return JSON.stringify(text.length > longest ? `${text.slice(0, longest)}…` : text)
  }
  return typeof value === 'number' || typeof value === 'bigint' ? String(value) : kindOf(value)
}

/** zod's own texts name bounds one at a time; what the author of a schema wrote goes before anything of ours. */
const generic = /^(?:Invalid|Too small|Too big|Unrecognized)\b/

function expectation(schema: Schema, issue: SchemaIssue, keys: readonly string[]): string | undefined {
  if (schema['~standard'].vendor !== 'zod' || !generic.test(issue.message)) return undefined
  const at = typeAt(schema, keys)
  return at === undefined ? undefined : describeType(at)
}

function unknownKeys(schema: Schema, issue: { readonly keys: readonly string[] }, keys: readonly string[]): string {
  const names = issue.keys.map((key) => nameOf([...keys, key])).join(', ')
  const known = Object.keys(typeAt(schema, keys)?.properties ?? {})
  return `${names} is not a setting.${didYouMean(issue.keys[0] ?? '', known)}`
}

/**
 * Settings that the schema does not know and that its library would drop without a word, a line for each: a misspelt
 * setting would otherwise be no setting. A schema that takes further keys on purpose says so (`z.looseObject`).
 */
export function strayKeys(schema: Schema, given: unknown): readonly string[] {
  const root = schema['~standard'].vendor === 'zod' ? typeAt(schema, []) : undefined
  return root ? straysBelow(root, given, []) : []
}

function straysBelow(at: TypeSchema, given: unknown, keys: readonly string[]): readonly string[] {
  if (at.properties === undefined || typeof given !== 'object' || given === null) return []
  const known = Object.keys(at.properties)
  return Object.entries(given).flatMap(([key, value]) => {
    const below = at.properties?.[key]
    if (below) return straysBelow(below, value, [...keys, key])
    if (at.additionalProperties) return []
    return [`${nameOf([...keys, key])} is not a setting.${didYouMean(key, known)}`]
  })
}

/** Standard JSON Schema (standardschema.dev), which zod implements beside Standard Schema. */
interface WithJsonSchema {
  readonly jsonSchema?: { input(options: { target: string; libraryOptions?: object }): TypeSchema }
}

function typeAt(schema: Schema, keys: readonly string[]): TypeSchema | undefined {
  const { jsonSchema } = schema['~standard'] as WithJsonSchema
  try {
    let at = jsonSchema?.input({ target: 'draft-2020-12', libraryOptions: { unrepresentable: 'any' } })
    for (const key of keys) at = at?.properties?.[key] ?? at?.items ?? within(at?.additionalProperties)
    return at
  } catch {
    // A schema that has no JSON form: its own message must do.
    return undefined
  }
}

const within = (additional: TypeSchema | boolean | undefined) =>
  typeof additional === 'object' ? additional : undefined
