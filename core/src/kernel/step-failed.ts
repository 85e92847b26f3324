import { NatterError } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import { errorText } from './error-text.js'

/** What a step of a plugin threw, naming the plugin. A declared error keeps its code, which says more than ours. */
export function stepFailed(plugin: string, title: string, thrown: unknown): NatterError {
  if (!NatterError.is(thrown)) {
    return NatterErrors.STEP_FAILED({ message: `${title} failed: ${errorText(thrown)}`, cause: thrown })
  }
  const { code, status, retryable, details } = thrown
  const message = thrown.message.startsWith(plugin) ? thrown.message : `${plugin}: ${thrown.message}`
  return new NatterError(code, { status, message, retryable }, { cause: thrown, details })
}
