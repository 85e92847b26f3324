import type { SendFrame } from '../protocol/frames.js'
import { isId } from '../protocol/id.js'
import type { Frame } from './parse-frame.js'
import { isRequestId } from './request-id.js'

/**
 * Whether a frame has the shape of a send. It says the same as the schema `send` for less, because every message is
 * asked; the schema says what is wrong with the others. A test holds one against the other.
 */
export function isSend(frame: Frame): frame is SendFrame {
  const [kind, rid, to, clientId, body] = frame
  return frame.length === 5 && kind === 's' && isRequestId(rid) && isAddress(to) && isId(clientId) && isObject(body)
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

const isAddress = (to: unknown): boolean => (typeof to === 'string' ? isId(to) : isObject(to) && isId(to['user']))
