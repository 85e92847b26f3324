import type { NatterError } from '../../contract/index.js'
import { isThenable } from '../thenable.js'
import { callsOf } from './chain.js'
import type { Chain } from './chain.js'
import type { Registration } from './registration.js'
import { settled, threw } from './site.js'
import type { Site } from './site.js'

/** All at once, nothing awaited. What goes wrong is logged with plugin and hook, and stops nobody. */
export function runNotify(site: Site, chain: Chain) {
  const { handlers } = chain
  const count = handlers.length

  const report = (fault: NatterError, { plugin }: Registration) =>
    site.log(plugin).error({ hook: site.hook, err: fault }, fault.message)

  return (value: unknown, ctx: unknown): void => {
    const calls = callsOf(chain)
    for (let i = 0; i < count; i++) {
      const handler = handlers[i] as Registration
      try {
        const answer = calls[i]?.(value, ctx)
        if (isThenable(answer)) settled(site, handler, answer).catch((fault: NatterError) => report(fault, handler))
      } catch (thrown) {
        report(threw(site, handler.plugin, thrown), handler)
      }
    }
  }
}
