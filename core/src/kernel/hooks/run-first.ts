import { isThenable } from '../thenable.js'
import { callOne, callsOf } from './chain.js'
import type { Chain } from './chain.js'
import { denialIn } from './judge.js'
import type { Registration } from './registration.js'
import { settled } from './site.js'
import type { Site } from './site.js'

/** In order until somebody answers; `null` is an answer, nothing is not. A throw or a time-out refuses. */
export function runFirst(site: Site, chain: Chain) {
  const { handlers } = chain
  const count = handlers.length

  const judge = (answer: unknown, i: number) => {
    denialIn(site, (handlers[i] as Registration).plugin, answer)
    return answer
  }

  const from = (start: number, value: unknown, ctx: unknown): unknown => {
    const calls = callsOf(chain)
    for (let i = start; i < count; i++) {
      const answer = callOne(site, chain, calls, i, value, ctx)
      if (answer === undefined) continue
      if (isThenable(answer)) {
        return settled(site, handlers[i] as Registration, answer).then((late) =>
          late === undefined ? from(i + 1, value, ctx) : judge(late, i),
        )
      }
      return judge(answer, i)
    }
    return undefined
  }
  return (value: unknown, ctx: unknown) => from(0, value, ctx)
}
