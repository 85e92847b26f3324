import type { Dotted } from './flat.js'
import type { InputOf, OutputOf, Schema } from './schema.js'

/** How a command may be called. */
export interface CommandOptions {
  /** Allowed before a user is known. Default: no. */
  readonly public?: boolean
  /** A client may repeat it after a lost answer; the handler gives the same outcome for the same input. Default: no. */
  readonly idempotent?: boolean
  /**
   * The answer may be large: one such request per connection is under way at a time, the next waits until it has drained,
   * its bytes do not count to the send-buffer cap, and live entries shrink to head hints meanwhile. Default: no.
   */
  readonly bulk?: boolean
  /** Calls allowed per user: `points` in `windowMs`. Default: only the limits of frames. */
  readonly limit?: { readonly points: number; readonly windowMs: number }
}

/**
 * A request that a client makes and a plugin answers. It carries plain types, so an emitted declaration names no schema
 * library and a client program stays cheap to check.
 */
export interface Command<
  Name extends string = string,
  In = any,
  Parsed = any,
  Out = any,
  Idempotent extends boolean = any,
> extends CommandOptions {
  readonly kind: 'command'
  readonly name: Name
  /** Carried by the type, so that a client, which loads no contract, is told by the compiler what it may repeat. */
  readonly idempotent?: Idempotent
  readonly input: Schema<In, Parsed>
  readonly output: Schema<unknown, Out>
}

/**
 * Declares a command.
 *
 * @example
 * export const vote = command('poll.vote', { input: z.object({ poll: messageId, option: z.int() }), output: tally })
 */
export function command<
  const Name extends Dotted,
  I extends Schema,
  O extends Schema,
  const Idempotent extends boolean = false,
>(
  name: Name,
  spec: CommandOptions & { readonly input: I; readonly output: O; readonly idempotent?: Idempotent },
): Command<Name, InputOf<I>, OutputOf<I>, OutputOf<O>, Idempotent> {
  return { kind: 'command', name, ...spec } as never
}
