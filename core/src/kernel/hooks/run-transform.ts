import { isThenable } from '../thenable.js'
import { callOne, callsOf } from './chain.js'
import type { Chain } from './chain.js'
import { denialIn } from './judge.js'
import type { Registration } from './registration.js'
import { returnedWrong, settled } from './site.js'
import type { Site } from './site.js'

/** What a handler made of the value, if it may be that. */
export type Accept = (before: unknown, after: unknown, plugin: string) => void

/** In order, each on the value of the one before; a denial ends it. A throw or a time-out refuses. */
export function runTransform(site: Site, chain: Chain, accept?: Accept) {
  const { handlers } = chain
  const count = handlers.length

  /** The denial that ends it, or the value to go on with, which becomes `value`. */
  const judge = (value: unknown, answer: unknown, i: number): { readonly denied: boolean; readonly value: unknown } => {
    const { plugin } = handlers[i] as Registration
    const denied = denialIn(site, plugin, answer)
    if (denied !== undefined) return { denied: true, value: denied }
    if (answer === null || typeof answer !== typeof value) {
      throw returnedWrong(site, plugin, answer, 'a new value, deny(error), or nothing')
    }
    accept?.(value, answer, plugin)
    return { denied: false, value: answer }
  }

  const from = (start: number, first: unknown, ctx: unknown): unknown => {
    const calls = callsOf(chain)
    let value = first
    for (let i = start; i < count; i++) {
      const answer = callOne(site, chain, calls, i, value, ctx)
      if (answer === undefined) continue
      if (isThenable(answer)) {
        const before = value
        return settled(site, handlers[i] as Registration, answer).then((late) => {
          if (late === undefined) return from(i + 1, before, ctx)
          const judged = judge(before, late, i)
          return judged.denied ? judged.value : from(i + 1, judged.value, ctx)
        })
      }
      const judged = judge(value, answer, i)
      if (judged.denied) return judged.value
      value = judged.value
    }
    return value
  }
  return (value: unknown, ctx: unknown) => from(0, value, ctx)
}
