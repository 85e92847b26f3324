import { channels, trace } from '../tracing.js'
import type { HookTrace } from '../tracing.js'
import type { Registration } from './registration.js'
import { threw } from './site.js'
import type { Site } from './site.js'

type Call = (value: unknown, ctx: unknown) => unknown

/** A hook's handlers in their order, ready to be called. */
export interface Chain {
  readonly handlers: readonly Registration[]
  readonly plain: readonly Call[]
  /** The same calls, each inside a trace. */
  readonly traced: readonly Call[]
}

export function makeChain(hook: string, handlers: readonly Registration[]): Chain {
  const plain = handlers.map(({ handler }) => handler as Call)
  const traced = handlers.map(({ plugin }, i): Call => {
    const call = plain[i] as Call
    return (value, ctx) => trace<HookTrace>(channels.hook, { hook, plugin }, () => call(value, ctx))
  })
  return { handlers, plain, traced }
}

/** The calls to use now: traced only while somebody listens. */
export function callsOf(chain: Chain): readonly Call[] {
  return channels.hook.hasSubscribers ? chain.traced : chain.plain
}

/** Calls one handler; what it throws names plugin and hook. */
export function callOne(site: Site, chain: Chain, calls: readonly Call[], i: number, value: unknown, ctx: unknown) {
  try {
    return (calls[i] as Call)(value, ctx)
  } catch (thrown) {
    throw threw(site, (chain.handlers[i] as Registration).plugin, thrown)
  }
}
