import { NatterErrors } from '../../errors.js'
import type { NatterError } from '../../contract/index.js'
import type { Clock } from '../../services/clock.js'
import { errorText, kindOf } from '../error-text.js'
import type { Logger } from '../logger.js'
import { seconds } from '../seconds.js'
import type { Registration } from './registration.js'

/** What the handlers of one hook are run with. */
export interface Site {
  readonly hook: string
  readonly clock: Clock
  /** The logger of a plugin. */
  readonly log: (plugin: string) => Logger
}

const refused = new Map([
  ['message', 'the message was refused'],
  ['connection', 'the connection was refused'],
  ['request', 'the request was refused'],
  ['command', 'the command was refused'],
  ['conversation', 'the conversation was refused'],
])

/** What a failure of this hook means to who asked. */
const consequence = (hook: string) => refused.get(hook.slice(0, hook.indexOf('.'))) ?? 'the call was refused'

export function threw(hook: string, plugin: string, thrown: unknown): NatterError<'NATTER_HOOK_FAILED'> {
  return NatterErrors.HOOK_FAILED({
    message: `${hook}: ${plugin} threw "${errorText(thrown)}"; ${consequence(hook)}.`,
    cause: thrown,
  })
}

export function returnedWrong(hook: string, plugin: string, value: unknown, expected: string) {
  return NatterErrors.HOOK_FAILED({
    message: `${hook}: ${plugin} returned ${kindOf(value)}; ${consequence(hook)}.\n  Return ${expected}.`,
  })
}

function tookTooLong(hook: string, { plugin, timeoutMs }: Registration) {
  return NatterErrors.HOOK_TIMEOUT({
    message: `${hook}: ${plugin} did not answer within ${seconds(timeoutMs)}; ${consequence(hook)}.`,
  })
}

/** Waits for a handler that returned a promise, at most as long as its plugin allows. */
export function settled(site: Site, handler: Registration, pending: PromiseLike<unknown>): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const timer = site.clock.after(handler.timeoutMs, () => reject(tookTooLong(site.hook, handler)))
    Promise.resolve(pending).then(
      (value) => {
        timer.cancel()
        resolve(value)
      },
      (thrown: unknown) => {
        timer.cancel()
        reject(threw(site.hook, handler.plugin, thrown))
      },
    )
  })
}
