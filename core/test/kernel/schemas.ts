import type { Schema, SchemaResult } from '@natter/core/contract'

/** A hand-written Standard Schema, as of a library that is not zod. */
export function schemaOf<T>(validate: (value: unknown) => SchemaResult<T> | Promise<SchemaResult<T>>): Schema<T, T> {
  return { '~standard': { version: 1, vendor: 'by hand', validate } }
}
export const anything: Schema<unknown> = schemaOf((value) => ({ value }))
