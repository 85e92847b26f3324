import type { Schema, SchemaResult } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { describeIssue, strayKeys } from './describe-issue.js'
import { errorText, kindOf } from './error-text.js'

/** Who is configured, by which schema, with what. */
interface Configured {
  readonly name: string
  readonly spec: { readonly config?: Schema }
  readonly config: unknown
}

const most = 10

/**
 * A plugin's configuration as its schema gives it.
 *
 * @throws NATTER_CONFIG_INVALID with a line for each setting: its path, the value given, what it must be.
 */
export async function readConfig(plugin: Configured): Promise<unknown> {
  const schema = plugin.spec.config
  if (schema === undefined) {
    if (plugin.config === undefined) return undefined
    throw NatterErrors.CONFIG_INVALID({
      message: `${plugin.name}: it takes no configuration, and was given ${kindOf(plugin.config)}.\n  Call its factory with nothing.`,
    })
  }
  const given = plugin.config === undefined ? {} : plugin.config
  const result = await validated(plugin.name, schema, given)
  if (result.issues === undefined) {
    const strays = plugin.config === undefined ? [] : strayKeys(schema, given)
    if (strays.length === 0) return result.value
    throw NatterErrors.CONFIG_INVALID({ message: strays.map((line) => `${plugin.name}: ${line}`).join('\n') })
  }
  const lines = result.issues.slice(0, most).map((issue) => `${plugin.name}: ${describeIssue(schema, issue, given)}`)
  throw NatterErrors.CONFIG_INVALID({ message: lines.join('\n') })
}

async function validated(name: string, schema: Schema, given: unknown): Promise<SchemaResult<unknown>> {
  try {
    return (await schema['~standard'].validate(given)) as SchemaResult<unknown>
  } catch (cause) {
    throw NatterErrors.CONFIG_INVALID({ message: `${name}: its schema failed: ${errorText(cause)}.`, cause })
  }
}
