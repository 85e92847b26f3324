import type { Dotted } from './flat.js'
import type { OutputOf, Schema } from './schema.js'

/** A hint pushed to connected clients. It may be lost; what must not be lost is an entry in a log or a record. */
export interface Event<Name extends string = string, Payload = any> {
  readonly kind: 'event'
  readonly name: Name
  readonly payload: Schema<unknown, Payload>
}

/**
 * Declares an event.
 *
 * @example
 * export const changed = event('poll.changed', tally)
 */
export function event<const Name extends Dotted, P extends Schema>(name: Name, payload: P): Event<Name, OutputOf<P>> {
  return { kind: 'event', name, payload } as never
}
