import type { Denied } from '../../contract/index.js'
import { isThenable } from '../thenable.js'
import { callOne, callsOf } from './chain.js'
import type { Chain } from './chain.js'
import { denialIn } from './judge.js'
import type { Registration } from './registration.js'
import { returnedWrong, settled } from './site.js'
import type { Site } from './site.js'

/** In order; the first denial ends it. A throw or a time-out refuses. */
export function runVeto(site: Site, chain: Chain) {
  const { handlers } = chain
  const count = handlers.length

  const judge = (answer: unknown, i: number): Denied | undefined => {
    if (answer === undefined) return undefined
    const { plugin } = handlers[i] as Registration
    const denied = denialIn(site, plugin, answer)
    if (denied === undefined) throw returnedWrong(site, plugin, answer, 'deny(error), or nothing')
    return denied
  }

  const from = (start: number, value: unknown, ctx: unknown): Denied | undefined | Promise<Denied | undefined> => {
    const calls = callsOf(chain)
    for (let i = start; i < count; i++) {
      const answer = callOne(site, chain, calls, i, value, ctx)
      if (answer === undefined) continue
      if (isThenable(answer)) {
        return settled(site, handlers[i] as Registration, answer).then(
          (late) => judge(late, i) ?? from(i + 1, value, ctx),
        )
      }
      return judge(answer, i)
    }
    return undefined
  }
  return (value: unknown, ctx: unknown) => from(0, value, ctx)
}
