import { NatterErrors } from '../errors.js'
import { didYouMean } from '../kernel/did-you-mean.js'
import { isClass, kindOf } from '../kernel/error-text.js'
import { defaultLimits } from '../protocol/limits.js'
import type { ChatOptions } from './create-chat.js'

const names: readonly string[] = [
  'plugins',
  'container',
  'prefix',
  'origins',
  'limits',
  'logger',
  'secrets',
  'dataDir',
  'clock',
  'bus',
] satisfies (keyof ChatOptions<[]>)[]
/** What each port must be able to do, at least. */
const ports = { logger: 'child', clock: 'monotonic', bus: 'publish' } as const

/**
 * Says what is wrong with the options of `createChat`, for those without a type checker.
 *
 * @throws NATTER_CONFIG_INVALID
 */
export function checkOptions(options: unknown): void {
  if (typeof options !== 'object' || options === null) {
    throw wrong(`was given ${kindOf(options)}.`, 'Write createChat({ plugins: [ … ] }).')
  }
  const given = options as Readonly<Record<string, unknown>>
  for (const name of Object.keys(given)) {
    if (!names.includes(name))
      throw wrong(`"${name}" is no option.`, `Take it out or rename it.${didYouMean(name, names)}`)
  }
  const limits = Object.keys(defaultLimits)
  for (const [name, value] of Object.entries(given['limits'] ?? {})) {
    if (!limits.includes(name)) throw wrong(`"limits.${name}" is no limit.`, `Rename it.${didYouMean(name, limits)}`)
    if (typeof value !== 'number') throw wrong(`"limits.${name}" is ${kindOf(value)}.`, 'A limit is a number.')
  }
  for (const [name, verb] of Object.entries(ports)) {
    const port = given[name] as Readonly<Record<string, unknown>> | undefined
    if (port === undefined || typeof port?.[verb] === 'function') continue
    const advice = isClass(port) ? `Give an instance: new ${port.name}(…).` : `Give something that has ${verb}(…).`
    throw wrong(`"${name}" is ${kindOf(port)}.`, advice)
  }
}

const wrong = (what: string, advice: string) =>
  NatterErrors.CONFIG_INVALID({ message: `createChat: ${what}\n  ${advice}` })
