import { StorageErrors } from '../contract/index.js'
import type { ErrorFactory, ErrorShape, ErrorSpec, Route } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
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

const own = new Map<string, ErrorSpec>(
  [NatterErrors, StorageErrors]
    .flatMap((group) => Object.values<ErrorFactory>(group))
    .map(({ code, spec }) => [code, spec]),
)

/**
 * The OpenAPI 3.1 document of the routes, made from the schemas that validate them and the errors that contracts declare.
 */
export function openApi(
  prefix: string,
  version: string,
  routes: readonly DescribedRoute[],
  errors: ReadonlyMap<string, ErrorSpec>,
): object {
  const paths: Record<string, Record<string, object>> = {}
  for (const { route, plugin } of routes) {
    const path = `/${plugin}${route.path}`.replaceAll(/:([A-Za-z0-9_]+)/g, '{$1}')
    const methods = (paths[path] ??= {})
    methods[route.method.toLowerCase()] = operation(route, plugin, errors)
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

function operation(route: Route, plugin: string, errors: ReadonlyMap<string, ErrorSpec>): object {
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
      ...refusals(codes, errors),
      default: { description: 'Another error: plugins that guard this route may refuse with their own.', ...errorBody },
    },
  }
}

const errorBody = { content: { 'application/json': { schema: { $ref: '#/components/schemas/Error' } } } }

/** One answer per status, with the codes that it may carry. */
function refusals(codes: readonly string[], errors: ReadonlyMap<string, ErrorSpec>): Record<string, object> {
  const lines = new Map<number, string[]>()
  for (const code of new Set(codes)) {
    const spec = own.get(code) ?? errors.get(code)
    if (!spec) continue
    const known = lines.get(spec.status)
    const line = `${code}: ${spec.message}`
    if (known) known.push(line)
    else lines.set(spec.status, [line])
  }
  return Object.fromEntries(
    [...lines].map(([status, codes]) => [status, { description: codes.join('\n\n'), ...errorBody }]),
  )
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
