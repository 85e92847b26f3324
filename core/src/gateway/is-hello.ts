import type { Hello } from '../protocol/frames.js'
import { isId } from '../protocol/id.js'
import type { Frame } from './parse-frame.js'

/** Longest token or ticket, characters. */
const longest = 4_096

/**
 * Whether a frame is a hello of the plain kind: a token, a ticket, a device, and nothing that has to be looked at closely.
 * Where everybody returns at once, each hello is read in a process that is not warm yet, and the schema `hello`, which
 * has the last word on all others, costs more there than the rest of the log-in. A test holds one against the other.
 */
export function isHello(frame: Frame): frame is Hello {
  const [kind, who] = frame
  if (frame.length !== 2 || kind !== 'hello' || typeof who !== 'object' || who === null || Array.isArray(who))
    return false
  const { token, ticket, device, client } = who as Hello[1]
  return client === undefined && isSecret(token) && isSecret(ticket) && (device === undefined || isId(device))
}

const isSecret = (value: unknown): boolean =>
  value === undefined || (typeof value === 'string' && value.length <= longest)
