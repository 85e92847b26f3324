import type { ErrorShape, Route } from '../contract/index.js'
import { jsonSchemaOf } from '../json-schema.js'
import type { JsonSchema } from '../json-schema.js'

export interface DescribedRoute {
  readonly route: Route
  readonly plugin: string
}

const errorSchema = {
  type: 'object',
  required: ['error'],
  properties: {
    error: {
      type: 'object',
      required: ['code', 'message'] satisfies (keyof ErrorShape)[],
      properties: {
        code: { type: 'string' },
        message: { type: 'string' },
        retryable: { type: 'boolean' },
        retryAfterMs: { type: 'integer', description: 'ms' },
        details: {},
        requestId: { type: 'string' },
      },
    },
  },
} as const

const general = [
  'NATTER_INVALID',
  'NATTER_TOO_LARGE',
  'NATTER_UNSUPPORTED_TYPE',
  'NATTER_RATE_LIMITED',
  'NATTER_INTERNAL',
]

/** The OpenAPI 3.1 document of the routes, made from the schemas that validate them. */
export function openApi(prefix: string, version: string, routes: readonly DescribedRoute[]): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { route, plugin } of routes) {
    const path = `/${plugin}${route.path}`.replaceAll(/:([A-Za-z0-9_]+)/g, '{$1}')
    const methods = (paths[path] ??= {})
    methods[route.method.toLowerCase()] = operation(route, plugin)
  }
  return {
    openapi: '3.1.0',
    info: { title: 'Natter', version },
    servers: [{ url: prefix }],
    paths,
    components: {
      schemas: { Error: errorSchema },
      securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } },
    },
  }
}

function operation(route: Route, plugin: string): object {
  const input = route.input && jsonSchemaOf(route.input, 'input')
  const names = [...route.path.matchAll(/:([A-Za-z0-9_]+)/g)].map(([, name]) => name!)
  const inBody = route.method !== 'GET' && route.method !== 'DELETE'
  const codes = [...(route.public ? [] : ['NATTER_UNAUTHENTICATED']), ...general, ...(route.errors ?? [])]
  return {
    operationId: route.name,
    summary: route.summary,
    tags: [plugin],
    ...(route.public ? {} : { security: [{ bearer: [] }] }),
    parameters: parameters(input, names, inBody),
    ...(inBody && input ? { requestBody: bodyOf(input, names) } : {}),
    responses: {
      [String(route.status ?? (route.output ? 200 : 204))]: route.output
        ? { description: 'Done', content: { 'application/json': { schema: jsonSchemaOf(route.output, 'output') } } }
        : { description: 'Done' },
      default: {
        description: `An error: one of ${codes.join(', ')}`,
        content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } },
      },
    },
  }
}

function propertiesOf(schema: JsonSchema | undefined): Readonly<Record<string, JsonSchema>> {
  return (schema?.['properties'] ?? {}) as Readonly<Record<string, JsonSchema>>
}

function parameters(input: JsonSchema | undefined, inPath: readonly string[], inBody: boolean): object[] {
  const properties = propertiesOf(input)
  const required = (input?.['required'] ?? []) as readonly string[]
  const path = inPath.map((name) => ({
    name,
    in: 'path',
    required: true,
    schema: properties[name] ?? { type: 'string' },
  }))
  if (inBody) return path
  const query = Object.keys(properties)
    .filter((name) => !inPath.includes(name))
    .map((name) => ({ name, in: 'query', required: required.includes(name), schema: properties[name] }))
  return [...path, ...query]
}

function bodyOf(input: JsonSchema, inPath: readonly string[]): object {
  const properties = Object.fromEntries(Object.entries(propertiesOf(input)).filter(([name]) => !inPath.includes(name)))
  const required = ((input['required'] ?? []) as readonly string[]).filter((name) => !inPath.includes(name))
  const schema = { ...input, properties, ...(required.length > 0 ? { required } : { required: undefined }) }
  return { required: required.length > 0, content: { 'application/json': { schema } } }
}
