import type { ErrorShape, Route } from '@natter/core/contract'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
export type RouteInput<R> = R extends Route<string, infer I> ? I : never
export type RouteOutput<R> = R extends Route<string, unknown, unknown, infer O> ? O : never

/** An answer of the server that is not what was asked for. Branch on `code`, as with every error of Natter. */
export class RequestError extends Error implements ErrorShape {
  readonly '~natter' = true
  readonly code: string
  readonly status: number
  readonly retryable: boolean
  readonly retryAfterMs?: number
  readonly details?: unknown
  readonly requestId?: string

  constructor(shape: ErrorShape, status: number, cause?: unknown) {
    super(shape.message, cause === undefined ? undefined : { cause })
    this.name = 'NatterError'
    this.code = shape.code
    this.status = status
    this.retryable = shape.retryable ?? false
    if (shape.retryAfterMs !== undefined) this.retryAfterMs = shape.retryAfterMs
    if (shape.details !== undefined) this.details = shape.details
    if (shape.requestId !== undefined) this.requestId = shape.requestId
  }
}

export interface RequestOptions {
  readonly method: string
  readonly body?: object
  readonly token?: string | undefined
  /** Whether the browser's cookie goes along. */
  readonly cookie?: boolean
  readonly signal?: AbortSignal | undefined
}

/** Asks the server, and gives its answer or throws a `RequestError`; a network failure has the code `NATTER_UNREACHABLE`. */
export async function request<T>(fetch: Fetch, url: string, options: RequestOptions): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body) headers['content-type'] = 'application/json'
  if (options.token) headers.authorization = `Bearer ${options.token}`
  const init: RequestInit = {
    method: options.method,
    headers,
    credentials: options.cookie ? 'same-origin' : 'omit',
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  }
  const response = await fetch(url, init).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause
    throw new RequestError(
      { code: 'NATTER_UNREACHABLE', message: 'The server cannot be reached. Try again.', retryable: true },
      0,
      cause,
    )
  })
  const text = await response.text()
  const answer = parse(text)
  if (response.ok) return answer as T
  const shape = (answer as { error?: ErrorShape } | undefined)?.error
  throw new RequestError(
    shape ?? {
      code: 'NATTER_INTERNAL',
      message: `The server answered with status ${response.status}.`,
      retryable: response.status >= 500,
    },
    response.status,
  )
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : undefined
  } catch {
    return undefined
  }
}
