import { isThenable } from '../thenable.js'
import { callOne, callsOf } from './chain.js'
import type { Chain } from './chain.js'
import type { Registration } from './registration.js'
import { returnedWrong, settled } from './site.js'
import type { Site } from './site.js'

/** All at once; the lists are joined in the handlers' order. A throw or a time-out refuses. */
export function runCollect(site: Site, chain: Chain) {
  const { handlers } = chain
  const count = handlers.length

  const judge = (answer: unknown, i: number): readonly unknown[] => {
    if (Array.isArray(answer)) return answer
    throw returnedWrong(site, (handlers[i] as Registration).plugin, answer, 'a list; an empty one for nothing')
  }

  return (value: unknown, ctx: unknown): readonly unknown[] | Promise<readonly unknown[]> => {
    const calls = callsOf(chain)
    const lists: (readonly unknown[] | Promise<readonly unknown[]>)[] = []
    let waits = false
    for (let i = 0; i < count; i++) {
      try {
        const answer = callOne(site, chain, calls, i, value, ctx)
        if (isThenable(answer)) {
          waits = true
          lists.push(settled(site, handlers[i] as Registration, answer).then((late) => judge(late, i)))
        } else lists.push(judge(answer, i))
      } catch (fault) {
        // Handlers before this one may be under way: theirs must not become unhandled rejections.
        if (waits) lists.push(Promise.reject(fault))
        else throw fault
      }
    }
    if (!waits) return (lists as (readonly unknown[])[]).flat()
    return Promise.all(lists.map(async (list) => list)).then((all) => all.flat())
  }
}
