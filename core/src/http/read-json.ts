import type { IncomingMessage } from 'node:http'
import { NatterErrors } from '../errors.js'
import { inspectJson } from '../protocol/inspect-json.js'
import type { Limits } from '../protocol/limits.js'

/**
 * The JSON body of a request, under the same limits as a frame. `parsed` is what a body parser of the host left, if any.
 *
 * @throws NATTER_TOO_LARGE, NATTER_INVALID, NATTER_UNSUPPORTED_TYPE
 */
export async function readJson(request: IncomingMessage, parsed: unknown, limits: Limits): Promise<unknown> {
  if (parsed !== undefined) return checked(parsed, limits)
  const type = request.headers['content-type']
  const length = request.headers['content-length']
  if (length === '0' || (length === undefined && request.headers['transfer-encoding'] === undefined)) return undefined
  if (type === undefined || !/^application\/json\s*(;|$)/i.test(type)) {
    throw NatterErrors.UNSUPPORTED_TYPE({ message: 'Send JSON, with Content-Type: application/json.' })
  }
  const coding = request.headers['content-encoding']
  if (coding !== undefined && coding.toLowerCase() !== 'identity') {
    throw NatterErrors.UNSUPPORTED_TYPE({ message: 'Send the JSON as it is, without Content-Encoding.' })
  }
  if (Number(length) > limits.frameBytes) throw tooLarge(limits)
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of request as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limits.frameBytes) throw tooLarge(limits)
    chunks.push(chunk)
  }
  const bytes = Buffer.concat(chunks)
  if (bytes.length === 0) return undefined
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch (cause) {
    throw NatterErrors.INVALID({ message: 'The body is not JSON in UTF-8.', cause })
  }
  return checked(value, limits)
}

function checked(value: unknown, limits: Limits): unknown {
  const fault = inspectJson(value, limits)
  if (fault) throw NatterErrors.INVALID({ message: `The body has ${fault}.` })
  return value
}

const tooLarge = (limits: Limits) => NatterErrors.TOO_LARGE({ message: `A body may have ${limits.frameBytes} bytes.` })
