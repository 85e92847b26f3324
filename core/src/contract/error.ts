/** What is declared of an error. */
export interface ErrorSpec {
  /** HTTP status. */
  readonly status: number
  /** For the person who reads it: what happened and what to do next. */
  readonly message: string
  readonly retryable?: boolean
}
/** What one occurrence of an error adds to its declaration. */
export interface ErrorOptions {
  readonly message?: string
  readonly details?: unknown
  readonly cause?: unknown
  readonly retryAfterMs?: number
}

/** The one shape in which errors leave, over HTTP (as the JSON body under `error`) and over the WebSocket. */
export interface ErrorShape {
  readonly code: string
  readonly message: string
  readonly retryable?: boolean
  readonly retryAfterMs?: number
  readonly details?: unknown
  /** For `NATTER_INTERNAL`: what to look for in the server's log. */
  readonly requestId?: string
}

/** Every error that Natter raises on purpose. Branch on `code`, never on the message. */
export class NatterError<Code extends string = string> extends Error {
  readonly '~natter' = true
  readonly code: Code
  readonly status: number
  readonly retryable: boolean
  readonly retryAfterMs: number | undefined
  readonly details: unknown

  constructor(code: Code, spec: ErrorSpec, options: ErrorOptions = {}) {
    super(options.message ?? spec.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'NatterError'
    this.code = code
    this.status = spec.status
    this.retryable = spec.retryable ?? false
    this.retryAfterMs = options.retryAfterMs
    this.details = options.details
  }

  /** True across copies of the package. */
  static is(value: unknown): value is NatterError {
    return value instanceof Error && (value as { '~natter'?: unknown })['~natter'] === true
  }
}

/** Makes an error of one code: `throw PollErrors.CLOSED()`, or `deny(PollErrors.CLOSED)`. */
export interface ErrorFactory<Code extends string = string> {
  (options?: ErrorOptions): NatterError<Code>
  readonly code: Code
  readonly spec: ErrorSpec
}
/** The errors of one plugin, by what stands after the prefix. */
export type ErrorGroup<Prefix extends string = string, Keys extends string = string> = {
  readonly [K in Keys]: ErrorFactory<`${Prefix}_${K}`>
}

/**
 * Declares a plugin's errors: one code per cause.
 *
 * @example
 * export const PollErrors = defineErrors('POLL', { CLOSED: { status: 409, message: 'This poll is closed.' } })
 * throw PollErrors.CLOSED()   // code 'POLL_CLOSED'
 */
export function defineErrors<const Prefix extends string, Keys extends string>(
  prefix: Prefix,
  specs: { readonly [K in Keys]: ErrorSpec },
): ErrorGroup<Prefix, Keys> {
  const group: Record<string, ErrorFactory> = {}
  for (const key of Object.keys(specs) as Keys[]) {
    const code = `${prefix}_${key}`
    const spec = specs[key]
    group[key] = Object.assign((options?: ErrorOptions) => new NatterError(code, spec, options), { code, spec })
  }
  return group as never
}

/** A refusal as a value: what a veto, a transform or a first hook returns to say no. */
export interface Denied<Code extends string = string> {
  readonly '~denied': true
  readonly error: NatterError<Code>
}

/** Refuses with one of your declared errors. An exception would be a fault; this is an answer. */
export function deny<Code extends string>(error: ErrorFactory<Code> | NatterError<Code>): Denied<Code> {
  return { '~denied': true, error: typeof error === 'function' ? error() : error }
}

/** Whether an answer of a hook is a refusal. */
export function isDenied(value: unknown): value is Denied {
  return typeof value === 'object' && value !== null && (value as { '~denied'?: unknown })['~denied'] === true
}
