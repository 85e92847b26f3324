import { pluginInvalid } from './plugin-error.js'
import { kindOf } from './error-text.js'
import type { Lifecycle, Plugin, PluginApi } from './plugin.js'
import { stepFailed } from './step-failed.js'
import { isThenable } from './thenable.js'

const steps = ['init', 'start', 'ready', 'drain', 'stop'] satisfies (keyof Lifecycle)[]

/**
 * Runs a plugin's setup, which only registers.
 *
 * @throws NATTER_PLUGIN_INVALID, NATTER_STEP_FAILED, or the declared error that it threw
 */
export function runSetup(plugin: Plugin, api: PluginApi, services: object, config: unknown): Lifecycle {
  const { name } = plugin
  let answer: unknown
  try {
    answer = plugin.spec.setup(api, services as never, config as never)
  } catch (thrown) {
    throw stepFailed(name, `${name}: setup`, thrown)
  }
  if (answer === undefined) return {}
  if (isThenable(answer)) {
    // Refused here and now; what it may still do is nobody's to handle.
    Promise.resolve(answer).catch(() => undefined)
    throw pluginInvalid(`${name}: setup returned a promise.`, 'Register in setup, and do what takes time in init.')
  }
  if (typeof answer !== 'object' || answer === null) {
    throw pluginInvalid(
      `${name}: setup returned ${kindOf(answer)}.`,
      `Return nothing, or an object of ${steps.join(', ')}.`,
    )
  }
  for (const [step, run] of Object.entries(answer)) {
    if ((steps as readonly string[]).includes(step) && (run === undefined || typeof run === 'function')) continue
    const what = typeof run === 'function' ? 'which is no step of a life' : `which is ${kindOf(run)}`
    throw pluginInvalid(
      `${name}: setup returned "${step}", ${what}.`,
      `The steps are the functions ${steps.join(', ')}.`,
    )
  }
  return answer
}
