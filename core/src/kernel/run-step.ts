import type { Awaitable } from '../contract/index.js'
import { NatterErrors } from '../errors.js'
import type { Clock } from '../services/clock.js'
import type { Logger } from './logger.js'
import { seconds } from './seconds.js'
import { stepFailed } from './step-failed.js'
import type { Step } from './timeouts.js'

export interface StepRun {
  readonly plugin: string
  readonly step: Step
  /** What it does, where a step has several parts: `making "users"`. */
  readonly doing?: string
  readonly timeoutMs: number
  readonly clock: Clock
  readonly log: Logger
  run(): Awaitable<unknown>
}

/**
 * Runs a step of a plugin's life.
 *
 * @throws NATTER_STEP_FAILED, NATTER_STEP_TIMEOUT, or the plugin's own declared error; each names the plugin.
 */
export async function runStep(step: StepRun): Promise<unknown> {
  const began = step.clock.monotonic()
  const result = await new Promise((resolve, reject) => {
    let late = false
    const timer = step.clock.after(step.timeoutMs, () => {
      late = true
      reject(tookTooLong(step))
    })
    // Within an async function, so that a synchronous throw is a rejection like the others.
    const run = async () => step.run()
    run().then(
      (value) => {
        timer.cancel()
        if (late) step.log.warn({ step: step.step }, `${title(step)} finished after its time-out`)
        resolve(value)
      },
      (thrown: unknown) => {
        timer.cancel()
        if (late) step.log.warn({ step: step.step, err: thrown }, `${title(step)} failed after its time-out`)
        reject(stepFailed(step.plugin, title(step), thrown))
      },
    )
  })
  step.log.debug({ step: step.step, ms: Math.round(step.clock.monotonic() - began) }, `${title(step)} is done`)
  return result
}

const title = ({ plugin, step, doing }: StepRun) => `${plugin}: ${step}${doing === undefined ? '' : ` (${doing})`}`

function tookTooLong(step: StepRun) {
  return NatterErrors.STEP_TIMEOUT({
    message:
      `${title(step)} did not finish within ${seconds(step.timeoutMs)}.\n` +
      `  See what it waits for, or give it longer: timeouts: { ${step.step}: … } in its definition.`,
  })
}
