import { ClientError } from '@natter/client'
import type { ErrorShape, Route } from '@natter/core/contract'

export type Fetch = (url: string, init: RequestInit) => Promise<Response>
export type RouteInput<R> = R extends Route<string, infer I> ? I : never
export type RouteOutput<R> = R extends Route<string, unknown, unknown, infer O> ? O : never

/** An answer of the server that is not what was asked for, or none. Branch on `code`, as with every error of the client. */
export class RequestError extends ClientError {
  /** HTTP status; 0 when the server was not reached. */
  readonly status: number

  constructor(shape: ErrorShape, status: number, cause?: unknown) {
    super(shape, cause)
    this.status = status
  }
}

export interface RequestOptions {
  readonly method: string
  readonly body?: object
  readonly token?: string | undefined
  /** Whether the browser's cookie goes along. */
  readonly cookie?: boolean
  readonly signal?: AbortSignal | undefined
  /** The answer is given as it is, not read as JSON. */
  readonly text?: boolean
}

/** Asks the server, and gives its answer or throws a `RequestError`; a network failure has the code `CLIENT_OFFLINE`. */
export async function request<T>(fetch: Fetch, url: string, options: RequestOptions): Promise<T> {
  const headers: Record<string, string> = { accept: 'application/json' }
  if (options.body) headers['content-type'] = 'application/json'
  if (options.token) headers.authorization = `Bearer ${options.token}`
  const init: RequestInit = {
    method: options.method,
    headers,
    credentials: options.cookie ? 'include' : 'omit',
    ...(options.body ? { body: JSON.stringify(options.body) } : {}),
    ...(options.signal ? { signal: options.signal } : {}),
  }
  const response = await fetch(url, init).catch((cause: unknown) => {
    if (options.signal?.aborted) throw cause
    throw new RequestError(
      { code: 'CLIENT_OFFLINE', message: 'The server cannot be reached. Try again.', retryable: true },
      0,
      cause,
    )
  })
  const text = await response.text()
  if (response.ok && options.text) return text as T
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
