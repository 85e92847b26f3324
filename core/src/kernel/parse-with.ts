import type { Awaitable, Schema, SchemaIssue, SchemaResult } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { isThenable } from './thenable.js'

/** Where in the input, and what is wrong. */
export interface InvalidDetail {
  /** Keys joined by dots: `pool.max`, `options.0`; empty for the input itself. */
  readonly path: string
  readonly message: string
}
const most = 20

/** An issue's path, outermost key first. */
export function keysOf(issue: SchemaIssue): readonly string[] {
  return (issue.path ?? []).map((part) => String(typeof part === 'object' ? part.key : part))
}

/**
 * Validates by any Standard Schema. Synchronous unless the schema is not.
 *
 * @throws NATTER_INVALID, with `details: [{ path, message }]`, at most 20. Nothing of the input is repeated there.
 *
 * @example
 * const input = await parseWith(command.input, frame[3])
 */
export function parseWith<Out>(schema: Schema<never, Out> | Schema<any, Out>, value: unknown): Awaitable<Out> {
  const result = schema['~standard'].validate(value)
  if (isThenable(result)) return Promise.resolve(result).then((late) => accepted(late as SchemaResult<Out>))
  return accepted(result as SchemaResult<Out>)
}

function accepted<Out>(result: SchemaResult<Out>): Out {
  if (result.issues === undefined) return result.value
  const details = result.issues
    .slice(0, most)
    .map((issue): InvalidDetail => ({ path: keysOf(issue).join('.'), message: issue.message }))
  throw NatterErrors.INVALID({ details })
}
