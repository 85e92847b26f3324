import { NatterErrors } from '../errors.js'
import type { NatterError } from '../contract/index.js'

/** A plugin, or its definition, is not what it must be: what is wrong, and what to do. */
export function pluginInvalid(what: string, todo: string): NatterError<'NATTER_PLUGIN_INVALID'> {
  return NatterErrors.PLUGIN_INVALID({ message: `${what}\n  ${todo}` })
}
