import type { Dotted } from './flat.js'
import type { InputOf, OutputOf, Schema } from './schema.js'

export interface CommandOptions {
  /** Allowed before a user is known. Default: no. */
  readonly public?: boolean
  /** A client may repeat it after a lost answer; the handler gives the same outcome for the same input. Default: no. */
  readonly idempotent?: boolean
  /** Calls allowed per user: `points` in `windowMs`. Default: the server's command limit. */
  readonly limit?: { readonly points: number; readonly windowMs: number }
}

/**
 * A request that a client makes and a plugin answers. It carries plain types, so an emitted declaration names no schema
 * library and a client program stays cheap to check.
 */
export interface Command<Name extends string = string, In = any, Parsed = any, Out = any> extends CommandOptions {
  readonly kind: 'command'
  readonly name: Name
  readonly input: Schema<In, Parsed>
  readonly output: Schema<unknown, Out>
}

/**
 * Declares a command.
 *
 * @example
 * export const vote = command('poll.vote', { input: z.object({ poll: messageId, option: z.int() }), output: tally })
 */
export function command<const Name extends Dotted, I extends Schema, O extends Schema>(
  name: Name,
  spec: CommandOptions & { readonly input: I; readonly output: O },
): Command<Name, InputOf<I>, OutputOf<I>, OutputOf<O>> {
  return { kind: 'command', name, ...spec } as never
}
