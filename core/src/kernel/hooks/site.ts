import { NatterErrors } from '../../errors.js'
import type { HookKind, NatterError } from '../../contract/index.js'
import { errorText, kindOf } from '../error-text.js'
import type { Logger } from '../logger.js'
import { seconds } from '../seconds.js'
import type { Deadlines } from './deadlines.js'
import type { Registration } from './registration.js'

/** What the handlers of one hook are run with. */
export interface Site {
  readonly hook: string
  /** What a failure means to who asked, to end a message with. */
  readonly consequence: string
  /** The time-outs of a length. */
  readonly deadlines: (ms: number) => Deadlines
  /** The logger of a plugin. */
  readonly log: (plugin: string) => Logger
}

const refusable = ['message', 'connection', 'request', 'command']

/** What it means when a handler of this hook fails. */
export function consequenceOf(hook: string, run: HookKind): string {
  if (run === 'notify') return 'the others were told all the same'
  const subject = hook.slice(0, hook.indexOf('.'))
  return `the ${refusable.includes(subject) ? subject : 'call'} was refused`
}

export function threw({ hook, consequence }: Site, plugin: string, thrown: unknown): NatterError<'NATTER_HOOK_FAILED'> {
  return NatterErrors.HOOK_FAILED({
    message: `${hook}: ${plugin} threw "${errorText(thrown)}"; ${consequence}.`,
    cause: thrown,
  })
}

export function returnedWrong({ hook, consequence }: Site, plugin: string, value: unknown, expected: string) {
  return NatterErrors.HOOK_FAILED({
    message: `${hook}: ${plugin} returned ${kindOf(value)}; ${consequence}.\n  Return ${expected}.`,
  })
}

function tookTooLong({ hook, consequence }: Site, { plugin, timeoutMs }: Registration) {
  return NatterErrors.HOOK_TIMEOUT({
    message: `${hook}: ${plugin} did not answer within ${seconds(timeoutMs)}; ${consequence}.`,
    details: { hook },
  })
}

/** Waits for a handler that returned a promise, at most as long as its plugin allows. */
export function settled(site: Site, handler: Registration, pending: PromiseLike<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const end = site.deadlines(handler.timeoutMs).begin(() => reject(tookTooLong(site, handler)))
    Promise.resolve(pending).then(
      (value) => {
        end()
        resolve(value)
      },
      (thrown: unknown) => {
        end()
        reject(threw(site, handler.plugin, thrown))
      },
    )
  })
}
