import { inspectJson } from '../protocol/inspect-json.js'
import type { Limits } from '../protocol/limits.js'

/** A frame: a JSON array whose first item names the kind. */
export type Frame = readonly [kind: string, ...unknown[]]
export class BadFrame extends Error {}

/**
 * Parses the text of a frame and checks what can be checked without knowing its kind.
 *
 * @throws BadFrame with a reason short enough for a close frame.
 */
export function parseFrame(text: string, limits: Limits): Frame {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new BadFrame('not JSON')
  }
  if (!Array.isArray(value) || typeof value[0] !== 'string') throw new BadFrame('not an array with a kind')
  // Valid JSON that was valid UTF-8 can name NUL and lone surrogates by an escape only.
  const fault = inspectJson(value, limits, text.includes('\\u'))
  if (fault) throw new BadFrame(fault)
  return value as unknown as Frame
}
