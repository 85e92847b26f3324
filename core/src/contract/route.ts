import type { Dotted } from './flat.js'
import type { InputOf, OutputOf, Schema } from './schema.js'

/** The HTTP methods of routes. */
export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Where a route is and how it answers. */
export interface RouteOptions {
  readonly method: Method
  /** Below `<prefix>/<plugin>`; parameters as `:name`. */
  readonly path: `/${string}`
  readonly summary: string
  /** Answered without a user. Default: no. */
  readonly public?: boolean
  /** Largest JSON body, in bytes. Default: that of a frame. */
  readonly bodyBytes?: number
  /** Success status. Default: 200, or 204 where there is no output. */
  readonly status?: number
  /** Codes it may answer with, beside those of the framework. They appear in the OpenAPI document. */
  readonly errors?: readonly string[]
}

/** An HTTP route, described once: it is validated, mounted and documented (OpenAPI 3.1) from this. */
export interface Route<Name extends string = string, In = any, Parsed = any, Out = any> extends RouteOptions {
  readonly kind: 'route'
  readonly name: Name
  /** Path parameters, query (GET, DELETE) or JSON body (otherwise), merged. */
  readonly input?: Schema<In, Parsed>
  readonly output?: Schema<unknown, Out>
}

/**
 * Declares an HTTP route.
 *
 * @example
 * export const login = route('auth.login', { method: 'POST', path: '/login', summary: 'Log in', public: true, input, output })
 */
export function route<
  const Name extends Dotted,
  I extends Schema = Schema<undefined>,
  O extends Schema = Schema<unknown, void>,
>(
  name: Name,
  spec: RouteOptions & { readonly input?: I; readonly output?: O },
): Route<Name, InputOf<I>, OutputOf<I>, OutputOf<O>> {
  return { kind: 'route', name, ...spec } as never
}
