import fc from 'fast-check'
import type { Arbitrary } from 'fast-check'

export type JsonSchema = { readonly [keyword: string]: unknown }

/** Text that breaks things: boundaries, injections, look-alikes, directions. */
const nasty = fc.constantFrom(
  '',
  '$where',
  '__proto__',
  "' or 1=1 --",
  '{"$gt":""}',
  '../../etc/passwd',
  '<img src=x onerror=alert(1)>',
  '\u202eevil',
  'a\u0301\u0301\u0301',
  '👩‍👩‍👧‍👦',
  '${7*7}',
  '%00',
  '\r\nSet-Cookie: a=b',
  'ﷺ'.repeat(50),
  'NaN',
  'constructor',
  'x'.repeat(5_000),
)
const ids = fc.constantFrom('alice', 'bob', 'mallory', 'nobody1', 'x', 'a'.repeat(64), 'd000000000000000000000')

/** Values of a JSON Schema, as far as the keywords that zod writes. */
export function valid(schema: JsonSchema): Arbitrary<unknown> {
  if (schema['const'] !== undefined) return fc.constant(schema['const'])
  if (Array.isArray(schema['enum'])) return fc.constantFrom(...(schema['enum'] as unknown[]))
  const either = (schema['anyOf'] ?? schema['oneOf']) as JsonSchema[] | undefined
  if (either) return fc.oneof(...either.map(valid))
  switch (schema['type']) {
    case 'string':
      return text(schema)
    case 'integer':
    case 'number':
      return number(schema)
    case 'boolean':
      return fc.boolean()
    case 'null':
      return fc.constant(null)
    case 'array':
      return list(schema)
    case 'object':
      return object(schema)
    default:
      return fc.jsonValue({ maxDepth: 3 })
  }
}

function text(schema: JsonSchema): Arbitrary<string> {
  const pattern = schema['pattern'] as string | undefined
  if (pattern === undefined) return fc.oneof(nasty, fc.string({ unit: 'grapheme', maxLength: 40 }))
  return fc.oneof(ids, fc.stringMatching(new RegExp(pattern, 'u')))
}

function number(schema: JsonSchema): Arbitrary<number> {
  const min = Math.max((schema['minimum'] as number | undefined) ?? -10, -(2 ** 53) + 1)
  const max = Math.min((schema['maximum'] as number | undefined) ?? 1_000, 2 ** 53 - 1)
  return fc.oneof(
    fc.constantFrom(min, max),
    fc.integer({ min: Math.max(min, -(2 ** 31)), max: Math.min(max, 2 ** 31 - 1) }),
  )
}

function list(schema: JsonSchema): Arbitrary<unknown> {
  const prefix = schema['prefixItems'] as JsonSchema[] | undefined
  if (prefix) return fc.tuple(...prefix.map(valid))
  return fc.array(valid((schema['items'] ?? {}) as JsonSchema), { maxLength: 4 })
}

function object(schema: JsonSchema): Arbitrary<unknown> {
  const properties = (schema['properties'] ?? {}) as Record<string, JsonSchema>
  const required = (schema['required'] ?? []) as string[]
  if (Object.keys(properties).length === 0)
    return fc.dictionary(fc.string({ maxLength: 8 }), fc.jsonValue({ maxDepth: 2 }))
  return fc.record(Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, valid(each)])), {
    requiredKeys: required,
  })
}

/** The same values with something wrong in them: swapped, missing, added, or of another type. */
export function broken(schema: JsonSchema): Arbitrary<unknown> {
  return fc
    .tuple(valid(schema), fc.nat(), fc.oneof(fc.jsonValue({ maxDepth: 4 }), nasty, fc.double()))
    .map(([value, at, junk]) => {
      const copy = structuredClone(value)
      const places: [Record<string, unknown>, string][] = []
      const walk = (node: unknown) => {
        if (typeof node !== 'object' || node === null) return
        for (const key of Object.keys(node)) {
          places.push([node as Record<string, unknown>, key])
          walk((node as Record<string, unknown>)[key])
        }
      }
      walk(copy)
      const place = places[at % Math.max(1, places.length)]
      if (!place) return junk
      const [node, key] = place
      if (at % 3 === 0 && !Array.isArray(node)) delete node[key]
      else if (at % 3 === 1 && !Array.isArray(node)) node[`${key}x`] = junk
      else node[key] = junk
      return copy
    })
}
