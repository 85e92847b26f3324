import type { Dotted } from './flat.js'
import type { OutputOf, Schema } from './schema.js'

/** A hint pushed to connected clients. It may be lost; what must not be lost is an entry in a log or a record. */
export interface Event<Name extends string = string, Payload = any> {
  readonly kind: 'event'
  readonly name: Name
  readonly payload: Schema<unknown, Payload>
  readonly momentary: boolean
}

/**
 * Declares an event. `momentary`: it is worth something only now, like that somebody is typing. A server that has more to
 * do than it can sends none of these, so that messages come first.
 *
 * @example
 * export const changed = event('poll.changed', tally)
 */
export function event<const Name extends Dotted, P extends Schema>(
  name: Name,
  payload: P,
  { momentary = false }: { readonly momentary?: boolean } = {},
): Event<Name, OutputOf<P>> {
  return { kind: 'event', name, payload, momentary } as never
}
