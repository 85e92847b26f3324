import { isName } from '../protocol/frames.js'
import type { RequestFrame } from '../protocol/frames.js'
import { isId } from '../protocol/id.js'
import type { Frame } from './parse-frame.js'
import { isRequestId } from './request-id.js'

/**
 * Whether a frame has the shape of a request. It says the same as the schema `request` for less; the schema says what is
 * wrong with the others. A test holds one against the other.
 */
export function isRequest(frame: Frame): frame is RequestFrame {
  const [kind, rid, name, , key] = frame
  const { length } = frame
  return (length === 4 || (length === 5 && isId(key))) && kind === 'q' && isRequestId(rid) && isName(name)
}
