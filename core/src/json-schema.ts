import type { Schema } from './contract/index.js'

export type JsonSchema = Readonly<Record<string, unknown>>

interface Describes {
  readonly jsonSchema?: {
    readonly input: (options: { readonly target: string }) => JsonSchema
    readonly output: (options: { readonly target: string }) => JsonSchema
  }
}

/**
 * The JSON Schema (2020-12) of a schema whose library can tell, as Standard JSON Schema has it (zod 4 and others); of any
 * other: anything.
 */
export function jsonSchemaOf(schema: Schema, side: 'input' | 'output'): JsonSchema {
  const { jsonSchema } = schema['~standard'] as Describes
  if (!jsonSchema) return {}
  const { $schema: _, ...described } = jsonSchema[side]({ target: 'draft-2020-12' })
  return described
}
