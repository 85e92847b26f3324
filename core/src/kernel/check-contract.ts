import type { Route, Schema } from '../contract/index.js'
import { kindOf } from './error-text.js'
import { pluginInvalid } from './plugin-error.js'

/** @throws NATTER_PLUGIN_INVALID for what is no Standard Schema, naming whose it is: `echo: the command "echo.say"`. */
export function checkSchema(whose: string, part: string, schema: unknown): void {
  if (typeof (schema as Partial<Schema> | null | undefined)?.['~standard']?.validate === 'function') return
  const what = schema === undefined ? `has no "${part}" schema` : `has ${kindOf(schema)} as "${part}", not a schema`
  throw pluginInvalid(`${whose} ${what}.`, `Give a Standard Schema: ${part}: z.object({ … }).`)
}

const methods: readonly string[] = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE']

/** @throws NATTER_PLUGIN_INVALID */
export function checkRoute(plugin: string, { name, method, path, input, output }: Route): void {
  const whose = `${plugin}: the route "${name}"`
  if (!methods.includes(method)) {
    throw pluginInvalid(`${whose} has the method ${JSON.stringify(method)}.`, `Give one of ${methods.join(', ')}.`)
  }
  if (typeof path !== 'string' || !path.startsWith('/')) {
    throw pluginInvalid(`${whose} has the path ${JSON.stringify(path)}.`, 'Begin it with a slash: "/count".')
  }
  if (input !== undefined) checkSchema(whose, 'input', input)
  if (output !== undefined) checkSchema(whose, 'output', output)
}
