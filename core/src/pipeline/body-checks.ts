import { NatterErrors } from '../errors.js'
import type { Limits } from '../protocol/limits.js'
import { isId } from '../protocol/id.js'
import { isPromise } from './then.js'
import type { Awaitable } from '../contract/index.js'

/** Checks a body against its schema and returns what it says, without unknown fields. Throws NATTER_INVALID. */
export type CheckBody = (body: Readonly<Record<string, unknown>>) => Awaitable<Readonly<Record<string, unknown>>>

/** A body that passed: its type, its fields without the type, and the JSON text that is stored and sent. */
export interface CheckedBody {
  readonly type: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly text: string
}

/** So many people may be mentioned by one text. */
const mostMentions = 50

/** The kinds of body that may be sent here: text, opaque, and what the contracts declare. */
export class BodyChecks {
  readonly #declared: ReadonlyMap<string, CheckBody>
  readonly #limits: Pick<Limits, 'textLength' | 'bodyBytes'>

  constructor(declared: ReadonlyMap<string, CheckBody>, limits: Pick<Limits, 'textLength' | 'bodyBytes'>) {
    this.#declared = declared
    this.#limits = limits
  }

  /** @throws NATTER_UNKNOWN_BODY, NATTER_INVALID, NATTER_TOO_LARGE */
  check(body: Readonly<Record<string, unknown>>): Awaitable<CheckedBody> {
    const type = body['type'] ?? 'text'
    if (type === 'text') {
      const fields = this.#text(body)
      const more = fields.mentions === undefined ? '' : `,"mentions":${JSON.stringify(fields.mentions)}`
      return this.#sized({ type, fields, text: `{"text":${JSON.stringify(fields.text)}${more}}` })
    }
    const declared = typeof type === 'string' ? this.#declared.get(type) : undefined
    if (!declared || typeof type !== 'string') {
      throw NatterErrors.UNKNOWN_BODY({ details: { type: typeof type === 'string' ? type.slice(0, 64) : typeof type } })
    }
    const { type: _, ...rest } = body
    const fields = declared(rest)
    if (isPromise(fields)) return fields.then((done) => this.#sized({ type, fields: done, text: bodyText(type, done) }))
    return this.#sized({ type, fields, text: bodyText(type, fields) })
  }

  #text(body: Readonly<Record<string, unknown>>): { readonly text: string; readonly mentions?: readonly string[] } {
    const text = body['text']
    if (typeof text !== 'string' || text === '') {
      throw NatterErrors.INVALID({ details: [{ path: ['text'], message: 'must be text, at least one character' }] })
    }
    if (text.length > this.#limits.textLength) {
      throw NatterErrors.TOO_LARGE({
        message: `A message may have ${this.#limits.textLength} characters.`,
        details: { max: this.#limits.textLength, length: text.length },
      })
    }
    return body['mentions'] === undefined ? { text } : { text, ...mentionsOf(body['mentions']) }
  }

  #sized(body: CheckedBody): CheckedBody {
    // Three bytes per UTF-16 unit at most: short bodies need no count.
    if (body.text.length * 3 > this.#limits.bodyBytes && Buffer.byteLength(body.text) > this.#limits.bodyBytes) {
      throw NatterErrors.TOO_LARGE({ message: `A message body may have ${this.#limits.bodyBytes} bytes.` })
    }
    return body
  }
}

/** Whom a text mentions, each once; none is nothing. */
function mentionsOf(given: unknown): { readonly mentions?: readonly string[] } {
  if (!Array.isArray(given) || given.length > mostMentions || !given.every(isId)) {
    const message = `must be at most ${mostMentions} ids of people, or @all`
    throw NatterErrors.INVALID({ details: [{ path: ['mentions'], message }] })
  }
  return given.length === 0 ? {} : { mentions: [...new Set(given as string[])] }
}

/** The JSON text of a body: its fields, and its type unless that is `text`. */
export function bodyText(type: string, fields: Readonly<Record<string, unknown>>): string {
  return JSON.stringify(type === 'text' ? fields : { type, ...fields })
}
